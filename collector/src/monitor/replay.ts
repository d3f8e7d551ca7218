/**
 * Reports over predictions that are kept elsewhere: shown one after the other, each with its label, they add up to what a monitor
 * would say that had recorded them. Nothing is exported.
 */
import type { PredictedValue, PredictionRow } from '../prediction.ts';
import { createTask } from './create-task.ts';
import { DriftMonitor, type DriftWindow } from './drift-monitor.ts';
import { ModelMetrics } from './model-metrics.ts';
import type { MonitorConfig } from './options.ts';
import type { DistributionReport, PerformanceReport } from './reports.ts';
import type { FoldedOutcomes, Task } from './task.ts';

/** A prediction with what became of it. */
export interface ReplayedRow extends Omit<PredictionRow, 'timestamp' | 'id'> {
  /** When it was made and when it arrived, epoch ms. */
  readonly time: number;
  readonly arrived: number;
  readonly label?: PredictedValue | undefined;
  /** Whether it has expired without one. */
  readonly isExpired?: boolean;
}

const SLOT = 0;

/** One pass over some predictions of a version, in the order they arrived. */
export class Replay {
  readonly #metrics: ModelMetrics;
  readonly #task: Task;
  readonly #drift: DriftMonitor | undefined;
  #pending = 0;
  #window: DriftWindow | undefined;

  /** @param config with a capacity of 1 @param isJudged whether windows are judged against the reference, where there is one */
  constructor(config: MonitorConfig, isJudged: boolean) {
    this.#metrics = new ModelMetrics(config, () => 0);
    const { store } = this.#metrics;
    this.#task = createTask(store, config, this.#metrics.rejected);
    if (!config.reference || !isJudged) return;
    // Whoever replays asks for the verdict himself: nothing is put off.
    const hooks = { defer: () => {}, onWindow: (window: DriftWindow) => void (this.#window = window) };
    this.#drift = new DriftMonitor(store, config.reference, config, hooks);
  }

  /** Adds what was folded before. Call it before `add`. */
  absorb(folded: FoldedOutcomes, segment: string | undefined): void {
    this.#task.absorb(folded, segment);
    this.#pending += folded.predictions - folded.labeled - folded.expired;
  }

  /**
   * Adds a prediction; one that the model as it is declared today could not have made is left out.
   * @returns its score, where it has one that is watched for drift, else NaN
   */
  add(row: ReplayedRow): number {
    const { prediction, score, scores, segment, time, arrived, label, isExpired, features } = row;
    const predicted = this.#task.read(prediction);
    if (predicted === undefined) return Number.NaN;
    const watched = this.#task.predict(predicted, { score, scores }, { slot: SLOT, segment, time, now: arrived });
    this.#drift?.record(features, watched, this.#task.valueOf(predicted), arrived);
    const actual = label === undefined ? undefined : this.#task.read(label);
    if (actual !== undefined) this.#task.label(actual, predicted, SLOT);
    else if (isExpired) this.#task.expire(SLOT);
    else this.#pending++;
    return watched;
  }

  performance(): PerformanceReport {
    return this.#task.performance(this.#pending);
  }

  distribution(): DistributionReport {
    return this.#task.distribution();
  }

  /** The last closed window, judged; undefined where none has closed or there is no reference. */
  drift(): DriftWindow | undefined {
    this.#drift?.flush();
    return this.#window;
  }

  /** Everything added, as the sums that are left of it. */
  fold(): FoldedOutcomes {
    return this.#task.fold();
  }
}
