/**
 * The report of a multilabel classifier, equal to scikit-learn's `accuracy_score` (of whole label sets), `hamming_loss` and
 * `precision_recall_fscore_support` with `zero_division=0` on indicator matrices whose columns are the labels of the state.
 */
import { classRates, type ClassRate, type RateName } from './class-rates.ts';
import { classMetrics, type ClassMetrics } from './classification-metrics.ts';
import type { ClassTally } from './confusion.ts';
import { UNMEASURED, type Measured } from './measured.ts';
import { multilabelAlgebra, type MultilabelReading, type MultilabelState } from './multilabel.ts';
import { meanOverSamples, ratioOfSums, type Fraction } from './sample-averages.ts';
import { measuredProportion } from './wilson.ts';

type AveragedRate = Exclude<RateName, 'specificity'>;

/** Names of the metrics, as scikit-learn's averages. */
export type MultilabelMetricName =
  'subset_accuracy' | 'hamming_loss' | `${AveragedRate}_${'micro' | 'macro' | 'weighted' | 'samples'}`;

/** All metrics of one set of samples. */
export interface MultilabelReport {
  readonly metrics: Readonly<Record<MultilabelMetricName, Measured>>;
  /** Each label against its absence; those declared but never seen too. */
  readonly labels: readonly ClassMetrics[];
}

/** A rate of one sample: right labels over predicted, true, or both. */
const FRACTIONS: Record<AveragedRate, Fraction> = {
  precision: ({ overlap, predicted }) => [overlap, predicted],
  recall: ({ overlap, actual }) => [overlap, actual],
  f1: ({ overlap, predicted, actual }) => [2 * overlap, predicted + actual],
};

/**
 * The report. 95 % intervals, all of them over samples, whose labels may hang together in any way:
 * - subset accuracy and each label's rates: Wilson's;
 * - Hamming loss, samples and micro averages: means over samples and ratios of such, by Wilson's at the effective number of
 *   trials (wilson.ts `wilsonOfMean`);
 * - macro and weighted averages: the same average of the ends of the labels' intervals, which holds whatever the correlation
 *   of the labels and is wider than need be where there is none; weights are taken as known.
 * No samples: all null with n 0. A value that is 0/0 throughout (nothing ever predicted: precision) is 0 without interval, and so is
 * the Hamming loss null without any label. Cost: O(labels + shapes of samples).
 */
export function multilabelReport(state: MultilabelState): MultilabelReport {
  const reading = multilabelAlgebra.read(state);
  const { samples, labels, shapes } = reading;
  const tallies = labels.map(tallyOf);
  const rates = tallies.map((tally) => classRates(tally, samples));
  const exact = shapes.filter(({ overlap, predicted, actual }) => overlap === predicted && overlap === actual);
  const right = exact.reduce((sum, { count }) => sum + count, 0);
  return {
    metrics: {
      subset_accuracy: measuredProportion(right, samples),
      hamming_loss: hammingLoss(reading),
      ...averages('precision', reading, tallies, rates),
      ...averages('recall', reading, tallies, rates),
      ...averages('f1', reading, tallies, rates),
    },
    labels: tallies.map((tally, index) => classMetrics(tally, rates[index] as Record<RateName, ClassRate>)),
  };
}

function tallyOf({
  label,
  truePositives,
  falsePositives,
  falseNegatives,
}: MultilabelReading['labels'][number]): ClassTally {
  return {
    class: label,
    support: truePositives + falseNegatives,
    predicted: truePositives + falsePositives,
    truePositives,
  };
}

function hammingLoss({ samples, labels, shapes }: MultilabelReading): Measured {
  if (samples > 0 && labels.length === 0) return { value: null, n: samples, low: null, high: null };
  return meanOverSamples(shapes, ({ overlap, predicted, actual }) => [predicted + actual - 2 * overlap, labels.length]);
}

function averages<Rate extends AveragedRate>(
  name: Rate,
  { samples, shapes }: MultilabelReading,
  tallies: readonly ClassTally[],
  rates: readonly Record<RateName, ClassRate>[],
): Record<`${Rate}_${'micro' | 'macro' | 'weighted' | 'samples'}`, Measured> {
  const own = rates.map((ofLabel) => ofLabel[name]);
  const supports = tallies.map(({ support }) => support);
  const even = tallies.map(() => 1);
  const made = {
    [`${name}_micro`]: ratioOfSums(shapes, FRACTIONS[name]),
    [`${name}_macro`]: averageOverLabels(own, even, samples),
    [`${name}_weighted`]: averageOverLabels(own, supports, samples),
    [`${name}_samples`]: meanOverSamples(shapes, FRACTIONS[name]),
  };
  return made as Record<`${Rate}_${'micro' | 'macro' | 'weighted' | 'samples'}`, Measured>;
}

/** Weighted mean of the labels' values and of the ends of their intervals. */
function averageOverLabels(rates: readonly ClassRate[], weights: readonly number[], samples: number): Measured {
  if (samples === 0) return UNMEASURED;
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const mean = (pick: (rate: ClassRate) => number): number =>
    total === 0 ? 0 : rates.reduce((sum, rate, index) => sum + ((weights[index] as number) / total) * pick(rate), 0);
  const value = Math.min(
    1,
    mean((rate) => rate.value),
  ); // weights sum to 1 up to rounding
  if (!rates.some(({ n }, index) => n > 0 && (weights[index] as number) > 0))
    return { value, n: samples, low: null, high: null };
  return {
    value,
    n: samples,
    low: Math.min(
      value,
      mean(({ low }) => low),
    ),
    high: Math.min(
      1,
      Math.max(
        value,
        mean(({ high }) => high),
      ),
    ),
    method: 'wilson',
  };
}
