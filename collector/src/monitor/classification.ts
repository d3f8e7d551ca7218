/** Classifiers: one class per sample. */
import { logitScoreEdges } from '../performance/scores/score-state.ts';
import { binaryReport } from '../performance/binary-report.ts';
import { businessValue, type BusinessValue } from '../performance/business-value.ts';
import { classificationReport } from '../performance/classification-metrics.ts';
import { fieldsOf } from '../performance/state-fields.ts';
import { confusionAlgebra, declareClasses, type ConfusionState } from '../performance/confusion.ts';
import type { HeldValue } from '../joining/label-join.ts';
import { SCORE_FEATURE } from '../prediction.ts';
import type { CounterFamily } from '../telemetry/families.ts';
import type { MetricStore } from '../telemetry/store.ts';
import type { Answers } from './answers.ts';
import { ClassCodes, type CodedClass } from './class-codes.ts';
import { ClassTable } from './class-table.ts';
import type { KeptTrackAlgebra } from './cohorts.ts';
import type { ClosedCounter, RejectReason } from './counters.ts';
import type { MonitorConfig } from './options.ts';
import { OutcomeRecorder } from './outcome-recorder.ts';
import { PerformanceBook } from './performance-book.ts';
import { performanceReport } from './performance-report.ts';
import { PredictionWindows } from './prediction-windows.ts';
import type { DistributionReport, PerformanceReport } from './reports.ts';
import { ScoreRecorder } from './score-recorder.ts';
import { ScoreTracks, type ScoreTrack } from './score-track.ts';
import type { FoldedOutcomes, Place, ScoredRow, Task } from './task.ts';

/** What the predictions of a cohort add up to. */
interface Track {
  readonly confusion: ConfusionState;
  /** Made with the first score. */
  scores: ScoreTrack | undefined;
}

/** Counts predictions, outcomes, confusions and scores of one model version. */
export class Classification implements Task {
  readonly #config: MonitorConfig;
  readonly #rejected: ClosedCounter<RejectReason>;
  readonly #codes: ClassCodes;
  readonly #outcomes: OutcomeRecorder;
  readonly #predictions: CounterFamily;
  readonly #shares: PredictionWindows;
  readonly #scoreTracks: ScoreTracks;
  readonly #scores: ScoreRecorder;
  readonly #book: PerformanceBook<Track>;

  constructor(store: MetricStore, config: MonitorConfig, rejected: ClosedCounter<RejectReason>) {
    this.#config = config;
    this.#rejected = rejected;
    this.#codes = new ClassCodes(new ClassTable(store, config.classes));
    this.#outcomes = new OutcomeRecorder(store, config.classes);
    this.#predictions = store.counter('predictions');
    this.#shares = new PredictionWindows(config.window, config.reference?.predictions);
    this.#scoreTracks = new ScoreTracks(scoreEdges(config), config.window, config.positiveClass !== undefined);
    this.#scores = new ScoreRecorder(store, config, this.#scoreTracks);
    this.#book = new PerformanceBook(config, this.#algebra());
  }

  readonly column = (size: number): Uint32Array => new Uint32Array(size);
  readonly read = (value: unknown): number | undefined => this.#codes.codeOf(value);

  readonly predict = (code: HeldValue, row: ScoredRow, place: Place): number => {
    const predicted = this.#admit(code);
    const { series, text } = predicted;
    this.#predictions.increment(series.prediction);
    this.#shares.record(series.class, series.prediction);
    const cohort = this.#book.predict(place);
    const score = this.#scores.held.read(row, text);
    if (score === undefined) this.#rejected.count('invalid_score');
    const isHeld = this.#scores.held.hold(place.slot, score ?? Number.NaN, row);
    if (score === undefined || Number.isNaN(score)) return Number.NaN;
    this.#scores.observe(score);
    if (!isHeld) return score;
    const segment = this.#book.segmentOf(place.slot);
    this.#scores.predict(score, predicted, this.#scoresOf(cohort.track));
    if (segment) this.#scores.track(this.#scoresOf(segment.track), score, text);
    return score;
  };

  readonly valueOf = (): number => Number.NaN;

  readonly label = (actual: HeldValue, predicted: HeldValue, slot: number, former?: HeldValue): void => {
    const guess = this.#codes.classOf(predicted as number);
    if (former === undefined) this.#book.watch(actual === predicted ? 0 : 1);
    else this.#count(this.#codes.classOf(former as number), guess, slot, -1);
    this.#count(this.#admit(actual), guess, slot, 1);
  };

  readonly expire = (slot: number): void => this.#book.expire(slot);
  readonly fold = (): FoldedOutcomes => this.#book.fold();

  readonly restore = (code: HeldValue, row: ScoredRow, slot: number): void => {
    const score = this.#scores.held.read(row, this.#codes.classOf(code as number).text);
    this.#scores.held.hold(slot, score ?? Number.NaN, row);
  };

  readonly absorb = (folded: FoldedOutcomes, segment: string | undefined): void => {
    const { confusion } = this.#book.absorb(folded, segment);
    const { classes, cells } = confusionAlgebra.read(confusion);
    const coded = classes.map(({ class: name }) => this.#codes.classOf(this.#codes.codeOf(name) as number));
    for (const { actual, predicted, count } of cells)
      this.#outcomes.count(coded[actual] as CodedClass, coded[predicted] as CodedClass, 1, count);
  };

  readonly knows = (segment: string): boolean => this.#book.knows(segment);

  readonly performance = (pending: number): PerformanceReport => {
    const answer = (track: Track, lifetime: Track): Answers => this.#answer(track, lifetime);
    return {
      ...performanceReport(this.#config, this.#book, answer, pending),
      confusion: this.#outcomes.confusion() ?? null,
    };
  };

  readonly distribution = (): DistributionReport => {
    const { model, version } = this.#config;
    const shift = this.#shares.shift();
    return { model, version, ...this.#shares.shares(), shift, reference_shift: this.#shares.referenceShift() ?? null };
  };

  readonly compareWith = (predictions: Readonly<Record<string, number>> | undefined): void =>
    this.#shares.compareWith(predictions);

  /** Counts a label (+1) or takes one back (−1). */
  #count(label: CodedClass, guess: CodedClass, slot: number, count: 1 | -1): void {
    const correct = this.#outcomes.count(label, guess, count);
    const sample = { actual: label.series.class, predicted: guess.series.class, correct, count };
    const scored = this.#scores.held.has(slot) ? { slot, actual: label.text, predicted: guess.text, count } : undefined;
    // Series are those of the class as it is shown; right and wrong are judged of what it is.
    if (scored) this.#scores.label(scored, guess.series);
    this.#book.label(slot, count, (track) => {
      confusionAlgebra.record(track.confusion, sample);
      if (scored) this.#scores.trackLabel(this.#scoresOf(track), scored);
    });
  }

  #scoresOf(track: Track): ScoreTrack {
    return (track.scores ??= this.#scoreTracks.create());
  }

  /** Reads a track. @param lifetime the track whose labels calibrate the estimates */
  #answer({ confusion, scores }: Track, lifetime: Track): Answers {
    const { positiveClass, values } = this.#config;
    const report = classificationReport(confusion);
    const scored = scores && this.#scoreTracks.answer(scores, lifetime.scores ?? scores);
    return {
      ...report,
      metrics: { ...report.metrics, ...scored?.metrics },
      binary: positiveClass === undefined ? null : binaryReport(confusion, positiveClass),
      value: values === undefined ? null : valueOf(confusion, values),
      calibration: scored?.calibration ?? null,
      estimated: scored?.estimated ?? null,
      residuals: null,
    };
  }

  #algebra(): KeptTrackAlgebra<Track> {
    return {
      create: () => ({ confusion: declareClasses(this.#config.classes ?? []), scores: undefined }),
      merge: (track, other) => {
        confusionAlgebra.merge(track.confusion, other.confusion);
        if (other.scores) this.#scoreTracks.merge(this.#scoresOf(track), other.scores);
      },
      serialise: ({ confusion, scores }) => ({
        confusion: confusionAlgebra.serialise(confusion),
        ...(scores && { scores: this.#scoreTracks.serialise(scores) }),
      }),
      parse: (value) => {
        const { confusion, scores } = fieldsOf(value);
        return {
          confusion: confusionAlgebra.parse(confusion),
          scores: scores === undefined ? undefined : this.#scoreTracks.parse(scores),
        };
      },
    };
  }

  /** A class that was recorded; one that has no series of its own is counted: undeclared, or beyond what the budget holds. */
  #admit(code: HeldValue): CodedClass {
    const known = this.#codes.classOf(code as number);
    if (known.reason) this.#rejected.count(known.reason);
    return known;
  }
}

/** The reference's quantiles of the score, or bins of log-odds. */
function scoreEdges({ reference }: MonitorConfig): readonly number[] {
  const profile = reference?.features.find(({ feature }) => feature === SCORE_FEATURE);
  return profile?.type === 'numeric' ? profile.edges : logitScoreEdges();
}

/** Null where the matrix has no number for a cell that has samples: an undeclared class turned up. */
function valueOf(confusion: ConfusionState, values: NonNullable<MonitorConfig['values']>): BusinessValue | null {
  try {
    return businessValue(confusion, values);
  } catch {
    return null;
  }
}
