/** Rows that travel together, and what they are once they are bytes. */
import { isNested, type Columns, type ColumnWriter } from '../columns/column-writer.ts';

/** Which route rows go to. */
export type ShipmentKind = 'predictions' | 'labels' | 'feedback';

/** A request body that does not change any more, however often it is sent. */
export interface Shipment {
  readonly kind: ShipmentKind;
  readonly rows: number;
  readonly body: Buffer;
}

/** Rows in memory, made into bytes when they are sent or written and not before. */
export class Batch {
  readonly kind: ShipmentKind;
  /** Position in the line of all batches of this process. */
  readonly seq: number;
  readonly rows: number;
  /** About what it takes. */
  readonly bytes: number;
  #writer: ColumnWriter | undefined;
  readonly #common: Readonly<Record<string, string>>;
  #shipment: Shipment | undefined;

  constructor(kind: ShipmentKind, seq: number, writer: ColumnWriter, common: Readonly<Record<string, string>>) {
    this.kind = kind;
    this.seq = seq;
    this.rows = writer.rows;
    this.bytes = writer.bytes;
    this.#writer = writer;
    this.#common = common;
  }

  /** Cost: one `JSON.stringify` of all its rows, the first time. */
  shipment(): Shipment {
    if (this.#writer) {
      const body = Buffer.from(JSON.stringify({ ...this.#common, ...this.#writer.finish() }));
      this.#shipment = { kind: this.kind, rows: this.rows, body };
      this.#writer = undefined;
    }
    return this.#shipment as Shipment;
  }
}

interface Body {
  readonly columns: Columns;
  readonly nulls?: Columns;
}

/** The same rows as two requests, in order; one row cannot be split. */
export function splitShipment({ kind, rows, body }: Shipment): readonly [Shipment, Shipment] {
  const { columns, nulls, ...common } = JSON.parse(body.toString()) as Body;
  const half = Math.floor(rows / 2);
  const part = (from: number, to: number): Shipment => {
    const sliced = {
      ...common,
      columns: mapColumns(columns, (values) => values.slice(from, to)),
      ...(nulls && { nulls: mapColumns(nulls, (positions) => positionsWithin(positions, from, to)) }),
    };
    return { kind, rows: to - from, body: Buffer.from(JSON.stringify(sliced)) };
  };
  return [part(0, half), part(half, rows)];
}

function mapColumns(columns: Columns, change: (values: readonly unknown[]) => readonly unknown[]): Columns {
  const mapped = (entries: Columns): [string, readonly unknown[]][] =>
    Object.entries(entries as Readonly<Record<string, readonly unknown[]>>).map(([name, values]) => [
      name,
      change(values),
    ]);
  return Object.fromEntries(
    Object.entries(columns).map(([name, values]) =>
      isNested(name)
        ? [name, Object.fromEntries(mapped(values as Columns))]
        : [name, change(values as readonly unknown[])],
    ),
  );
}

function positionsWithin(positions: readonly unknown[], from: number, to: number): number[] {
  return (positions as readonly number[]).filter((row) => row >= from && row < to).map((row) => row - from);
}
