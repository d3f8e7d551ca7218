/** The Electricity stream of the demo: half-hourly readings of a power market in time order (see `collector/data`). */
import { fileURLToPath } from 'node:url';
import { PlumblineError } from '../errors.ts';
import { numberOf } from './csv/cells.ts';
import { columnIndex, openTable, type CsvRow, type CsvTable } from './csv/table.ts';
import type { BadRow } from './csv/records.ts';

/** The columns the model may look at; none of them knows the future. */
export const FEATURES = ['period', 'nswprice', 'nswdemand', 'vicprice', 'vicdemand', 'transfer'] as const;
/** 1 = the price is above its 24-hour average. */
const TARGET = 'target';

/** Rows the model is trained on and the reference profile is made of; the rest is replayed. */
export const TRAINING_ROWS = 10_000;
/** The readings are half an hour apart … */
export const ROW_MILLISECONDS = 30 * 60 * 1000;
/** … and the first one was taken then (the file holds the time of day only). */
export const FIRST_ROW_TIME = Date.UTC(1996, 4, 7);

/** The file that is shipped, beside `src` as beside `dist`. */
export const ELECTRICITY_FILE = fileURLToPath(new URL('../../data/electricity.csv.gz', import.meta.url));

/** The stream as columns of equal length. */
export interface ElectricityStream {
  /** Per row: the features in the order of `FEATURES`. */
  readonly features: readonly Float64Array[];
  /** Per row: 0 or 1. */
  readonly targets: readonly number[];
}

/**
 * Reads the stream into memory (45,312 rows, about 6 MB).
 * @param onBadRow told each row that is skipped
 * @throws PlumblineError `invalid_input_file` when the file is damaged, lacks a column or is too short to train on
 */
export async function loadElectricity(path: string, onBadRow: (bad: BadRow) => void): Promise<ElectricityStream> {
  const table = await openTable(path, onBadRow);
  const read = rowReader(path, table, onBadRow);
  const features: Float64Array[] = [];
  const targets: number[] = [];
  for await (const row of table.rows) {
    const values = read(row);
    if (!values) continue;
    features.push(values.subarray(0, FEATURES.length));
    targets.push(values[FEATURES.length] as number);
  }
  if (features.length > TRAINING_ROWS) return { features, targets };
  throw new PlumblineError(
    'invalid_input_file',
    `${path} has ${features.length} usable rows; the demo needs more than ${TRAINING_ROWS}.`,
    'Install the package again: the file is part of it.',
  );
}

function rowReader(path: string, table: CsvTable, onBadRow: (bad: BadRow) => void) {
  const names = [...FEATURES, TARGET];
  const indexes = names.map((name) => columnIndex(path, table, name, 'the demo needs it'));
  return ({ line, cells }: CsvRow): Float64Array | undefined => {
    const values = new Float64Array(names.length);
    for (const [position, index] of indexes.entries()) {
      const column = names[position] as string;
      const cell = cells[index] ?? '';
      const value = numberOf(cell);
      if (value === undefined || (column === TARGET && value !== 0 && value !== 1)) {
        const reason = `"${cell}" is not ${column === TARGET ? '0 or 1' : 'a number'}`;
        onBadRow({ line, column, reason });
        return undefined;
      }
      values[position] = value;
    }
    return values;
  };
}
