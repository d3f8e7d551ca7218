/** Several ordered streams as one. */
import type { Place } from '../../labels/place.ts';

interface Head<Row> {
  readonly row: Row;
  readonly stream: AsyncIterator<Row>;
}

/** In the order of their places. Holds one row of each stream; cost per row: one look at each head. */
export async function* mergedByPlace<Row extends Place>(streams: readonly AsyncIterable<Row>[]): AsyncGenerator<Row> {
  const iterators = streams.map((stream) => stream[Symbol.asyncIterator]());
  try {
    const heads: Head<Row>[] = [];
    for (const stream of iterators) {
      const { done, value } = await stream.next();
      if (done !== true) heads.push({ row: value, stream });
    }
    while (heads.length > 0) {
      const first = heads.reduce((best, head, index) => (isBefore(head, heads[best]) ? index : best), 0);
      const { row, stream } = heads[first] as Head<Row>;
      yield row;
      const { done, value } = await stream.next();
      if (done === true) heads.splice(first, 1);
      else heads[first] = { row: value, stream };
    }
  } finally {
    for (const stream of iterators) await stream.return?.();
  }
}

function isBefore({ row: a }: Head<Place>, other: Head<Place> | undefined): boolean {
  const b = other?.row;
  return b === undefined || a.arrived < b.arrived || (a.arrived === b.arrived && a.seq < b.seq);
}
