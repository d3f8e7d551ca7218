/**
 * The scored samples of a window themselves, for areas without bins. Bounded: where there are more than the limit they are given
 * up, and stay given up, so that merging in any order ends the same: exact if and only if all together fit.
 */
import { sampleOf } from '../../distribution/arguments.ts';
import { checkKind, foreignState, openState, type StreamAlgebra } from '../../distribution/state.ts';
import { fieldsOf } from '../state-fields.ts';
import type { Measured } from '../measured.ts';
import { averagePrecision } from './average-precision.ts';
import { checkCount, checkScore } from './checks.ts';
import { rocAuc } from './roc-auc.ts';
import type { ScoredSample } from './score-state.ts';

/** Scores, each with whether its label is positive; null once there were too many. */
export interface WindowScores {
  held: { scores: number[]; positives: boolean[] } | null;
}

/** Both areas, exact. */
export interface ExactCurves {
  readonly rocAuc: Measured;
  readonly averagePrecision: Measured;
}

const FORMAT = 'plumbline.window-scores';
const VERSION = 1;

/**
 * The algebra of windows of at most `limit` samples. `record` O(1), or O(samples) to take one back; `read` O(n log n), null once
 * given up. Memory: 9 to 16 bytes a sample. `record` throws `invalid_request` on a score that is no number from 0 to 1 or a count
 * that is no whole number; one that is to be taken back and is not there is ignored.
 */
export function windowScoresAlgebra(limit: number): StreamAlgebra<WindowScores, ScoredSample, ExactCurves | null> {
  checkCount(limit);
  const fit = (state: WindowScores): void => {
    if (state.held && state.held.scores.length > limit) state.held = null;
  };
  return {
    create: () => ({ held: { scores: [], positives: [] } }),
    record(state, sample) {
      const { score, positive, count = 1 } = sampleOf(sample);
      checkScore(score, 'score');
      checkCount(count);
      if (count > limit) state.held = null;
      for (let done = 0; done < Math.abs(count) && state.held; done++) {
        if (count > 0) keep(state.held, score, positive);
        else if (!takeBack(state.held, score, positive)) break;
        fit(state);
      }
    },
    merge(state, other) {
      checkKind(other, FORMAT, 'held');
      const { held } = other;
      if (!held || !state.held || state.held.scores.length + held.scores.length > limit) {
        state.held = null;
        return;
      }
      // Copied first: a state may be merged into itself.
      state.held.scores = [...state.held.scores, ...held.scores];
      state.held.positives = [...state.held.positives, ...held.positives];
    },
    read: ({ held }) => held && curvesOf(held.scores, held.positives),
    serialise: ({ held }) => ({
      format: FORMAT,
      version: VERSION,
      data: { held: held && { scores: [...held.scores], positives: [...held.positives] } },
    }),
    parse: (value) => parseWindow(openState(value, FORMAT, VERSION), limit),
  };
}

function curvesOf(scores: readonly number[], positives: readonly boolean[]): ExactCurves {
  const labels = positives.map(Number);
  return { rocAuc: rocAuc(scores, labels), averagePrecision: averagePrecision(scores, labels) };
}

function keep(held: NonNullable<WindowScores['held']>, score: number, positive: boolean): void {
  held.scores.push(score);
  held.positives.push(positive);
}

/** Takes one such sample away; the last one takes its place. @returns whether there was one */
function takeBack({ scores, positives }: NonNullable<WindowScores['held']>, score: number, positive: boolean): boolean {
  for (let at = scores.length - 1; at >= 0; at--) {
    if (scores[at] !== score || positives[at] !== positive) continue;
    const [last, label] = [scores.pop() as number, positives.pop() as boolean];
    if (at < scores.length) {
      scores[at] = last;
      positives[at] = label;
    }
    return true;
  }
  return false;
}

function parseWindow(value: unknown, limit: number): WindowScores {
  const { held } = fieldsOf(value);
  if (held === null) return { held };
  const { scores, positives } = fieldsOf(held);
  const isScore = (item: unknown): boolean => typeof item === 'number' && item >= 0 && item <= 1;
  if (!Array.isArray(scores) || !scores.every(isScore)) throw foreignState('scores: expected numbers from 0 to 1');
  if (!Array.isArray(positives) || !positives.every((item) => typeof item === 'boolean'))
    throw foreignState('positives: expected truth values');
  if (positives.length !== scores.length) throw foreignState('positives: expected one per score');
  if (scores.length > limit) throw foreignState(`scores: at most ${limit}`);
  return { held: { scores: scores as number[], positives: positives as boolean[] } };
}
