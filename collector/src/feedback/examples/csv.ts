/** Training examples as CSV that a spreadsheet does not take for formulas. */
import { stringify } from 'csv-stringify/sync';
import { PlumblineError } from '../../errors.ts';
import type { DeclaredModel } from '../../labels/declared-model.ts';
import type { FeatureValue } from '../../prediction.ts';
import type { TrainingExample } from '../training-example.ts';

const FIXED = ['position', 'id', 'timestamp', 'version', 'prediction', 'label', 'weight', 'source'] as const;
const MAX_COLUMNS = 1_000;
/** A cell that begins so is a formula to a spreadsheet, full-width signs included. */
const FORMULA = /^[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/;
/** A number is none. */
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

type Cell = FeatureValue;

/** Names of the feature columns. @throws PlumblineError `invalid_request` where nobody names them */
export function csvColumns(
  asked: readonly string[] | undefined,
  declared: DeclaredModel['features'] = {},
): readonly string[] {
  const names = asked ?? Object.keys(declared).filter((name) => declared[name]?.pii !== 'drop');
  if (names.length > 0 && names.length <= MAX_COLUMNS && new Set(names).size === names.length) return names;
  const help = 'List them in "features", declare the features of the model, or ask for the format jsonl.';
  const fault =
    names.length === 0 ? 'a CSV needs the names of its columns' : `expected at most ${MAX_COLUMNS}, each once`;
  throw new PlumblineError('invalid_request', `features: ${fault}.`, help);
}

/** Cells of an example; of the header without one. */
export function csvRow(
  row: { readonly position: string; readonly example: TrainingExample } | undefined,
  columns: readonly string[],
): Cell[] {
  // A feature may be called as a fixed column is.
  if (!row) return [...FIXED, ...columns.map((name) => `feature.${name}`)];
  const { position, example } = row;
  const { features, ...fields } = { position, ...example };
  return [...FIXED.map((name) => fields[name]), ...columns.map((name) => own(features, name))];
}

/** Lines of CSV (RFC 4180, line feeds); a text that a spreadsheet would run has an apostrophe before it. */
export function csvText(rows: readonly (readonly Cell[])[]): string {
  return stringify(rows.map((cells) => cells.map(harmless)));
}

function harmless(cell: Cell): string {
  if (cell === null || cell === undefined) return '';
  const text = String(cell);
  return typeof cell === 'string' && FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
}

function own(features: TrainingExample['features'], name: string): FeatureValue {
  return Object.hasOwn(features, name) ? features[name] : undefined;
}
