/**
 * Turns rows into columns, one value after the other. `{"columns": {"id": […], "features": {"age": […]}}}` says every name
 * once per batch instead of once per row: a third less to send, and read in a third of the time (`shared/reference/performance.md`).
 */

/** Fields of a row that hold values by name; their columns stand one level deeper. */
export const NESTED_FIELDS = ['features', 'scores'] as const;
/** One of them. */
export type NestedField = (typeof NESTED_FIELDS)[number];

/** One value per row; null where the row has none. */
export type Column = readonly unknown[];

/** Columns by field; those of a nested field by name. */
export type Columns = Readonly<Record<string, Column | Readonly<Record<string, Column>>>>;

/** Rows as columns. */
export interface ColumnarRows {
  readonly columns: Columns;
  /** In the shape of `columns`, positions of rows whose value is null itself, where a missing value and null are to be told apart. */
  readonly nulls?: Columns;
}

/** What null, a comma and the name of a column take in JSON, beside its values. */
const NULL_BYTES = 5;

/** The columns of one field, or of the names in a nested one. */
class ColumnGroup {
  readonly names: string[] = [];
  readonly #values: unknown[][] = [];
  readonly #nulls: number[][] = [];
  readonly #index = new Map<string, number>();
  /** Rows mostly come with the same names in the same order: the next one is looked at before all others. */
  #next = 0;

  begin(): void {
    this.#next = 0;
  }

  has(name: string): boolean {
    return this.#index.has(name);
  }

  /** @returns rows that had to be filled up, for a column that is new */
  put(name: string, value: unknown, row: number): number {
    const known = this.names[this.#next] === name ? this.#next : this.#index.get(name);
    const column = known ?? this.#add(name);
    this.#next = column + 1;
    const values = this.#values[column] as unknown[];
    const filled = row - values.length;
    for (let missing = filled; missing > 0; missing--) values.push(null);
    if (values.length > row) values[row] = value;
    else values.push(value);
    if (value === null) (this.#nulls[column] as number[]).push(row);
    return filled > 0 ? filled : 0;
  }

  /** Values by name, all of the same length. */
  columns(rows: number): Readonly<Record<string, Column>> {
    for (const values of this.#values) while (values.length < rows) values.push(null);
    // By entries: a feature may be called `__proto__`.
    return Object.fromEntries(this.names.map((name, column) => [name, this.#values[column] as unknown[]]));
  }

  nulls(): Readonly<Record<string, Column>> | undefined {
    const found = this.names.map((name, column) => [name, this.#nulls[column] as number[]] as const);
    const some = found.filter(([, rows]) => rows.length > 0);
    return some.length > 0 ? Object.fromEntries(some) : undefined;
  }

  #add(name: string): number {
    const column = this.names.push(name) - 1;
    this.#values.push([]);
    this.#nulls.push([]);
    this.#index.set(name, column);
    return column;
  }
}

/** Collects rows into columns. A row is its `put` and `putNested` calls, then `endRow`. */
export class ColumnWriter {
  readonly #fields = new ColumnGroup();
  readonly #nested: Readonly<Record<NestedField, ColumnGroup>> = {
    features: new ColumnGroup(),
    scores: new ColumnGroup(),
  };
  #rows = 0;
  #bytes = 0;

  get rows(): number {
    return this.#rows;
  }

  /** About how long the JSON will be: exact for ASCII texts, numbers counted by `cellBytes`. */
  get bytes(): number {
    return this.#bytes;
  }

  /** What a new column would have to be filled up with, in bytes. */
  fillBytes(field: NestedField, name: string): number {
    return this.#nested[field].has(name) ? 0 : this.#rows * NULL_BYTES;
  }

  /** @param value of JSON; null is told apart from a value that was not put */
  put(field: string, value: unknown): void {
    this.#count(value, this.#fields.put(field, value, this.#rows));
  }

  putNested(field: NestedField, name: string, value: unknown): void {
    this.#count(value, this.#nested[field].put(name, value, this.#rows));
  }

  endRow(): void {
    this.#rows++;
    this.#fields.begin();
    for (const field of NESTED_FIELDS) this.#nested[field].begin();
  }

  /** What was collected. The writer is not to be used afterwards: the columns are its own. */
  finish(): ColumnarRows {
    const columns: Record<string, Columns[string]> = { ...this.#fields.columns(this.#rows) };
    const nulls: Record<string, Columns[string]> = { ...this.#fields.nulls() };
    for (const field of NESTED_FIELDS) {
      const group = this.#nested[field];
      if (group.names.length > 0) columns[field] = group.columns(this.#rows);
      const empty = group.nulls();
      if (empty) nulls[field] = empty;
    }
    return Object.keys(nulls).length > 0 ? { columns, nulls } : { columns };
  }

  #count(value: unknown, filled: number): void {
    this.#bytes += cellBytes(value) + filled * NULL_BYTES;
  }
}

/** A row as an object of values. */
export type PlainRow = Readonly<Record<string, unknown>>;

/**
 * Rows as columns: `rowsOf` gives the same rows back. `undefined` counts as missing, and so does a nested field without any
 * value. Cost: O(values).
 */
export function columnsOf(rows: readonly PlainRow[]): ColumnarRows {
  const writer = new ColumnWriter();
  for (const row of rows) {
    for (const [field, value] of Object.entries(row)) {
      if (isNested(field)) {
        for (const [name, inner] of Object.entries(value ?? {}))
          if (inner !== undefined) writer.putNested(field, name, inner);
      } else if (value !== undefined) writer.put(field, value);
    }
    writer.endRow();
  }
  return writer.finish();
}

/** Whether the columns of a field stand one level deeper. */
export function isNested(field: string): field is NestedField {
  return field === 'features' || field === 'scores';
}

/** A number of middling length, and the comma after it. */
const NUMBER_BYTES = 12;

/** About what a value takes in JSON, the comma included. */
export function cellBytes(value: unknown): number {
  if (typeof value === 'string') return value.length + 3;
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + cellBytes(item), 2);
  if (typeof value === 'object' && value !== null) return JSON.stringify(value).length + 1;
  return typeof value === 'number' ? NUMBER_BYTES : NULL_BYTES;
}
