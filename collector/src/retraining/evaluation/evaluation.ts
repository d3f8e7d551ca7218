/** Words of an offline evaluation: chosen versions on one labelled set. Field names are those of the HTTP API. */
import type { Metrics } from '../../monitor/answers.ts';
import type { TaskName } from '../../monitor/options.ts';
import type { ClassMetrics } from '../../performance/classification-metrics.ts';
import type { Measured } from '../../performance/measured.ts';
import type { PredictedValue } from '../../prediction.ts';
import type { VersionAnswer } from '../trainer.ts';

/** What is declared of the model, as far as measures need it. */
export interface EvaluatedModel {
  readonly model: string;
  readonly task: TaskName;
  readonly classes?: readonly string[];
  readonly positiveClass?: string;
}

/** The truth of one row. */
export interface LabelledRow {
  readonly id: string;
  readonly label: PredictedValue;
}

/** What one version answered to all rows. */
export interface AnsweredVersion {
  readonly version: string;
  readonly answers: ReadonlyMap<string, VersionAnswer>;
}

/** How long an answer took, in seconds, of those that say so. */
export interface Latency {
  readonly n: number;
  readonly p50: number | null;
  readonly p95: number | null;
}

/** How a version differs from the first one on the same rows. */
export interface DifferenceFromFirst {
  /** The first version. */
  readonly from: string;
  /** Accuracy of this one less that of the first; of a regression the mean absolute error, where less is better. */
  readonly metric: 'accuracy' | 'mae';
  readonly difference: Measured;
  /** Probability of a difference this large where there is none: exact McNemar for accuracy; null for a regression. */
  readonly pValue: number | null;
  /** Rows only this one, and only the first one, got right; null for a regression. */
  readonly onlyThis: number | null;
  readonly onlyFirst: number | null;
}

/** What one version reached. */
export interface EvaluatedVersion {
  readonly version: string;
  readonly metrics: Metrics;
  readonly classes: readonly ClassMetrics[];
  readonly latency: Latency;
  /** Null for the first. */
  readonly difference: DifferenceFromFirst | null;
}

/** What all of them reached. */
export interface Evaluation {
  readonly rows: number;
  readonly versions: readonly EvaluatedVersion[];
}
