/** What a monitor answers when asked. Field names are those of the HTTP API. */
import type { ShiftResult } from '../drift/prediction-shift.ts';
import type { PersistenceReading } from '../drift/persistence.ts';
import type { Verdict, WindowVerdict } from '../drift/verdict.ts';
import type { Answers } from './answers.ts';
import type { FeatureReport } from './drift-judge.ts';
import type { DetectorReport } from './detector-names.ts';
import type { TaskName } from './options.ts';
import type { ClassShare } from './prediction-windows.ts';

/** How far the labels of some predictions have come. */
export interface LabelMaturity {
  readonly predictions: number;
  readonly labeled: number;
  /** Labelled share of all these predictions; null without any. */
  readonly labeled_share: number | null;
  /** Labelled share of the predictions that are labelled or expired; null while there is none of either. */
  readonly coverage: number | null;
  /**
   * Whether every one of these predictions has its label or will get none, so that the numbers only change by corrections (and, of all
   * predictions or a segment, with the next prediction; a window is final once it is closed). Else they are provisional.
   */
  readonly final: boolean;
}

/** One window of the history: predictions that were made together, however late their labels came. */
export interface WindowPerformance extends LabelMaturity, Answers {
  readonly index: number;
  /** Position of the first prediction, and the one after the last. */
  readonly start: number;
  readonly end: number;
  readonly from: string | null;
  readonly to: string | null;
  /** Whether predictions still join it. */
  readonly open: boolean;
}

/** One declared segment. */
export interface SegmentPerformance extends LabelMaturity, Answers {
  readonly segment: string;
}

/** Performance over everything this process recorded, corrections applied. */
export interface PerformanceReport extends LabelMaturity, Answers {
  readonly model: string;
  readonly version: string;
  readonly task: TaskName;
  /** Timestamps of the first and last prediction, RFC 3339; null before the first. */
  readonly from: string | null;
  readonly to: string | null;
  /** Predictions that still wait for their label. */
  readonly pending: number;
  /** [actual][predicted] → samples; null beyond 20 declared classes, and where there is not one class a sample. */
  readonly confusion: Readonly<Record<string, Readonly<Record<string, number>>>> | null;
  /** The last windows, oldest first, the open one last. */
  readonly windows: readonly WindowPerformance[];
  readonly segments: readonly SegmentPerformance[];
  /** Whether the error rate changed, in the order labels came; a corrected label is not looked at twice. */
  readonly detectors: readonly DetectorReport[];
}

/** The verdict on the last closed window; `insufficient_data` before one has closed or without a reference. */
export interface DriftReport {
  readonly model: string;
  readonly version: string;
  /** First 12 hexadecimal digits of the reference's digest; null without a reference. */
  readonly reference: string | null;
  readonly verdict: Verdict;
  /** The window judged, by position among the recorded predictions; null before one has closed. */
  readonly window: { readonly index: number; readonly start: number; readonly end: number } | null;
  readonly features: readonly FeatureReport[];
  /** The same window against the one before it instead of the reference; null before there are two. */
  readonly previous: WindowVerdict | null;
  /** What the last windows say together: by default, drifted in 2 of the last 3. */
  readonly lasting: PersistenceReading;
}

/** What was predicted how often, and whether that shifted. */
export interface DistributionReport {
  readonly model: string;
  readonly version: string;
  /** Predictions in the window reported. */
  readonly n: number;
  /** False while the first window is still open. */
  readonly closed: boolean;
  readonly classes: readonly ClassShare[];
  /** Against the window before. */
  readonly shift: ShiftResult;
  /** Against the reference; null when it holds no predictions. */
  readonly reference_shift: ShiftResult | null;
}
