/**
 * The report of a classifier from its confusion, equal to scikit-learn's `accuracy_score`, `precision_recall_fscore_support`
 * (`zero_division=0`), `balanced_accuracy_score`, `matthews_corrcoef` and `cohen_kappa_score` over the classes that occur (in the
 * labels or the predictions), every value with a 95 % interval.
 */
import { cohenKappa, matthewsCorrelation } from './agreement.ts';
import { averageRate, type Weighting } from './class-averages.ts';
import { classRates, measuredRate, RATES, type ClassRate, type RateName } from './class-rates.ts';
import { confusionAlgebra, type ClassTally, type ConfusionReading, type ConfusionState } from './confusion.ts';
import { UNMEASURED, type Measured } from './measured.ts';
import { measuredProportion } from './wilson.ts';

export type { Measured } from './measured.ts';

/** The metrics of one class against all others. */
export interface ClassMetrics extends Readonly<Record<RateName, number>> {
  readonly class: string;
  /** Labels of this class. */
  readonly support: number;
  /**
   * The same rates with n (what each is a share of) and Wilson's 95 % interval. Null with n 0 where the plain number is 0 by
   * convention: precision of a class never predicted, recall of one without labels, specificity where there is no other label.
   */
  readonly measured: Readonly<Record<RateName, Measured>>;
}

/** Names as the HTTP API and the recording rules write them. */
export type ClassificationMetricName =
  | 'accuracy'
  | `${'precision' | 'recall' | 'f1'}_${'weighted' | 'macro' | 'micro'}`
  | `specificity_${'weighted' | 'macro'}`
  | 'balanced_accuracy'
  | 'mcc'
  | 'cohen_kappa';

/** All metrics of one set of labelled samples. */
export interface ClassificationReport {
  readonly metrics: Readonly<Record<ClassificationMetricName, Measured>>;
  readonly classes: readonly ClassMetrics[];
}

/**
 * The report of a confusion. Accuracy, weighted recall and the micro averages are the same proportion of the samples and carry
 * Wilson's interval, so do the rates of each class (class-rates.ts); the other averages, the Matthews correlation (`mcc`) and
 * Cohen's kappa carry the delta method's, which is never of zero width either (class-averages.ts, agreement.ts).
 * No samples: every metric is null with n 0, and no class. One sample, one class, all right, all wrong: numbers as
 * scikit-learn's, except that kappa is null where scikit-learn has nan. Cost: O(classes + filled cells).
 */
export function classificationReport(confusion: ConfusionState): ClassificationReport {
  return reportOf(occurring(confusionAlgebra.read(confusion)));
}

/** The report of a reading whose classes all occur. */
export function reportOf(reading: ConfusionReading): ClassificationReport {
  const rates = reading.classes.map((tally) => classRates(tally, reading.samples));
  return {
    metrics: metricsOf(reading, rates),
    classes: reading.classes.map((tally, index) => classMetrics(tally, rates[index] as Record<RateName, ClassRate>)),
  };
}

/** The rates of a class as reports show them. */
export function classMetrics({ class: name, support }: ClassTally, rates: Record<RateName, ClassRate>): ClassMetrics {
  return { class: name, support, ...each(rates, ({ value }) => value), measured: each(rates, measuredRate) };
}

/** A reading without the classes that are neither in its labels nor in its predictions. */
export function occurring(reading: ConfusionReading): ConfusionReading {
  const places = new Map<number, number>();
  reading.classes.forEach(({ support, predicted }, index) => {
    if (support + predicted > 0) places.set(index, places.size);
  });
  if (places.size === reading.classes.length) return reading;
  const place = (index: number): number => places.get(index) as number;
  return {
    ...reading,
    classes: reading.classes.filter((_, index) => places.has(index)),
    cells: reading.cells.map((cell) => ({ ...cell, actual: place(cell.actual), predicted: place(cell.predicted) })),
  };
}

/** Weights of the averages over the classes of a reading, which has samples. */
export function weightings({ samples, classes }: ConfusionReading): Record<'weighted' | 'macro' | 'labels', Weighting> {
  const labelled = classes.filter(({ support }) => support > 0).length;
  return {
    weighted: { weights: classes.map(({ support }) => support / samples), bySupport: true, samples },
    macro: { weights: classes.map(() => 1 / classes.length), bySupport: false, samples },
    // Balanced accuracy is over the classes that have labels, however often others are predicted.
    labels: { weights: classes.map(({ support }) => (support > 0 ? 1 / labelled : 0)), bySupport: false, samples },
  };
}

function metricsOf(
  reading: ConfusionReading,
  rates: readonly Record<RateName, ClassRate>[],
): ClassificationReport['metrics'] {
  const over = weightings(reading);
  const average = (name: RateName, weighting: Weighting): Measured =>
    reading.samples === 0
      ? UNMEASURED
      : averageRate(
          name,
          rates.map((own) => own[name]),
          reading.cells,
          weighting,
        );
  // With one label per sample every miss is one false positive and one false negative: micro averages are accuracy.
  const share = measuredProportion(reading.correct, reading.samples);
  return {
    accuracy: share,
    precision_weighted: average('precision', over.weighted),
    recall_weighted: share,
    f1_weighted: average('f1', over.weighted),
    specificity_weighted: average('specificity', over.weighted),
    precision_macro: average('precision', over.macro),
    recall_macro: average('recall', over.macro),
    f1_macro: average('f1', over.macro),
    specificity_macro: average('specificity', over.macro),
    precision_micro: share,
    recall_micro: share,
    f1_micro: share,
    balanced_accuracy: average('recall', over.labels),
    mcc: matthewsCorrelation(reading),
    cohen_kappa: cohenKappa(reading),
  };
}

function each<Value>(own: Record<RateName, ClassRate>, pick: (rate: ClassRate) => Value): Record<RateName, Value> {
  const [precision, recall, f1, specificity] = RATES.map((name) => pick(own[name])) as [Value, Value, Value, Value];
  return { precision, recall, f1, specificity };
}
