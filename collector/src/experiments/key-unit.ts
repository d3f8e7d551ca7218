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
  /** The key window or the epoch is over, so that no further prediction will count: durations and failures enter. */
  readonly windowOver: boolean;
  /**
   * Nothing can change any more: the window is over and each prediction has its label, or the time for labels is over and it has
   * expired. Outcomes enter in order, so a key that is not closed holds back those of all keys after it.
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
