/** Records the scores of a classifier: counters that add up over replicas, and what the tracks of its cohorts need. */
import { CALIBRATION_BINS, calibrationAlgebra, calibrationBin } from '../performance/calibration/calibration-state.ts';
import { classLosses, classScoreAlgebra } from '../performance/scores/class-scores.ts';
import { logLoss, squaredError } from '../performance/scores/losses.ts';
import { OTHER } from '../prediction.ts';
import type { CounterFamily, HistogramFamily } from '../telemetry/families.ts';
import type { MetricStore } from '../telemetry/store.ts';
import type { CodedClass } from './class-codes.ts';
import type { ClassSeries } from './class-table.ts';
import { HeldScores } from './held-scores.ts';
import { MAX_CONFUSION_CLASSES, type MonitorConfig } from './options.ts';
import type { ScoreTrack, ScoreTracks } from './score-track.ts';
import { TwinCounter } from './twin-counter.ts';

/** Predictions, and three twins, per bin. */
const SERIES_PER_CLASS = 7 * CALIBRATION_BINS;
const COUNTED = ['labeled', 'correct', 'score'] as const;

/** A label of a prediction whose score is held. */
export interface ScoredLabel {
  readonly slot: number;
  readonly actual: string;
  readonly predicted: string;
  readonly count: 1 | -1;
}

/** The scores of one model version. */
export class ScoreRecorder {
  readonly held: HeldScores;
  readonly #config: MonitorConfig;
  readonly #store: MetricStore;
  readonly #tracks: ScoreTracks;
  readonly #histogram: HistogramFamily;
  readonly #predictions: CounterFamily;
  readonly #twins: Readonly<Record<(typeof COUNTED)[number], TwinCounter>>;
  readonly #losses: Readonly<Record<'squared' | 'log', TwinCounter>>;
  /** First series (bin 0) of each predicted class, in all families alike. */
  readonly #series = new Map<string, number>();
  #lossSeries = -1;
  /** The same by `ClassSeries.prediction`, for those asked for once: a look-up by text costs more than what is counted. */
  readonly #seriesAt: number[] = [];

  constructor(store: MetricStore, config: MonitorConfig, tracks: ScoreTracks) {
    this.held = new HeldScores(config);
    this.#config = config;
    this.#store = store;
    this.#tracks = tracks;
    this.#histogram = store.histogram('score');
    this.#predictions = store.counter('calibrationPredictions');
    this.#twins = {
      labeled: new TwinCounter(store, 'calibrationLabeled'),
      correct: new TwinCounter(store, 'calibrationCorrect'),
      score: new TwinCounter(store, 'calibrationScore'),
    };
    this.#losses = {
      squared: new TwinCounter(store, 'scoreSquaredError'),
      log: new TwinCounter(store, 'scoreLogLoss'),
    };
    // A positive class is declared for the sake of scores: what they will count is known beforehand.
    if (config.positiveClass === undefined) return;
    this.#declareLosses();
    // The positive one first: estimates of Prometheus need it under its own name, however many there are.
    for (const name of [config.positiveClass, ...(config.classes ?? [])])
      if (!this.#series.has(name)) this.#newSeries(name);
    const positive = store.gauge('calibrationPositive');
    positive.set(positive.declare({ prediction: config.positiveClass }), 1);
  }

  /** Shows a score, whether or not anybody knows of which class it is. */
  observe(score: number): void {
    this.#histogram.observe(score);
  }

  /** Counts a score that is held, and enters it in a track. */
  predict(score: number, { text, series }: CodedClass, track: ScoreTrack): void {
    const bin = calibrationBin(score);
    this.#predictions.increment(this.#seriesOf(series) + bin);
    this.#enter(track, score, bin, text);
  }

  /** Enters a held score in a track. */
  track(track: ScoreTrack, score: number, predicted: string): void {
    this.#enter(track, score, calibrationBin(score), predicted);
  }

  /** As `calibrationAlgebra.record` of a score that was checked already: this is done for every prediction. */
  #enter({ calibration, scored }: ScoreTrack, score: number, bin: number, predicted: string): void {
    calibration.predictions[bin + (this.#isPositive(predicted) ? CALIBRATION_BINS : 0)]! += 1;
    scored[this.#tracks.binOf(score)]! += 1;
  }

  /** Counts what a label says of a score, or takes it back. @param shown the class the prediction was counted under */
  label({ slot, actual, predicted, count }: ScoredLabel, shown: ClassSeries): void {
    const score = this.held.score(slot);
    const series = this.#seriesOf(shown) + calibrationBin(score);
    this.#twins.labeled.add(series, count);
    this.#twins.score.add(series, count, score);
    if (this.#isCorrect(actual, predicted)) this.#twins.correct.add(series, count);
    const losses = this.#lossesOf(slot, actual);
    if (!losses) return;
    this.#declareLosses();
    this.#losses.squared.add(this.#lossSeries, count, losses.brier);
    this.#losses.log.add(this.#lossSeries, count, losses.log);
  }

  /** Enters what a label says in a track. */
  trackLabel(track: ScoreTrack, { slot, actual, predicted, count }: ScoredLabel): void {
    const score = this.held.score(slot);
    const correct = this.#isCorrect(actual, predicted);
    calibrationAlgebra.record(track.calibration, { score, positive: this.#isPositive(predicted), correct, count });
    const { positiveClass } = this.#config;
    if (positiveClass !== undefined)
      return this.#tracks.label(track, { score, positive: actual === positiveClass, count });
    const label = this.held.indexOf(actual);
    if (label >= 0)
      classScoreAlgebra.record(track.classScores, { probabilities: this.held.classes(slot), label, count });
  }

  /** Both losses; undefined where the label is a class that no probability was given for. */
  #lossesOf(slot: number, actual: string): { readonly log: number; readonly brier: number } | undefined {
    const { positiveClass } = this.#config;
    if (positiveClass === undefined) {
      const label = this.held.indexOf(actual);
      return label < 0 ? undefined : classLosses(this.held.classes(slot), label);
    }
    const [score, positive] = [this.held.score(slot), actual === positiveClass];
    return { log: logLoss(score, positive), brier: squaredError(score, positive) };
  }

  /** Without a positive class the score is that of the predicted one. */
  #isPositive(predicted: string): boolean {
    const { positiveClass } = this.#config;
    return positiveClass === undefined || predicted === positiveClass;
  }

  /** With a positive class: whether both or neither are it. */
  #isCorrect(actual: string, predicted: string): boolean {
    const { positiveClass } = this.#config;
    if (positiveClass === undefined) return actual === predicted;
    return (actual === positiveClass) === (predicted === positiveClass);
  }

  /** The first series of a class, or of all others together beyond 20 classes or what the budget holds. */
  #seriesOf({ class: shown, prediction }: ClassSeries): number {
    return (this.#seriesAt[prediction] ??= this.#series.get(shown) ?? this.#newSeries(shown));
  }

  #newSeries(predicted: string): number {
    const { used, limit } = this.#store.budget;
    const reserve = this.#series.has(OTHER) ? 0 : SERIES_PER_CLASS;
    const fits = this.#series.size < MAX_CONFUSION_CLASSES && used + SERIES_PER_CLASS + reserve <= limit;
    if (fits || predicted === OTHER) return this.#declare(predicted);
    return this.#series.get(OTHER) ?? this.#declare(OTHER);
  }

  #declare(prediction: string): number {
    const bins = Array.from({ length: CALIBRATION_BINS }, (_, bin) => ({ prediction, bin: String(bin) }));
    const [first = 0] = bins.map((labels) => {
      for (const name of COUNTED) this.#twins[name].declare(labels);
      return this.#predictions.declare(labels);
    });
    this.#series.set(prediction, first);
    return first;
  }

  #declareLosses(): void {
    if (this.#lossSeries >= 0) return;
    this.#losses.log.declare({});
    this.#lossSeries = this.#losses.squared.declare({});
  }
}
