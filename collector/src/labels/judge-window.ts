/** Judges a window of stored predictions, as an embedded monitor would that had recorded them. */
import { referenceLabel } from '../distribution/reference.ts';
import type { DriftWindow } from '../monitor/drift-monitor.ts';
import type { MonitorConfig } from '../monitor/options.ts';
import { Replay } from '../monitor/replay.ts';
import type { KnownVersion } from './declared-model.ts';
import type { Place } from './place.ts';
import type { ReadVersions } from './read-versions.ts';
import { replayed, type RowReader } from './stored-rows.ts';
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

/** Versions whose last window is held: the next one is compared with it, and need not read it again. A few megabytes each. */
const MAX_HELD = 20;

interface Held {
  readonly revision: string;
  readonly rows: number;
  readonly last: Place;
  readonly judging: Replay;
}

/** Judges windows one after the other. */
export class WindowJudge {
  readonly #reader: RowReader;
  readonly #versions: ReadVersions;
  readonly #held = new Map<number, Held>();

  constructor(reader: RowReader, versions: ReadVersions) {
    this.#reader = reader;
    this.#versions = versions;
  }

  /** Undefined where the window is not full. Cost: reading its predictions, those of the window before where it is not held, and the tests. */
  async judge(job: WindowJob): Promise<WindowFinding | undefined> {
    const { known, after, size, arrivedBy, isOpen } = job;
    const place = { versionId: known.versionId, after, arrivedBy };
    const { rows, last } = await this.#reader.extent({ ...place, limit: size });
    if (rows === 0 || (rows < size && !isOpen)) return undefined;
    const config = await this.#versions.config(known, { window: Math.max(SMALLEST_WINDOW, rows), exact: true });
    const shares = new Replay({ ...config, reference: undefined, window: MAX_ASKED_WINDOW }, false);
    const judging = await this.#judging(job, config, rows);
    for await (const chunk of this.#reader.rows({ ...place, until: last, hasFeatures: config.reference !== undefined }))
      for (const stored of chunk) {
        const row = replayed(stored, config.task);
        judging.add(row);
        shares.add(row);
      }
    const { classes } = shares.distribution();
    const verdict = judging.drift();
    if (!isOpen) this.#hold(known, { revision: revisionOf(known), rows, last, judging });
    return {
      rows,
      last,
      counts: Object.fromEntries(classes.map(({ class: name, count }) => [name, count])),
      reference: config.reference ? referenceLabel(config.reference) : null,
      verdict: verdict && verdict.end - verdict.start === rows ? withoutPlace(verdict) : null,
    };
  }

  /** A replay that has seen the window before, where there is one of the same size. */
  async #judging({ known, after, previous }: WindowJob, config: MonitorConfig, rows: number): Promise<Replay> {
    const { versionId } = known;
    if (!previous || !config.reference) return new Replay(config, true);
    const held = this.#held.get(versionId);
    if (held?.revision === revisionOf(known) && held.rows === rows && held.last.seq === after.seq) return held.judging;
    const judging = new Replay(config, true);
    let before = 0;
    for await (const chunk of this.#reader.rows({ versionId, after: previous, until: after, hasFeatures: true })) {
      before += chunk.length;
      if (before > rows) break;
      for (const row of chunk) judging.add(replayed(row, config.task));
    }
    // Of another size, or retention has taken some of it: it is no window to compare with.
    if (before !== rows) return new Replay(config, true);
    judging.drift();
    return judging;
  }

  #hold({ versionId }: KnownVersion, held: Held): void {
    this.#held.delete(versionId);
    if (this.#held.size >= MAX_HELD) this.#held.delete(this.#held.keys().next().value as number);
    this.#held.set(versionId, held);
  }
}

function revisionOf({ reference, revision }: KnownVersion): string {
  return `${reference} ${revision}`;
}

function withoutPlace({ index: _index, start: _start, end: _end, ...verdict }: DriftWindow): StoredVerdict {
  return verdict;
}
