/** What a comparison is asked, and what it answers. */
import type { Measured } from '../performance/measured.ts';
import type { SampleRatio } from './sample-ratio.ts';

/** A metric by which arms can be compared; larger is better, but for `mae`. */
export type ComparedMetric = 'accuracy' | 'f1_weighted' | 'mae';

/** How an experiment is compared. */
export interface ComparisonOptions {
  readonly task: 'classification' | 'regression';
  /** The version the others are compared with. */
  readonly control: string;
  /** The other versions that answer, in the order they are shown; shadows are not among them. */
  readonly arms: readonly string[];
  /** By what the verdict is made: default `accuracy`, of a regression `mae`. */
  readonly metric?: ComparedMetric;
  /**
   * How often, at most, experiments without a difference end with a winner: default 0.05, shared by the arms (Bonferroni). Intervals hold at
   * 1 − alpha / arms, at all times together.
   */
  readonly alpha?: number;
}

/** What one version did, over all its keys. */
export interface ArmReading {
  readonly version: string;
  /** Distinct keys whose first exposure it was, and how many the weights of the epochs expect of all there are. */
  readonly keys: number;
  readonly expectedKeys: number;
  /** Keys whose outcome is known and entered (see `waiting`); of them, those with a label. */
  readonly entered: number;
  readonly labelled: number;
  /** Mean share of an entered key's predictions that expired without a label. */
  readonly expired: Measured;
  /** Mean over keys, each of them weighs 1; 95 % intervals of this moment, for the eye: verdicts rest on `differences`. */
  readonly metrics: Readonly<Partial<Record<ComparedMetric, Measured>>>;
  /** Seconds, of all predictions that count; right to 1 %. */
  readonly latency: {
    readonly n: number;
    readonly p50: number | null;
    readonly p95: number | null;
    readonly p99: number | null;
  };
  /**
   * Posterior probability to be the best of all arms by the metric of the verdict (`probability-best.ts`; estimates weigh each key by
   * 1/its arm's share); null until every arm has a spread to be known by. It is shown and never decides.
   */
  readonly probabilityBest: number | null;
}

/** An arm minus the control, compared within epochs and then combined. */
export interface Difference {
  readonly version: string;
  readonly metric: ComparedMetric | 'expired';
  /** Null where there is nothing to compare. */
  readonly value: number | null;
  /**
   * Means of the arm and of the control with the weights of the comparison. After a ramp they, not the plain means of the arms, can be held
   * against each other; they differ by `value` up to what is known of keys beforehand.
   */
  readonly armValue: number | null;
  readonly controlValue: number | null;
  /** Ends of the confidence sequence now; null before it exists. */
  readonly low: number | null;
  readonly high: number | null;
  /** 1 − alpha of this sequence. */
  readonly level: number;
  /** Keys behind it, of the arm and of the control: labelled ones (of `expired`: all), of epochs where both had a weight. */
  readonly keys: number;
  readonly controlKeys: number;
  /** True: holds as the number of keys grows, and is given from 500 keys an arm on. False: holds at any number. */
  readonly asymptotic: boolean;
}

/** What follows from a comparison, in words a program can switch on, and why, in a sentence. */
export type ComparisonVerdict =
  | { readonly verdict: 'winner'; readonly winner: string; readonly reason: string }
  | { readonly verdict: 'no_difference_yet'; readonly reason: string }
  | { readonly verdict: 'blocked'; readonly blockedBy: 'sample_ratio' | 'label_expiry'; readonly reason: string }
  | { readonly verdict: 'insufficient_data'; readonly reason: string };

/** All that is known of an experiment. */
export interface ComparisonReading {
  readonly verdict: ComparisonVerdict;
  /** The metric of the verdict. */
  readonly metric: ComparedMetric;
  readonly alpha: number;
  readonly control: string;
  /** The control first. */
  readonly arms: readonly ArmReading[];
  /** By arm and metric. */
  readonly differences: readonly Difference[];
  readonly sampleRatio: SampleRatio;
  /** Keys whose outcome waits for itself or for one before it. */
  readonly waiting: number;
  /** Keys that belong to no version of the comparison, or to one that had no weight in their epoch. */
  readonly ignored: number;
}
