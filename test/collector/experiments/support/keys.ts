/** Keys as tests write them. */
import type { ClassValue } from '../../../../collector/src/prediction.ts';
import { createComparison, type Comparison, type KeyUnit } from '../../../../collector/src/experiments/comparison.ts';

/** A closed key of one prediction. */
export function key(version: string, actual: ClassValue, predicted: ClassValue, rest: Partial<KeyUnit> = {}): KeyUnit {
  return {
    ...{ version, epoch: 1, windowOver: true, closed: true, predictions: 1, expired: 0, durations: [] },
    outcomes: [{ actual, predicted }],
    ...rest,
  };
}

/** A closed key of one prediction, right or wrong; every third label is a yes. */
export function judged(version: string, isRight: boolean, place: number, rest: Partial<KeyUnit> = {}): KeyUnit {
  const actual = place % 3 === 0 ? 'yes' : 'no';
  const other = actual === 'yes' ? 'no' : 'yes';
  return key(version, actual, isRight ? actual : other, rest);
}

/** Arms `a` (control) and `b`, split evenly in epoch 1. */
export function evenly(...arms: readonly string[]): Comparison {
  const comparison = createComparison({ task: 'classification', control: 'a', arms: arms.length > 0 ? arms : ['b'] });
  const names = ['a', ...(arms.length > 0 ? arms : ['b'])];
  comparison.addEpoch({ epoch: 1, shares: names.map((version) => ({ version, weight: 1 })) });
  return comparison;
}
