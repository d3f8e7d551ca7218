/**
 * Arms compared by keys: what each arm did, how it differs from the control, and a verdict that holds however often one looks.
 */
import type { Measured } from '../performance/measured.ts';

export type { Epoch, KeyOutcome, KeyUnit } from './key-unit.ts';

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
  /** Posterior probability to be the best of all arms by the metric of the verdict; null without labels. Shown, never decides. */
  readonly probabilityBest: number | null;
}

/** An arm minus the control, compared within epochs and then combined. */
export interface Difference {
  readonly version: string;
  readonly metric: ComparedMetric | 'expired';
  /** Null where there is nothing to compare. */
  readonly value: number | null;
  /** Ends of the confidence sequence now; null before it exists. */
  readonly low: number | null;
  readonly high: number | null;
  /** 1 − alpha of this sequence. */
  readonly level: number;
  /** Labelled keys of the arm and of the control in epochs where both had a weight. */
  readonly keys: number;
  readonly controlKeys: number;
  /** True: holds as the number of keys grows, and is given from 500 keys an arm on. False: holds at any number. */
  readonly asymptotic: boolean;
}

/** Whether keys reached the arms as the weights say. */
export interface SampleRatio {
  /** How strongly the counts speak against the weights: a bet that only wins if they are wrong. At 1,000 it is over. */
  readonly evidence: number;
  /** The same as an always-valid p-value, 1 / evidence and at most 1. */
  readonly p: number;
  readonly alpha: number;
  readonly mismatch: boolean;
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
}
