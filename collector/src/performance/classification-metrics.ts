/**
 * Accuracy, precision, recall and F1 from confusion counts, equal to scikit-learn's `precision_recall_fscore_support`
 * with `zero_division=0` over the classes that occur (in the labels or the predictions).
 */
import { sum } from 'simple-statistics';
import type { ClassCounts, ClassTally } from './class-counts.ts';
import type { Measured } from './measured.ts';
import { wilsonInterval } from './wilson.ts';

export type { Measured } from './measured.ts';

/** The metrics of one class against all others. */
export interface ClassMetrics {
  readonly class: string;
  /** Labels of this class. */
  readonly support: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

/** Names as the HTTP API and the recording rules write them. */
export type ClassificationMetricName =
  'accuracy' | `${'precision' | 'recall' | 'f1'}_${'weighted' | 'macro' | 'micro'}`;

/** All metrics of one set of labelled samples. */
export interface ClassificationReport {
  readonly metrics: Readonly<Record<ClassificationMetricName, Measured>>;
  readonly classes: readonly ClassMetrics[];
}

/**
 * The report of a count. Accuracy, weighted recall and the micro averages carry Wilson's 95 % interval (they are proportions
 * of the samples); the others carry none here.
 * Cost: O(classes).
 */
export function classificationReport(counts: ClassCounts): ClassificationReport {
  const n = counts.samples;
  const occurring = counts.tallies().filter((tally) => tally.support + tally.predicted > 0);
  const classes = occurring.map(classMetrics);
  const weighted = (pick: (item: ClassMetrics) => number): Measured => {
    const total = sum(classes.map((item) => pick(item) * item.support));
    return { value: n === 0 ? null : total / n, n };
  };
  const macro = (pick: (item: ClassMetrics) => number): Measured => {
    const total = sum(classes.map(pick));
    return { value: n === 0 ? null : total / classes.length, n };
  };
  const share = proportion(counts.correct, n);
  return {
    metrics: {
      accuracy: share,
      precision_weighted: weighted((item) => item.precision),
      recall_weighted: share,
      f1_weighted: weighted((item) => item.f1),
      precision_macro: macro((item) => item.precision),
      recall_macro: macro((item) => item.recall),
      f1_macro: macro((item) => item.f1),
      // With one label per sample every miss is one false positive and one false negative: micro averages are accuracy.
      precision_micro: share,
      recall_micro: share,
      f1_micro: share,
    },
    classes,
  };
}

function classMetrics({ class: name, support, predicted, truePositives }: ClassTally): ClassMetrics {
  return {
    class: name,
    support,
    precision: ratio(truePositives, predicted),
    recall: ratio(truePositives, support),
    f1: ratio(2 * truePositives, support + predicted),
  };
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

function proportion(successes: number, n: number): Measured {
  if (n === 0) return { value: null, n: 0, low: null, high: null };
  return { value: successes / n, n, ...wilsonInterval(successes, n) };
}
