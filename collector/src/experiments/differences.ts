/** How arms differ from the control, each difference with its confidence sequence. */
import { matchedGroups, type ArmSums, type ComparisonSums, type PairSums } from './arm-sums.ts';
import { ASYMPTOTIC_KEYS, asymptoticReach } from './asymptotic-reach.ts';
import type { ComparedMetric, Difference } from './comparison-reading.ts';
import { weightedF1 } from './key-cells.ts';
import { matchedDifference, matchedEnds, type MatchedSums } from './matched-sums.ts';
import { NO_ENDS, type Ends } from './mean-sequence.ts';
import { weightedMean, type Moments, type WeightedMean } from './moments.ts';

/** At most so many experiments in which labels expire alike are blocked because they seem not to; shared by the arms. */
export const EXPIRY_ALPHA = 0.01;

/** A difference without its name. */
interface Measure extends Ends {
  readonly value: number | null;
  readonly keys: number;
  readonly controlKeys: number;
  readonly asymptotic: boolean;
}

/** All differences, arm by arm. @param alpha both sides and all arms together */
export function readDifferences(sums: ComparisonSums, alpha: number): Difference[] {
  const metrics: readonly ComparedMetric[] = sums.task === 'regression' ? ['mae'] : ['accuracy', 'f1_weighted'];
  return sums.arms.flatMap((version) => {
    const own = alpha / sums.arms.length;
    const expiry = EXPIRY_ALPHA / sums.arms.length;
    const compared = metrics.map((metric) => ({
      ...{ version, metric, level: 1 - own },
      ...(metric === 'f1_weighted'
        ? sides(f1Sides(sums, version))
        : sides(meanSides(sums, version, ({ outcome }) => outcome))),
      ...metricDifference(sums, version, metric, own),
    }));
    const expired = exactDifference((sums.pairs.get(version) as PairSums).expired, expiry);
    const shares = sides(meanSides(sums, version, (arm) => arm.expired));
    return [...compared, { version, metric: 'expired' as const, level: 1 - expiry, ...shares, ...expired }];
  });
}

/** An arm minus the control by a metric. @param alpha both sides together */
export function metricDifference(
  sums: ComparisonSums,
  version: string,
  metric: ComparedMetric,
  alpha: number,
): Measure {
  const { outcome } = sums.pairs.get(version) as PairSums;
  if (metric === 'accuracy') return exactDifference(outcome, alpha);
  return metric === 'mae' ? errorDifference(outcome, alpha) : f1Difference(sums, version, outcome, alpha);
}

/** A difference of numbers in [0, 1]: holds at any number of keys. */
export function exactDifference(pair: MatchedSums, alpha: number): Measure {
  const both = pair.arm.keys > 0 && pair.control.keys > 0;
  return {
    value: both ? matchedDifference(pair) : null,
    ...(both ? matchedEnds(pair, alpha / 2) : NO_ENDS),
    ...keysOf(pair),
    asymptotic: false,
  };
}

function errorDifference(pair: MatchedSums, alpha: number): Measure {
  const value = pair.arm.keys > 0 && pair.control.keys > 0 ? matchedDifference(pair) : null;
  return asymptotic(value, pair.squares / (pair.matched * pair.matched), pair, alpha);
}

function f1Difference(sums: ComparisonSums, version: string, pair: MatchedSums, alpha: number): Measure {
  const [own, other] = f1Sides(sums, version);
  if (own === undefined || other === undefined) return asymptotic(null, 0, pair, alpha);
  const { low, high, ...rest } = asymptotic(own.value - other.value, own.variance + other.variance, pair, alpha);
  return { ...rest, low: low === null ? null : Math.max(-1, low), high: high === null ? null : Math.min(1, high) };
}

/** The arm's and the control's, with matching weights. */
type Sides = readonly [WeightedMean | undefined, WeightedMean | undefined];

function sides([own, control]: Sides): Pick<Difference, 'armValue' | 'controlValue'> {
  return { armValue: own?.value ?? null, controlValue: control?.value ?? null };
}

function meanSides(sums: ComparisonSums, version: string, part: (own: ArmSums) => Moments): Sides {
  const mean = (side: 'arm' | 'control'): WeightedMean | undefined =>
    weightedMean(matchedGroups(sums, version, side, part));
  return [mean('arm'), mean('control')];
}

function f1Sides(sums: ComparisonSums, version: string): Sides {
  const f1 = (side: 'arm' | 'control'): WeightedMean | undefined =>
    weightedF1(
      matchedGroups(sums, version, side, ({ cells }) => cells),
      sums.classes,
    );
  return [f1('arm'), f1('control')];
}

function asymptotic(value: number | null, variance: number, pair: MatchedSums, alpha: number): Measure {
  const counts = keysOf(pair);
  const enough = Math.min(counts.keys, counts.controlKeys) >= ASYMPTOTIC_KEYS;
  if (value === null || !enough) return { value, ...NO_ENDS, ...counts, asymptotic: true };
  const reach = asymptoticReach(variance, counts.keys + counts.controlKeys, alpha);
  return { value, low: value - reach, high: value + reach, ...counts, asymptotic: true };
}

function keysOf({ arm, control }: MatchedSums): { readonly keys: number; readonly controlKeys: number } {
  return { keys: arm.keys, controlKeys: control.keys };
}
