/** Models that give several labels at once, or none. */
import type { HeldValue } from '../joining/label-join.ts';
import { declareLabels, multilabelAlgebra, type MultilabelState } from '../performance/multilabel.ts';
import { multilabelReport } from '../performance/multilabel-metrics.ts';
import { OTHER } from '../prediction.ts';
import type { CounterFamily } from '../telemetry/families.ts';
import type { MetricStore } from '../telemetry/store.ts';
import { NO_ANSWERS, NOT_CLASSIFIED, type Answers } from './answers.ts';
import { ClassTable, type ClassSeries } from './class-table.ts';
import type { ClosedCounter, RejectReason } from './counters.ts';
import type { MonitorConfig } from './options.ts';
import { PerformanceBook } from './performance-book.ts';
import { performanceReport } from './performance-report.ts';
import { PredictionWindows } from './prediction-windows.ts';
import type { DistributionReport, PerformanceReport } from './reports.ts';
import { checkedClass } from './row-checks.ts';
import type { FoldedOutcomes, Place, ScoredRow, Task } from './task.ts';
import { TwinCounter } from './twin-counter.ts';

/** More labels of one sample would let one caller fill the memory the join promises to stay within. */
const MAX_LABELS = 100;
const RESULTS = ['correct', 'incorrect'] as const;

/** Counts the labels of one model version. `ml.predictions` counts labels, so its sum is not the number of predictions. */
export class Multilabel implements Task {
  readonly #config: MonitorConfig;
  readonly #rejected: ClosedCounter<RejectReason>;
  readonly #labels: ClassTable;
  readonly #predictions: CounterFamily;
  readonly #outcomes: TwinCounter;
  readonly #exact: TwinCounter;
  readonly #shares: PredictionWindows;
  readonly #book: PerformanceBook<MultilabelState>;

  constructor(store: MetricStore, config: MonitorConfig, rejected: ClosedCounter<RejectReason>) {
    this.#config = config;
    this.#rejected = rejected;
    this.#labels = new ClassTable(store, config.classes);
    this.#predictions = store.counter('predictions');
    this.#outcomes = new TwinCounter(store, 'outcomes');
    this.#exact = new TwinCounter(store, 'exact');
    for (const result of RESULTS) this.#exact.declare({ result });
    this.#shares = new PredictionWindows(config.window, config.reference?.predictions);
    this.#book = new PerformanceBook(config, {
      create: () => declareLabels(config.classes ?? []),
      merge: (track, other) => multilabelAlgebra.merge(track, other),
      serialise: (track) => multilabelAlgebra.serialise(track),
      parse: (value) => multilabelAlgebra.parse(value),
    });
  }

  readonly column = (): string[] => [];

  /** Labels are a set: sorted, each once, as JSON text. */
  readonly read = (value: unknown): string | undefined => {
    if (!Array.isArray(value) || value.length > MAX_LABELS) return undefined;
    const labels = value.map(checkedClass);
    return labels.some((label) => label === undefined) ? undefined : JSON.stringify([...new Set(labels)].sort());
  };

  readonly predict = (predicted: HeldValue, _row: ScoredRow, place: Place): number => {
    this.#book.predict(place);
    for (const label of listOf(predicted)) {
      const series = this.#admit(label);
      this.#predictions.increment(series.prediction);
      this.#shares.record(series.class, series.prediction);
    }
    return Number.NaN;
  };

  readonly valueOf = (): number => Number.NaN;

  readonly label = (actual: HeldValue, predicted: HeldValue, slot: number, former?: HeldValue): void => {
    if (former === undefined) this.#book.watch(actual === predicted ? 0 : 1);
    else this.#count(former, predicted, slot, -1);
    this.#count(actual, predicted, slot, 1);
  };

  readonly expire = (slot: number): void => this.#book.expire(slot);
  readonly restore = (): void => undefined;
  readonly fold = (): FoldedOutcomes => this.#book.fold();
  readonly absorb = (folded: FoldedOutcomes, segment: string | undefined): void =>
    void this.#book.absorb(folded, segment);
  readonly knows = (segment: string): boolean => this.#book.knows(segment);

  readonly performance = (pending: number): PerformanceReport =>
    performanceReport(this.#config, this.#book, answerOf, pending);

  /** Shares are those of the predicted labels. */
  readonly distribution = (): DistributionReport => {
    const { model, version } = this.#config;
    const shift = this.#shares.shift();
    return { model, version, ...this.#shares.shares(), shift, reference_shift: this.#shares.referenceShift() ?? null };
  };

  readonly compareWith = (predictions: Readonly<Record<string, number>> | undefined): void =>
    this.#shares.compareWith(predictions);

  #count(actual: HeldValue, predicted: HeldValue, slot: number, count: 1 | -1): void {
    const [truth, guess] = [new Set(listOf(actual)), new Set(listOf(predicted))];
    this.#exact.add(actual === predicted ? 0 : 1, count);
    for (const label of truth) this.#outcomes.add(this.#admit(label).outcome + (guess.has(label) ? 0 : 2), count);
    for (const label of guess) if (!truth.has(label)) this.#outcomes.add(this.#admit(label).outcome + 1, count);
    const sample = { ...this.#shown(truth, guess), count };
    this.#book.label(slot, count, (track) => multilabelAlgebra.record(track, sample));
  }

  /**
   * Both sets under the names that have series. Labels that share `__other__` are a hit only where they are the same ones: else the
   * prediction is shown without it, and the sample stays wrong.
   */
  #shown(truth: ReadonlySet<string>, guess: ReadonlySet<string>): { actual: string[]; predicted: string[] } {
    const nameOf = (label: string): string => this.#labels.seriesOf(label).class;
    const othersOf = (labels: ReadonlySet<string>): string[] => [...labels].filter((label) => nameOf(label) === OTHER);
    const [missed, claimed] = [othersOf(truth), othersOf(guess)];
    const isHit = missed.length === claimed.length && missed.every((label) => guess.has(label));
    const predicted = Array.from(guess, nameOf).filter((name) => name !== OTHER || isHit || missed.length === 0);
    return { actual: Array.from(truth, nameOf), predicted };
  }

  #admit(label: string): ClassSeries {
    const series = this.#labels.seriesOf(label);
    const reason = this.#labels.foldedBecause(label, series);
    if (reason) this.#rejected.count(reason);
    return series;
  }
}

function answerOf(track: MultilabelState): Answers {
  const { metrics, labels } = multilabelReport(track);
  // A sample is right when all its labels are: that share is accuracy, as the counters `ml.outcomes.exact` say it.
  return {
    ...NO_ANSWERS,
    metrics: { ...NOT_CLASSIFIED, ...metrics, accuracy: metrics.subset_accuracy },
    classes: labels,
  };
}

function listOf(held: HeldValue): string[] {
  return JSON.parse(held as string) as string[];
}
