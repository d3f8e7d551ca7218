/** What right and wrong predictions are worth: a cost matrix laid over the confusion. */
import { checkRecord } from '../distribution/arguments.ts';
import { PlumblineError } from '../errors.ts';
import { confusionAlgebra, type ConfusionReading, type ConfusionState } from './confusion.ts';
import { UNMEASURED, type Measured } from './measured.ts';
import { wilsonOfMean } from './wilson.ts';

/** `matrix[actual][predicted]`: gain of one such sample (a cost is negative, or read the result as costs), any finite unit. */
export type ValueMatrix = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** The value of all samples and of one. */
export interface BusinessValue {
  readonly samples: number;
  /** Sum over the samples; 0 of none. What these samples were worth is known, so it has no interval. */
  readonly total: number;
  /** Per sample, with the 95 % interval of what samples like these are worth. */
  readonly mean: Measured;
}

/**
 * Lays a matrix over a confusion. The mean's interval is Wilson's at the effective number of trials, with the least and the
 * largest number of the whole matrix as 0 and 1 (wilson.ts `wilsonOfMean`): it stays between them, is skewed where rare cells are
 * dear, and samples that all fell into one cell leave a width. Where all numbers are one, so are both ends.
 * No samples: total 0, mean null. Cost: O(filled cells + matrix).
 * @throws PlumblineError `invalid_configuration` naming the cell: one with samples but without a number, a number that is NaN or
 * infinite, or a class into which different classes were folded (`__other__`): its hits and misses cannot be worth the same
 */
export function businessValue(confusion: ConfusionState, matrix: ValueMatrix): BusinessValue {
  checkRecord(matrix, 'matrix');
  const { samples, classes, cells } = confusionAlgebra.read(confusion);
  const { least, most } = rangeOf(matrix);
  const worth = cells.map((cell) => ({ count: cell.count, value: valueOf(cell, classes, matrix) }));
  const total = worth.reduce((sum, { count, value }) => sum + count * value, 0);
  if (samples === 0) return { samples, total: 0, mean: UNMEASURED };
  const mean = Math.min(most, Math.max(least, total / samples));
  const width = most - least;
  if (width === 0)
    return { samples, total, mean: { value: mean, n: samples, low: mean, high: mean, method: 'wilson' } };
  const variance = worth.reduce((sum, { count, value }) => sum + (count / samples) * ((value - mean) / width) ** 2, 0);
  const { low, high } = wilsonOfMean((mean - least) / width, variance / samples, samples);
  return {
    samples,
    total,
    mean: {
      value: mean,
      n: samples,
      low: Math.min(mean, least + width * low),
      high: Math.max(mean, least + width * high),
      method: 'wilson',
    },
  };
}

function rangeOf(matrix: ValueMatrix): { readonly least: number; readonly most: number } {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const [actual, row] of Object.entries(matrix)) {
    if (typeof row !== 'object' || row === null)
      throw invalidCell(actual, undefined, 'expected a number per prediction');
    for (const [predicted, value] of Object.entries(row)) {
      if (!Number.isFinite(value))
        throw invalidCell(actual, predicted, `expected a finite number, got ${String(value)}`);
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
  }
  return { least, most };
}

function valueOf(
  { actual, predicted, correct }: ConfusionReading['cells'][number],
  classes: ConfusionReading['classes'],
  matrix: ValueMatrix,
): number {
  const [label, guess] = [classes[actual]?.class ?? '', classes[predicted]?.class ?? ''];
  if (actual === predicted && !correct) throw invalidCell(label, guess, 'different classes were counted as this one');
  const row = Object.hasOwn(matrix, label) ? matrix[label] : undefined;
  const value = row && Object.hasOwn(row, guess) ? row[guess] : undefined;
  if (value === undefined) throw invalidCell(label, guess, 'has samples but no number');
  return value;
}

function invalidCell(actual: string, predicted: string | undefined, reason: string): PlumblineError {
  const cell = [actual, predicted].map((name) => (name === undefined ? '' : `[${JSON.stringify(name)}]`)).join('');
  return new PlumblineError(
    'invalid_configuration',
    `value matrix: ${cell} ${reason}`,
    'Give one number for every label and every prediction that occur together; declare the classes that have one.',
  );
}
