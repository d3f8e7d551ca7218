/** What may be a score. */
import { checkList } from '../../distribution/arguments.ts';
import { PlumblineError } from '../../errors.ts';

const HELP = 'A score is the probability of the positive class, a number from 0 to 1.';

/** @throws PlumblineError `invalid_request` when a value is no number from 0 to 1 @param field named in the error */
export function checkScore(value: unknown, field: string): asserts value is number {
  if (typeof value === 'number' && value >= 0 && value <= 1) return;
  throw new PlumblineError('invalid_request', `${field}: ${String(value)} is not a number from 0 to 1`, HELP);
}

/** @throws PlumblineError `invalid_request` when a count is no whole number */
export function checkCount(value: unknown): asserts value is number {
  if (Number.isSafeInteger(value)) return;
  throw new PlumblineError('invalid_request', `count: expected a whole number, got ${String(value)}`, HELP);
}

/** @throws PlumblineError `invalid_request` when scores and labels are not as many, a score is none, or a label neither 1, 0, true nor false */
export function checkScores(scores: ArrayLike<number>, positives: ArrayLike<number>): void {
  checkList(scores, 'scores');
  checkList(positives, 'positives');
  if (scores.length !== positives.length) {
    const message = `positives: ${positives.length} labels for ${scores.length} scores`;
    throw new PlumblineError('invalid_request', message, 'Give a label, 1 or 0, for each score.');
  }
  for (let row = 0; row < scores.length; row++) {
    checkScore(scores[row], `scores[${row}]`);
    const label: unknown = positives[row];
    if (label === 1 || label === 0 || label === true || label === false) continue;
    const message = `positives[${row}]: ${String(label)} is neither 1 nor 0`;
    throw new PlumblineError('invalid_request', message, 'Give a label, 1 or 0, for each score.');
  }
}
