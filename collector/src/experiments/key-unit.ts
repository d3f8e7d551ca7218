/** The unit of a comparison: a key, and what its predictions came to. */
import type { ClassValue } from '../prediction.ts';
import type { Share } from './target-buckets.ts';

/** A stretch of an experiment in which the weights did not change. */
export interface Epoch {
  /** Its number; later ones are larger. */
  readonly epoch: number;
  /** Probability of each version to get a new key, in proportion: the weights, or better the buckets of the allocation. */
  readonly shares: readonly Share[];
}

/** Labelled predictions of a key that came out alike. */
export interface KeyOutcome {
  /** The label. Two classes are the same when `String(value)` is the same; a number where the task is regression. */
  readonly actual: ClassValue;
  readonly predicted: ClassValue;
  /** How many, default 1. */
  readonly count?: number;
}

/**
 * A key in an experiment. It belongs to the version and the epoch of its first exposure, and these predictions of it count: made by
 * that version, in that epoch, within the key window (a time from the first exposure that is the same for all keys and stated
 * beforehand). A prediction without a key is a unit of its own. All keys of an epoch are cut at its end alike, so that a key
 * that moves to another arm later tells nothing about either.
 */
export interface KeyUnit {
  readonly version: string;
  readonly epoch: number;
  /**
   * Whether nothing can change any more: the key window or the epoch is over, and each of its predictions has its label, or the time
   * for labels is over and it has expired. A key that is open holds back the outcomes of all after it.
   */
  readonly closed: boolean;
  /** Predictions that count. */
  readonly predictions: number;
  /** Of them, those whose time for a label is over without one. */
  readonly expired: number;
  /** Of them, those that ended in an error; default 0. */
  readonly failed?: number;
  /** Of them, those that are labelled. */
  readonly outcomes: readonly KeyOutcome[];
  /** Seconds each took, where known. */
  readonly durations: readonly number[];
}
