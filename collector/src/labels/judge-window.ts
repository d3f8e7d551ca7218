/** Judges a window of stored predictions, as an embedded monitor would that had recorded them. */
import { referenceLabel } from '../distribution/reference.ts';
import type { DriftWindow } from '../monitor/drift-monitor.ts';
import { Replay } from '../monitor/replay.ts';
import type { KnownVersion } from './declared-model.ts';
import type { Place } from './place.ts';
import type { ReadVersions } from './read-versions.ts';
import { replayed, type RowReader, type RowsQuery } from './stored-rows.ts';
import type { StoredVerdict } from './stored-window.ts';

/** A window that is asked for is judged over so many predictions at most. */
export const MAX_ASKED_WINDOW = 100_000;
/** Windows of fewer predictions say nothing. */
const SMALLEST_WINDOW = 10;

/** The next window of a version after a place; or, without `size`, as many as there are. */
export interface WindowJob {
  readonly known: KnownVersion;
  readonly after: Place;
  /** Predictions; fewer are no window. */
  readonly size: number;
  /** Rows that arrived later may still be joined by others, epoch ms. */
  readonly arrivedBy?: number;
  /** Where the window before began, to be compared with; undefined for none. */
  readonly previous: Place | undefined;
  /** Also where there are fewer rows than `size`. */
  readonly isOpen: boolean;
}

/** What a window holds. */
export interface WindowFinding {
  readonly rows: number;
  readonly last: Place;
  readonly counts: Readonly<Record<string, number>>;
  readonly reference: string | null;
  readonly verdict: StoredVerdict | null;
}

/** Undefined where the window is not full. Cost: its predictions are read three times, and those of the window before twice. */
export async function windowOf(
  reader: RowReader,
  versions: ReadVersions,
  { known, after, size, previous, arrivedBy, isOpen }: WindowJob,
): Promise<WindowFinding | undefined> {
  const query: RowsQuery = { versionId: known.versionId, after, arrivedBy, limit: size, hasFeatures: true };
  const { rows, last } = await extentOf(reader, query);
  if (rows === 0 || (rows < size && !isOpen)) return undefined;
  const before: RowsQuery | undefined = previous && { ...query, after: previous, until: after, limit: undefined };
  const config = await versions.config(known, { window: Math.max(SMALLEST_WINDOW, rows), exact: true });
  const shares = new Replay({ ...config, reference: undefined, window: MAX_ASKED_WINDOW }, false);
  const judging = new Replay(config, true);
  if (before && (await extentOf(reader, before)).rows === rows) {
    for await (const chunk of reader.rows(before)) for (const row of chunk) judging.add(replayed(row, config.task));
    judging.drift();
  }
  for await (const chunk of reader.rows(query))
    for (const stored of chunk) {
      const row = replayed(stored, config.task);
      judging.add(row);
      shares.add(row);
    }
  const { classes } = shares.distribution();
  const verdict = judging.drift();
  return {
    rows,
    last,
    counts: Object.fromEntries(classes.map(({ class: name, count }) => [name, count])),
    reference: config.reference ? referenceLabel(config.reference) : null,
    verdict: verdict && verdict.end - verdict.start === rows ? withoutPlace(verdict) : null,
  };
}

function withoutPlace({ index: _index, start: _start, end: _end, ...verdict }: DriftWindow): StoredVerdict {
  return verdict;
}

/** How many predictions a query finds, and where the last one is. */
async function extentOf(reader: RowReader, query: RowsQuery): Promise<{ rows: number; last: Place }> {
  let [rows, last] = [0, query.after];
  for await (const chunk of reader.rows({ ...query, hasFeatures: false })) {
    rows += chunk.length;
    last = chunk.at(-1) ?? last;
  }
  return { rows, last: { arrived: last.arrived, seq: last.seq } };
}
