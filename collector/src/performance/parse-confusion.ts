/** Takes in the confusion counts of another process: every field is checked, what differs is named. */
import { distinctTexts, fieldsOf, isBelow, rowsOf } from './state-fields.ts';

/** The data of a serialised confusion state; cells index `classes`. */
export interface ConfusionData {
  readonly classes: readonly string[];
  readonly cells: readonly (readonly [actual: number, predicted: number, count: number])[];
  readonly folded: readonly (readonly [index: number, count: number])[];
}

/**
 * Checks the data of a serialised confusion: classes are distinct texts, cells name two of them and a whole number other than
 * 0, no cell stands there twice.
 * @throws PlumblineError `foreign_state` naming the field
 */
export function parseConfusion(data: unknown): ConfusionData {
  const fields = fieldsOf(data);
  const classes = distinctTexts(fields['classes'], 'classes');
  const rows = (field: string, keys: number): unknown[][] =>
    rowsOf(fields[field], field, { keys, counts: 1, expected: 'indices of classes' }, (indices) =>
      indices.every((index) => isBelow(index, classes.length)),
    );
  return {
    classes,
    cells: rows('cells', 2) as [number, number, number][],
    folded: rows('folded', 1) as [number, number][],
  };
}
