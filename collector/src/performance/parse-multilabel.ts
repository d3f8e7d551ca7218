/** Takes in the multilabel counts of another process: every field is checked, what differs is named. */
import { distinctTexts, fieldsOf, isBelow, rowsOf } from './state-fields.ts';

/** The data of a serialised multilabel state. */
export interface MultilabelData {
  readonly declared: readonly string[];
  readonly labels: readonly (readonly [label: string, hits: number, falseAlarms: number, misses: number])[];
  readonly shapes: readonly (readonly [overlap: number, predicted: number, actual: number, count: number])[];
}

/**
 * Checks the data of a serialised multilabel state: labels are distinct texts with three whole numbers, shapes have no more right
 * labels than predicted or true ones, nothing stands there twice.
 * @param limit numbers of labels in one sample are below it
 * @throws PlumblineError `foreign_state` naming the field
 */
export function parseMultilabel(data: unknown, limit: number): MultilabelData {
  const fields = fieldsOf(data);
  const labels = rowsOf(fields['labels'], 'labels', { keys: 1, counts: 3, expected: 'a label' }, ([label]) => {
    return typeof label === 'string';
  });
  const expected = 'numbers of right, predicted and true labels';
  const shapes = rowsOf(fields['shapes'], 'shapes', { keys: 3, counts: 1, expected }, (keys) => {
    if (!keys.every((key) => isBelow(key, limit))) return false;
    const [overlap, predicted, actual] = keys as [number, number, number];
    return overlap <= predicted && overlap <= actual;
  });
  return {
    declared: distinctTexts(fields['declared'], 'declared'),
    labels: labels as [string, number, number, number][],
    shapes: shapes as [number, number, number, number][],
  };
}
