/** Classifiers: one class per sample. */
import { businessValue, type BusinessValue } from '../performance/business-value.ts';
import { binaryReport, type BinaryReport } from '../performance/binary-report.ts';
import { classificationReport, type ClassificationReport } from '../performance/classification-metrics.ts';
import { confusionAlgebra, declareClasses, type ConfusionState } from '../performance/confusion.ts';
import type { CounterFamily } from '../telemetry/families.ts';
import type { MetricStore } from '../telemetry/store.ts';
import { ClassTable } from './class-table.ts';
import type { TrackAlgebra } from './cohorts.ts';
import type { ClosedCounter, RejectReason } from './counters.ts';
import type { MonitorConfig } from './options.ts';
import { OutcomeRecorder } from './outcome-recorder.ts';
import type { PerformanceBook } from './performance-book.ts';
import { PredictionWindows } from './prediction-windows.ts';
import { checkedClass } from './row-checks.ts';

/** What the labelled predictions of a cohort add up to. */
export interface ClassificationTrack {
  readonly confusion: ConfusionState;
}

/** What is reported of a track. */
export interface ClassificationAnswers extends ClassificationReport {
  /** The positive class against the rest; null where none is declared. */
  readonly binary: BinaryReport | null;
  /** What the predictions were worth; null without a value matrix, or where a class beyond the declared ones occurred. */
  readonly value: BusinessValue | null;
}

/** Counts predictions, outcomes and confusions of one model version. */
export class Classification {
  readonly algebra: TrackAlgebra<ClassificationTrack>;
  readonly classes: ClassTable;
  readonly outcomes: OutcomeRecorder;
  readonly shares: PredictionWindows;
  readonly #predictions: CounterFamily;
  readonly #rejected: ClosedCounter<RejectReason>;
  readonly #config: MonitorConfig;

  constructor(store: MetricStore, config: MonitorConfig, rejected: ClosedCounter<RejectReason>) {
    this.#predictions = store.counter('predictions');
    this.shares = new PredictionWindows(config.window, config.reference?.predictions);
    this.#config = config;
    this.#rejected = rejected;
    this.classes = new ClassTable(store, config.classes);
    this.outcomes = new OutcomeRecorder(store, this.classes, config.classes);
    this.algebra = {
      create: () => ({ confusion: declareClasses(config.classes ?? []) }),
      merge: (track, other) => confusionAlgebra.merge(track.confusion, other.confusion),
    };
  }

  /** The text a class is held and compared as; undefined when the value is none. */
  textOf(value: unknown): string | undefined {
    return this.classes.has(value) ? value : checkedClass(value);
  }

  /** Counts a prediction that was accepted. */
  predict(predicted: string): void {
    const series = this.#admit(predicted);
    this.#predictions.increment(series.prediction);
    this.shares.record(series.class, series.prediction);
  }

  /** Counts a label (+1) or takes one back (−1), and enters it in the book under the slot of its prediction. */
  label(
    actual: string,
    predicted: string,
    slot: number,
    count: 1 | -1,
    book: PerformanceBook<ClassificationTrack>,
  ): void {
    if (count > 0) this.#admit(actual);
    const sample = { ...this.outcomes.count(actual, predicted, count > 0 ? 'counted' : 'revoked'), count };
    book.label(slot, count, (track) => confusionAlgebra.record(track.confusion, sample));
  }

  /** Reads a track. Cost: O(classes + filled cells). */
  answer({ confusion }: ClassificationTrack): ClassificationAnswers {
    const { positiveClass, values } = this.#config;
    return {
      ...classificationReport(confusion),
      binary: positiveClass === undefined ? null : binaryReport(confusion, positiveClass),
      value: values === undefined ? null : valueOf(confusion, values),
    };
  }

  /** The series of a class; one that has none of its own is counted: undeclared, or beyond what the budget holds. */
  #admit(name: string) {
    const series = this.classes.seriesOf(name);
    const reason = this.classes.foldedBecause(name, series);
    if (reason) this.#rejected.count(reason);
    return series;
  }
}

/** Null where the matrix has no number for a cell that has samples: an undeclared class turned up. */
function valueOf(confusion: ConfusionState, values: NonNullable<MonitorConfig['values']>): BusinessValue | null {
  try {
    return businessValue(confusion, values);
  } catch {
    return null;
  }
}
