/** Scored samples in the order a threshold goes through them. */
import { sortFloats } from '../../distribution/sort-floats.ts';
import { checkScores } from './checks.ts';

/** Samples by distinct score, ascending. */
export interface Ranked {
  readonly positives: Float64Array;
  readonly negatives: Float64Array;
  /** Sums of the two. */
  readonly totalPositives: number;
  readonly totalNegatives: number;
}

/**
 * Counts positives and negatives at each distinct score.
 * @param scores numbers from 0 to 1 @param positives 1 where the label is the positive class, else 0
 * @throws PlumblineError `invalid_request` naming the score that is none, or when there are not as many labels
 * Cost: O(n log n).
 */
export function rankScores(scores: ArrayLike<number>, positives: ArrayLike<number>): Ranked {
  checkScores(scores, positives);
  const [hits, misses] = [sorted(scores, positives, true), sorted(scores, positives, false)];
  const positiveCounts: number[] = [];
  const negativeCounts: number[] = [];
  let i = 0;
  let j = 0;
  while (i < hits.length || j < misses.length) {
    const score = Math.min(hits[i] ?? Number.POSITIVE_INFINITY, misses[j] ?? Number.POSITIVE_INFINITY);
    const [from, fromMiss] = [i, j];
    while (hits[i] === score) i++;
    while (misses[j] === score) j++;
    positiveCounts.push(i - from);
    negativeCounts.push(j - fromMiss);
  }
  return {
    positives: Float64Array.from(positiveCounts),
    negatives: Float64Array.from(negativeCounts),
    totalPositives: hits.length,
    totalNegatives: misses.length,
  };
}

function sorted(scores: ArrayLike<number>, positives: ArrayLike<number>, wanted: boolean): Float64Array {
  const own = new Float64Array(scores.length);
  let size = 0;
  for (let row = 0; row < scores.length; row++) {
    // −0 and 0 are one score.
    if (Boolean(positives[row]) === wanted) own[size++] = (scores[row] as number) + 0;
  }
  return sortFloats(own.subarray(0, size));
}
