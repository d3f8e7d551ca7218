/**
 * Precision, recall, F1 and specificity of one class against all others, each with its 95 % interval and its partial
 * derivatives, from which the averages get theirs.
 */
import type { ClassTally } from './confusion.ts';
import { UNMEASURED, type Measured } from './measured.ts';
import { wilsonInterval, type Interval } from './wilson.ts';

/** The rates a class has. */
export const RATES = ['precision', 'recall', 'f1', 'specificity'] as const;
/** One of them. */
export type RateName = (typeof RATES)[number];

/** Partial derivatives by the four counts a rate depends on. */
export interface Partials {
  /** By the labels of this class (tp + fn). */
  readonly support: number;
  /** By the predictions of this class (tp + fp). */
  readonly predicted: number;
  readonly truePositives: number;
  /** By all samples. */
  readonly samples: number;
}

/** A rate of one class. */
export interface ClassRate extends Interval {
  /** 0 where it is 0/0, as scikit-learn's `zero_division=0`. */
  readonly value: number;
  /** Samples it is a share of: predictions (precision), labels (recall), either (F1), labels of other classes (specificity). */
  readonly n: number;
  /** Standard error by the delta method; 0 where the value is 0 or 1. */
  readonly error: number;
  readonly partials: Partials;
}

/**
 * The rates of a class. Intervals are Wilson's: precision, recall and specificity are proportions of n; F1 = 2q / (1 + q) grows
 * with q = tp / (tp + fp + fn), a proportion of the samples that have the class on either side, so the ends of q's interval
 * give those of F1 (to first order the delta method on the full confusion; never of zero width). A rate of no samples is 0
 * with low = high = 0: it is that by convention, not measured. Cost: O(1).
 * @param samples all labelled samples, of any class
 */
export function classRates(tally: ClassTally, samples: number): Record<RateName, ClassRate> {
  const { support, predicted, truePositives } = tally;
  return {
    precision: proportion(truePositives, predicted, {
      support: 0,
      predicted: -ratio(truePositives, predicted) / predicted,
      truePositives: 1 / predicted,
      samples: 0,
    }),
    recall: proportion(truePositives, support, {
      support: -ratio(truePositives, support) / support,
      predicted: 0,
      truePositives: 1 / support,
      samples: 0,
    }),
    f1: f1Rate(tally),
    specificity: specificityRate(tally, samples),
  };
}

/** A rate with n and interval as reports show it: no value of no samples. */
export function measuredRate({ value, n, low, high }: ClassRate): Measured {
  return n === 0 ? UNMEASURED : { value, n, low, high, method: 'wilson' };
}

/** part / whole, 0 where that is 0/0. */
export function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

const NO_PARTIALS: Partials = { support: 0, predicted: 0, truePositives: 0, samples: 0 };

function proportion(part: number, whole: number, partials: Partials): ClassRate {
  if (whole === 0) return { value: 0, n: 0, low: 0, high: 0, error: 0, partials: NO_PARTIALS };
  const value = part / whole;
  // Not value · (1 − value): near 1 that loses the misses.
  const error = Math.sqrt((value * ((whole - part) / whole)) / whole);
  return { value, n: whole, ...wilsonInterval(part, whole), error, partials };
}

function f1Rate({ support, predicted, truePositives }: ClassTally): ClassRate {
  const both = support + predicted;
  const slope = -ratio(2 * truePositives, both) / both;
  const overlap = proportion(truePositives, both - truePositives, {
    support: slope,
    predicted: slope,
    truePositives: 2 / both,
    samples: 0,
  });
  const f1 = (share: number): number => (2 * share) / (1 + share);
  return {
    ...overlap,
    value: ratio(2 * truePositives, both),
    low: f1(overlap.low),
    high: f1(overlap.high),
    error: (overlap.error * 2) / (1 + overlap.value) ** 2,
  };
}

function specificityRate({ support, predicted, truePositives }: ClassTally, samples: number): ClassRate {
  const others = samples - support;
  const falsePositives = predicted - truePositives;
  const slope = ratio(falsePositives, others) / others;
  return proportion(others - falsePositives, others, {
    support: -slope,
    predicted: -1 / others,
    truePositives: 1 / others,
    samples: slope,
  });
}
