/** Which columns of a table are numbers, judged on its first rows. */
import type { FeatureType } from '../../prediction.ts';
import { isMissing, numberOf } from './cells.ts';
import type { CsvRow } from './table.ts';

/**
 * A column is numeric when most of its present values are numbers, so that a single bad cell does not turn a measurement
 * into a category; a column without any value counts as categorical.
 */
export function columnType(rows: readonly CsvRow[], index: number): FeatureType {
  let numbers = 0;
  let present = 0;
  for (const { cells } of rows) {
    const cell = cells[index] ?? '';
    if (isMissing(cell)) continue;
    present++;
    if (numberOf(cell) !== undefined) numbers++;
  }
  return numbers > present / 2 ? 'numeric' : 'categorical';
}
