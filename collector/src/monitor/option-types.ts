/** What a monitor can be told, and the complete configuration the checks make of it. */
import type { ReferenceProfile } from '../distribution/reference.ts';
import type { DriftPolicy } from '../drift/verdict.ts';
import type { ValueMatrix } from '../performance/business-value.ts';
import type { FeatureType } from '../prediction.ts';
import type { DetectorName } from './detector-names.ts';

/** What kind of model is monitored. */
export type TaskName = (typeof TASKS)[number];

/** Every kind. */
export const TASKS = ['classification', 'multilabel', 'regression'] as const;

/** What is known of a feature beforehand. */
export interface FeatureSchema {
  readonly type?: FeatureType;
  /** Numbers outside [min, max] are counted as out of range (and still measured). */
  readonly min?: number;
  readonly max?: number;
  /**
   * Personal data: what goes to a collector is without it (`drop`) or with a keyed hash in its place (`hash`, see `collector.piiKey`). Has no
   * meaning for a monitor inside the process, from which no values leave.
   */
  readonly pii?: 'drop' | 'hash';
}

/** What a monitor can be told; only `model` and `version` are needed. */
export interface MonitorOptions {
  /** `[A-Za-z0-9][A-Za-z0-9._-]{0,127}`, no `..`. */
  readonly model: string;
  /** As `model`. */
  readonly version: string;
  /** What the model predicts: one class (default), several labels at once, or a number. */
  readonly task?: TaskName;
  /** The classes the model can predict. Declared classes exist from the start; any other one counts as `__other__`. */
  readonly classes?: readonly (string | number | boolean)[];
  /** The class whose probability `score` is: with it come Brier and log-loss, ROC-AUC, calibration and estimates without labels. */
  readonly positiveClass?: string | number | boolean;
  /** Ranges and types of features; features of the reference need no entry. */
  readonly features?: Readonly<Record<string, FeatureSchema>>;
  /** The frozen profile drift is judged against. */
  readonly reference?: ReferenceProfile;
  /** SHA-256 of the model's artifact, shown in `ml_model_info`. */
  readonly digest?: string;
  /** Predictions per window of drift, shares and performance history (default 5,000). */
  readonly window?: number;
  /** A window also closes when its first prediction is this many seconds old (default: never). */
  readonly windowSeconds?: number;
  /**
   * Whether windows keep their numbers for exact Kolmogorov–Smirnov (default). Without them a feature takes 1 kB instead of 40 kB, D is a
   * lower bound (by at most the reference's largest share in one bin), and dependence between rows is not looked at.
   */
  readonly exact?: boolean;
  /** Windows whose performance is kept one by one (default 24, 0 to 1,000); older ones count as one. */
  readonly history?: number;
  /** Parts of the traffic whose performance is told apart (at most 100); a row names its own in `segment`. */
  readonly segments?: readonly string[];
  /** What watches the errors for a change, in the order labels come (default: ADWIN). */
  readonly detectors?: readonly DetectorName[];
  /** `values[actual][predicted]`: what such a prediction is worth, in any unit; a cost is negative. */
  readonly values?: ValueMatrix;
  readonly drift?: Partial<DriftPolicy>;
  /** Predictions held for their label at most (default 500,000; about 70 bytes each). */
  readonly capacity?: number;
  /** How long a prediction is held, seconds (default 30 days). */
  readonly maxAgeSeconds?: number;
  /** A label later than this counts as late, seconds (default 7 days). */
  readonly labelDeadlineSeconds?: number;
  /** Series this model version may hold (default 10,000). */
  readonly seriesLimit?: number;
  /** Seconds a new series shows 0 after its first collection; at least the scrape interval (default 15). */
  readonly zeroHoldSeconds?: number;
}

/** The configuration after the checks: every value present, times in milliseconds. */
export interface MonitorConfig {
  readonly model: string;
  readonly version: string;
  readonly task: TaskName;
  readonly classes: readonly string[] | undefined;
  readonly positiveClass: string | undefined;
  readonly features: ReadonlyMap<string, FeatureSchema>;
  readonly reference: ReferenceProfile | undefined;
  readonly digest: string;
  readonly window: number;
  /** Milliseconds; Infinity where windows close by count alone. */
  readonly windowDuration: number;
  readonly exact: boolean;
  readonly history: number;
  readonly segments: readonly string[];
  readonly detectors: readonly DetectorName[];
  readonly values: ValueMatrix | undefined;
  readonly policy: DriftPolicy;
  readonly capacity: number;
  readonly maxAge: number;
  readonly deadline: number;
  readonly seriesLimit: number;
  readonly zeroHold: number;
}

/** Predictions per drift window, where nothing else is said. */
export const DEFAULT_WINDOW = 5_000;
/** More distinct classes than this share `__other__` even where nothing was declared. */
export const MAX_CLASSES = 1_000;
/** The confusion matrix is exported up to so many classes. */
export const MAX_CONFUSION_CLASSES = 20;
