/** A classifier seen as "this class or not": what binary models are judged by, and one class of many against the rest. */
import type { ClassValue } from '../prediction.ts';
import { classRates } from './class-rates.ts';
import {
  classMetrics,
  occurring,
  reportOf,
  type ClassificationMetricName,
  type ClassMetrics,
} from './classification-metrics.ts';
import {
  classText,
  confusionAlgebra,
  declareClasses,
  type ClassTally,
  type ConfusionReading,
  type ConfusionState,
} from './confusion.ts';
import type { Measured } from './measured.ts';

/** Metrics of both sides together. */
export type BinaryMetricName = Extract<
  ClassificationMetricName,
  'accuracy' | 'balanced_accuracy' | 'mcc' | 'cohen_kappa'
>;

/** The metrics of a positive class against everything else. */
export interface BinaryReport {
  /** Precision, recall, F1 and specificity of the positive class, as scikit-learn's `average="binary"`. */
  readonly positive: ClassMetrics;
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
  readonly trueNegatives: number;
  readonly metrics: Readonly<Record<BinaryMetricName, Measured>>;
}

/**
 * The binary view of a confusion: everything but the positive class is one class, "the rest", and mixing up two of the rest is
 * no error. Intervals as in `classificationReport`. A positive class that never occurs has n 0; no samples: all null.
 * Cost: O(classes + filled cells).
 * @throws PlumblineError `invalid_request` when the positive class is no class (NaN, an object, missing)
 */
export function binaryReport(confusion: ConfusionState, positiveClass: ClassValue): BinaryReport {
  const name = classText(positiveClass, 'positiveClass');
  const reading = collapse(confusionAlgebra.read(confusion), name);
  const [positive] = reading.classes as [ClassTally, ClassTally];
  const { truePositives, predicted, support } = positive;
  const { accuracy, balanced_accuracy, mcc, cohen_kappa } = reportOf(occurring(reading)).metrics;
  return {
    positive: { ...classMetrics(positive, classRates(positive, reading.samples)), class: name },
    truePositives,
    falsePositives: predicted - truePositives,
    falseNegatives: support - truePositives,
    trueNegatives: reading.samples - support - predicted + truePositives,
    metrics: { accuracy, balanced_accuracy, mcc, cohen_kappa },
  };
}

/** The same samples over two classes, the positive one first. */
function collapse(reading: ConfusionReading, positive: string): ConfusionReading {
  const both = declareClasses([true, false]);
  const isPositive = (index: number): boolean => reading.classes[index]?.class === positive;
  for (const { actual, predicted, correct, count } of reading.cells) {
    const side = isPositive(actual);
    confusionAlgebra.record(both, {
      actual: side,
      predicted: isPositive(predicted),
      correct: !side || correct,
      count,
    });
  }
  return confusionAlgebra.read(both);
}
