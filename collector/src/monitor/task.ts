/** What a monitor does differently for classifiers, for models that give several labels, and for regressions. */
import type { HeldValue, ValueColumn } from '../joining/label-join.ts';
import type { PredictionRow } from '../prediction.ts';
import type { TaskName } from './options.ts';
import type { DistributionReport, PerformanceReport } from './reports.ts';

/** Where and when an accepted prediction is held. */
export interface Place {
  /** Its place in the label join. */
  readonly slot: number;
  readonly segment: string | undefined;
  /** When it was made and when it arrived, epoch ms. */
  readonly time: number;
  readonly now: number;
}

/** What a task reads of a row beside the prediction. */
export interface ScoredRow {
  readonly score: PredictionRow['score'] | undefined;
  readonly scores: PredictionRow['scores'] | undefined;
}

/** Predictions that are gone, as the sums that are left of them; a JSON value. */
export interface FoldedOutcomes {
  readonly task: TaskName;
  readonly predictions: number;
  readonly labeled: number;
  readonly expired: number;
  /** Times of the first and the last, epoch ms. */
  readonly from: number;
  readonly to: number;
  readonly track: unknown;
}

/** One kind of model: which values it takes, what it counts, what it reports. */
export interface Task {
  /** What holds predictions and labels in the join. */
  readonly column: (size: number) => ValueColumn;
  /** A prediction or a label as it is held and compared; undefined when it is none. */
  readonly read: (value: unknown) => HeldValue | undefined;
  /** Counts an accepted prediction. @returns its score, where it has one that is watched for drift, else NaN */
  readonly predict: (predicted: HeldValue, row: ScoredRow, place: Place) => number;
  /** The predicted value, where it is a number that is watched for drift, else NaN. */
  readonly valueOf: (predicted: HeldValue) => number;
  /** Counts the first label of a prediction, or one that replaces `former`. */
  readonly label: (actual: HeldValue, predicted: HeldValue, slot: number, former?: HeldValue) => void;
  /** Counts a prediction that leaves without a label. */
  readonly expire: (slot: number) => void;
  /** Holds what a label needs of a prediction that was counted before, perhaps by another process. */
  readonly restore: (predicted: HeldValue, row: ScoredRow, slot: number) => void;
  /** Everything recorded, as JSON that `absorb` takes. */
  readonly fold: () => FoldedOutcomes;
  /** Adds what was folded before. Call it before anything is recorded. @throws PlumblineError `foreign_state` */
  readonly absorb: (folded: FoldedOutcomes, segment: string | undefined) => void;
  /** Whether a segment was declared. */
  readonly knows: (segment: string) => boolean;
  /** @param pending predictions that wait for their label */
  readonly performance: (pending: number) => PerformanceReport;
  readonly distribution: () => DistributionReport;
  /** Compares predicted classes with those of a reference from now on. */
  readonly compareWith: (predictions: Readonly<Record<string, number>> | undefined) => void;
}
