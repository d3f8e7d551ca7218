/** Reads rows out of columns: what came over the wire, so nothing about its shape is taken for granted. */
import { PlumblineError } from '../../errors.ts';
import { isNested } from './column-writer.ts';

interface NamedColumn {
  /** The nested field it stands in. */
  readonly field: string | undefined;
  readonly name: string;
  readonly values: readonly unknown[];
  /** Rows whose value is null itself. */
  readonly nulls: ReadonlySet<unknown> | undefined;
}

/** A row out of columns; what it holds is checked by whoever takes it. */
export type ReadRow = Record<string, unknown>;

/**
 * The rows of `{columns, nulls?}`: each has the fields whose column holds something other than null at its place (or null
 * itself, where `nulls` lists that place). A column nobody knows is a field of the row like any other.
 * @param common fields every row has, for instance model and version
 * @param maxRows more are refused before any row is made
 * @throws PlumblineError `invalid_request` naming the column that is wrong; `too_large`
 */
export function rowsOf(
  batch: { readonly columns?: unknown; readonly nulls?: unknown },
  common: Readonly<Record<string, unknown>>,
  maxRows: number,
): ReadRow[] {
  const columns = namedColumns(batch.columns, batch.nulls ?? {});
  const [first] = columns;
  if (!first) throw invalid('columns: holds no column', 'Send at least columns.prediction, or columns.label.');
  const count = first.values.length;
  if (count > maxRows) {
    const help = `Send at most ${maxRows} rows in one request.`;
    throw new PlumblineError('too_large', `columns: hold ${count} rows, more than the ${maxRows} allowed`, help);
  }
  for (const column of columns)
    if (column.values.length !== count)
      throw invalid(
        `${pathOf(column)}: has ${column.values.length} values where ${pathOf(first)} has ${count}`,
        'Give every column one value per row, null where a row has none.',
      );
  const rows = Array.from({ length: count }, () => ({ ...common }) as ReadRow);
  for (const column of columns) fill(rows, column);
  return rows;
}

function fill(rows: ReadRow[], { field, name, values, nulls }: NamedColumn): void {
  for (let row = 0; row < values.length; row++) {
    const value = values[row];
    if (value === null && nulls?.has(row) !== true) continue;
    const target = rows[row] as ReadRow;
    set(field === undefined ? target : ((target[field] ??= {}) as ReadRow), name, value);
  }
}

/** Assigning to `__proto__` would change what the row is instead of what it holds. */
function set(target: ReadRow, name: string, value: unknown): void {
  if (name !== '__proto__') target[name] = value;
  else Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
}

function namedColumns(columns: unknown, nulls: unknown): NamedColumn[] {
  if (!isObject(columns))
    throw invalid('columns: expected an object of arrays', 'For example {"id": ["a"], "features": {"age": [41]}}.');
  if (!isObject(nulls)) throw invalid('nulls: expected an object in the shape of columns', 'Leave it out if in doubt.');
  return Object.entries(columns).flatMap(([name, values]) => {
    if (!isNested(name)) return [namedColumn(undefined, name, values, own(nulls, name))];
    const inner = own(nulls, name) ?? {};
    if (!isObject(values) || !isObject(inner))
      throw invalid(`columns.${name}: expected an object of arrays by name`, 'For example {"age": [41, 25]}.');
    return Object.entries(values).map(([key, column]) => namedColumn(name, key, column, own(inner, key)));
  });
}

function namedColumn(field: string | undefined, name: string, values: unknown, nulls: unknown): NamedColumn {
  const path = pathOf({ field, name });
  if (!Array.isArray(values)) throw invalid(`${path}: expected an array`, 'Give it one value per row.');
  if (nulls === undefined) return { field, name, values, nulls: undefined };
  if (!Array.isArray(nulls)) throw invalid(`nulls of ${path}: expected an array of row numbers`, 'Rows count from 0.');
  return { field, name, values, nulls: new Set<unknown>(nulls) };
}

/** A feature may be called `constructor`, which every object has. */
function own(values: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}

function pathOf({ field, name }: { readonly field: string | undefined; readonly name: string }): string {
  return ['columns', ...(field === undefined ? [] : [field]), name].join('.');
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function invalid(message: string, help: string): PlumblineError {
  return new PlumblineError('invalid_request', message, help);
}
