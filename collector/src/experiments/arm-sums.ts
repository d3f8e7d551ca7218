/** What a comparison keeps: sums by epoch and version, and by arm against the control; nothing by key. */
import { quantileSketchAlgebra, type QuantileSketch } from '../distribution/sketch/quantile-sketch.ts';
import { noKeyCells, type ClassIndex, type KeyCells } from './key-cells.ts';
import { noLatencySteps, type LatencySteps } from './latency-steps.ts';
import { noMatchedSums, type MatchedSums } from './matched-sums.ts';
import { noMeanSequence, type MeanSequence } from './mean-sequence.ts';
import { noMoments, type Moments } from './moments.ts';

/** The sketch of durations. */
export const durationSketch = quantileSketchAlgebra();

/** Keys of one version whose first exposure was in one epoch. */
export interface ArmSums {
  keys: number;
  entered: number;
  /** A number a labelled key: its accuracy, or its mean absolute error. */
  readonly outcome: Moments;
  /** A share an entered key. */
  readonly expired: Moments;
  /** The same outcomes as tables. */
  readonly cells: KeyCells;
  readonly latency: LatencySteps;
}

/** One epoch. */
export interface EpochSums {
  /** Probability of each version, the control first; they sum to 1. */
  readonly shares: ReadonlyMap<string, number>;
  readonly arms: ReadonlyMap<string, ArmSums>;
}

/** One version over all epochs, in the order of its keys. */
export interface VersionSums {
  readonly durations: QuantileSketch;
  readonly outcome: MeanSequence;
  readonly failed: MeanSequence;
}

/** An arm against the control over all epochs. */
export interface PairSums {
  readonly outcome: MatchedSums;
  readonly expired: MatchedSums;
  readonly failed: MatchedSums;
}

/** All of it. */
export interface ComparisonSums {
  readonly task: 'classification' | 'regression';
  readonly control: string;
  /** Without the control. */
  readonly arms: readonly string[];
  readonly epochs: Map<number, EpochSums>;
  readonly versions: ReadonlyMap<string, VersionSums>;
  readonly pairs: ReadonlyMap<string, PairSums>;
  readonly classes: ClassIndex;
  /** Whether a key that is not closed holds back the outcomes of those after it; how many are held back, it among them. */
  held: boolean;
  waiting: number;
  /** Keys of versions that are not compared, or had no weight in their epoch. */
  ignored: number;
}

/** No epoch and no key. */
export function noComparisonSums(
  task: ComparisonSums['task'],
  control: string,
  arms: readonly string[],
): ComparisonSums {
  const each = <Value>(names: readonly string[], make: () => Value): Map<string, Value> =>
    new Map(names.map((name) => [name, make()]));
  return {
    task,
    control,
    arms,
    epochs: new Map(),
    versions: each([control, ...arms], () => ({
      durations: durationSketch.create(),
      outcome: noMeanSequence(),
      failed: noMeanSequence(),
    })),
    pairs: each(arms, () => ({ outcome: noMatchedSums(), expired: noMatchedSums(), failed: noMatchedSums() })),
    classes: new Map(),
    held: false,
    waiting: 0,
    ignored: 0,
  };
}

/** No key of a version in an epoch. */
export function noArmSums(): ArmSums {
  return {
    keys: 0,
    entered: 0,
    outcome: noMoments(),
    expired: noMoments(),
    cells: noKeyCells(),
    latency: noLatencySteps(),
  };
}

/** The arm's share of the keys of both, or undefined where one of them had no weight. */
export function shareOfPair(epoch: EpochSums, arm: string, control: string): number | undefined {
  const [own, other] = [epoch.shares.get(arm) ?? 0, epoch.shares.get(control) ?? 0];
  return own > 0 && other > 0 ? own / (own + other) : undefined;
}

/** The sums of a version in the epochs where it and the control had a weight, each with its matching weight a key (`matched-sums.ts`). */
export function matchedGroups<Part>(
  sums: ComparisonSums,
  arm: string,
  side: 'arm' | 'control',
  part: (own: ArmSums) => Part,
): (readonly [Part, number])[] {
  return [...sums.epochs.values()].flatMap((epoch) => {
    const q = shareOfPair(epoch, arm, sums.control);
    if (q === undefined) return [];
    const h = Math.min(q, 1 - q);
    const own = epoch.arms.get(side === 'arm' ? arm : sums.control) as ArmSums;
    return [[part(own), side === 'arm' ? h / q : h / (1 - q)] as const];
  });
}

/** The sums of a version in all epochs, each with a weight a key. @param weight from its share, default 1 */
export function plainGroups<Part>(
  sums: ComparisonSums,
  version: string,
  part: (own: ArmSums) => Part,
  weight: (share: number) => number = () => 1,
): (readonly [Part, number])[] {
  return [...sums.epochs.values()].flatMap(({ shares, arms }) => {
    const share = shares.get(version) ?? 0;
    return share > 0 ? [[part(arms.get(version) as ArmSums), weight(share)] as const] : [];
  });
}
