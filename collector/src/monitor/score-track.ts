/** What the scores of a cohort add up to. */
import { calibrationAlgebra, type CalibrationState } from '../performance/calibration/calibration-state.ts';
import { expectedCalibrationError, reliability } from '../performance/calibration/calibration-error.ts';
import { binnedCbpe } from '../performance/estimates/binned-cbpe.ts';
import type { Measured } from '../performance/measured.ts';
import { fieldsOf } from '../performance/state-fields.ts';
import { classScoreAlgebra, type ClassScoreState } from '../performance/scores/class-scores.ts';
import { scoreAlgebra, type ScoreState } from '../performance/scores/score-state.ts';
import { windowScoresAlgebra, type WindowScores } from '../performance/scores/window-scores.ts';
import { BinFinder } from '../distribution/bin-finder.ts';
import type { Calibration, Estimates, ScoreMetricName } from './answers.ts';
import type { TrackAlgebra } from './cohorts.ts';

/** Scored predictions of a cohort, and what their labels say. */
export interface ScoreTrack {
  readonly calibration: CalibrationState;
  /** Of one positive class. */
  readonly scores: ScoreState;
  /** All scored predictions by the bins of `scores`. */
  readonly scored: Float64Array;
  readonly window: WindowScores;
  /** Of a probability per class. */
  readonly classScores: ClassScoreState;
}

/** What a track says. */
export interface ScoreAnswers {
  readonly metrics: Readonly<Partial<Record<ScoreMetricName, Measured>>>;
  readonly calibration: Calibration | null;
  readonly estimated: Estimates | null;
}

/** The algebra of score tracks. */
export class ScoreTracks implements TrackAlgebra<ScoreTrack> {
  readonly #scores;
  readonly #window;
  readonly #bins: BinFinder;
  readonly #edges: readonly number[];
  readonly #hasPositive: boolean;

  /**
   * @param edges bins of the score: the reference's, or those of log-odds @param window samples that are kept one by one at most
   * @param hasPositive whether scores are those of a positive class (else of the predicted one, which has no ROC curve)
   */
  constructor(edges: readonly number[], window: number, hasPositive: boolean) {
    this.#edges = edges;
    this.#bins = new BinFinder(edges);
    this.#scores = scoreAlgebra(edges);
    this.#window = windowScoresAlgebra(window);
    this.#hasPositive = hasPositive;
  }

  readonly create = (): ScoreTrack => ({
    calibration: calibrationAlgebra.create(),
    scores: this.#scores.create(),
    scored: new Float64Array(this.#edges.length + 1),
    window: this.#window.create(),
    classScores: classScoreAlgebra.create(),
  });

  readonly merge = (track: ScoreTrack, other: ScoreTrack): void => {
    calibrationAlgebra.merge(track.calibration, other.calibration);
    this.#scores.merge(track.scores, other.scores);
    for (let bin = 0; bin < track.scored.length; bin++) track.scored[bin]! += other.scored[bin] as number;
    this.#window.merge(track.window, other.window);
    classScoreAlgebra.merge(track.classScores, other.classScores);
  };

  /** The samples one by one are left out: what is kept for years must not grow with them. */
  serialise({ calibration, scores, scored, classScores }: ScoreTrack): unknown {
    return {
      calibration: calibrationAlgebra.serialise(calibration),
      scores: this.#scores.serialise(scores),
      scored: Array.from(scored),
      classScores: classScoreAlgebra.serialise(classScores),
    };
  }

  /** Scores that were counted in other bins are left out; the classes they belong to still count. @throws PlumblineError `foreign_state` */
  parse(value: unknown): ScoreTrack | undefined {
    const { calibration, scores, scored, classScores } = fieldsOf(value);
    if (!Array.isArray(scored) || scored.length !== this.#edges.length + 1) return undefined;
    try {
      return {
        calibration: calibrationAlgebra.parse(calibration),
        scores: this.#scores.parse(scores),
        scored: Float64Array.from(scored as number[]),
        window: { held: null },
        classScores: classScoreAlgebra.parse(classScores),
      };
    } catch {
      return undefined;
    }
  }

  /** The bin of a score, for `scored`. */
  binOf(score: number): number {
    return this.#bins.find(score);
  }

  /** Enters the label of a score of the positive class. */
  label(
    track: ScoreTrack,
    sample: { readonly score: number; readonly positive: boolean; readonly count: 1 | -1 },
  ): void {
    this.#scores.record(track.scores, sample);
    this.#window.record(track.window, sample);
  }

  /** Reads a track. @param labels the track whose labels calibrate the estimates. Cost: O(n log n) for n samples kept one by one. */
  answer(track: ScoreTrack, labels: ScoreTrack): ScoreAnswers {
    const { calibration } = track;
    if (!calibration.predictions.some((count) => count > 0)) return { metrics: {}, calibration: null, estimated: null };
    const error = expectedCalibrationError(calibration);
    const { value, n, low, high, method } = error;
    const ece: Measured = { value, n, low: low ?? null, high: high ?? null, ...(method && { method }) };
    return {
      metrics: { ...(this.#hasPositive ? this.#curves(track) : this.#losses(track)), ece },
      calibration: { ...error, bins: reliability(calibration) },
      estimated: this.#estimates(track, labels),
    };
  }

  #losses({ classScores }: ScoreTrack): ScoreAnswers['metrics'] {
    const { brier, logLoss } = classScoreAlgebra.read(classScores);
    return { brier, log_loss: logLoss };
  }

  /** The areas are exact where the samples are held, else those of the bins, whose interval holds what the bins leave open. */
  #curves(track: ScoreTrack): ScoreAnswers['metrics'] {
    const binned = this.#scores.read(track.scores);
    const exact = this.#window.read(track.window);
    return {
      roc_auc: exact?.rocAuc ?? binned.rocAuc,
      average_precision: exact?.averagePrecision ?? binned.averagePrecision,
      brier: binned.brier,
      log_loss: binned.logLoss,
    };
  }

  #estimates({ calibration, scored }: ScoreTrack, labels: ScoreTrack): Estimates {
    const { positives, negatives } = labels.scores;
    if (this.#hasPositive)
      return binnedCbpe(calibration, labels.calibration, { predictions: scored, positives, negatives });
    // The score is that of being right: accuracy is all it can tell.
    const { accuracy, calibrated_share } = binnedCbpe(calibration, labels.calibration);
    return { accuracy, calibrated_share };
  }
}
