/** Takes in the confusion counts of another process: every field is checked, what differs is named. */
import { foreignState } from '../distribution/state.ts';

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
  const { classes, cells, folded } = fieldsOf(data);
  if (!isDistinctTexts(classes)) throw foreignState('classes: expected distinct texts');
  return { classes, cells: parseCells(cells, 2, classes, 'cells'), folded: parseCells(folded, 1, classes, 'folded') };
}

function fieldsOf(data: unknown): Partial<Record<keyof ConfusionData, unknown>> {
  if (typeof data !== 'object' || data === null) throw foreignState('data: expected an object');
  return data;
}

function isDistinctTexts(value: unknown): value is string[] {
  return (
    Array.isArray(value) && value.every((item) => typeof item === 'string') && new Set(value).size === value.length
  );
}

/** Rows of `places` indices of classes and a count. */
function parseCells(value: unknown, places: 1, classes: readonly string[], field: string): [number, number][];
function parseCells(value: unknown, places: 2, classes: readonly string[], field: string): [number, number, number][];
function parseCells(value: unknown, places: number, classes: readonly string[], field: string): number[][] {
  if (!Array.isArray(value)) throw foreignState(`${field}: expected a list`);
  const seen = new Set<string>();
  return value.map((cell: unknown, position) => {
    const where = `${field}[${position}]`;
    if (!Array.isArray(cell) || cell.length !== places + 1)
      throw foreignState(`${where}: expected ${places + 1} numbers`);
    const indices: unknown[] = cell.slice(0, places);
    const count: unknown = cell[places];
    if (!indices.every((index) => isIndex(index, classes.length)))
      throw foreignState(`${where}: expected indices of classes`);
    if (!Number.isSafeInteger(count) || count === 0)
      throw foreignState(`${where}: expected a whole number other than 0`);
    const key = indices.join();
    if (seen.has(key)) throw foreignState(`${where}: stands there twice`);
    seen.add(key);
    return cell as number[];
  });
}

function isIndex(value: unknown, length: number): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) < length;
}
