/** Work that reads many predictions. It runs beside ingest (in another thread, where there is one), so its input and output are plain data. */
import { profileReference, type FeatureRow } from '../distribution/profile.ts';
import { referenceLabel, type ReferenceProfile } from '../distribution/reference.ts';
import type { DriftWindow } from '../monitor/drift-monitor.ts';
import type { MonitorConfig, MonitorOptions } from '../monitor/options.ts';
import { Replay } from '../monitor/replay.ts';
import type { PerformanceReport } from '../monitor/reports.ts';
import { SCORE_FEATURE, VALUE_FEATURE, type ClassValue, type PredictedValue } from '../prediction.ts';
import { usableConfig, usableReference } from './core-config.ts';
import { HOUR } from './fold-rows.ts';
import type { KnownVersion } from './declared-model.ts';
import { BEGINNING, type Place } from './place.ts';
import { MAX_AHEAD } from './row-fields.ts';
import { replayed, type RowReader, type RowsQuery } from './stored-rows.ts';
import type { StoredVerdict } from './stored-window.ts';

/** Windows of fewer predictions say nothing. */
const SMALLEST_WINDOW = 10;
/** References held: a few megabytes each at most. */
const MAX_HELD = 20;
/** A window of a report is judged over so many predictions at most. */
export const MAX_ASKED_WINDOW = 100_000;
/** Predictions a reference of a version's own is made of. */
export const SELF_ROWS = 5_000;

/** Performance over predictions made from `from` on and before `to`. */
export interface PerformanceJob {
  readonly known: KnownVersion;
  readonly from: number | undefined;
  readonly to: number | undefined;
}

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

/** Everything that can be asked for. */
export interface Jobs {
  readonly performance: (job: PerformanceJob) => Promise<PerformanceReport>;
  /** Undefined where the window is not full yet. */
  readonly window: (job: WindowJob) => Promise<WindowFinding | undefined>;
  /** The last predictions as a window, compared with as many before. */
  readonly lastWindow: (job: {
    readonly known: KnownVersion;
    readonly size: number;
  }) => Promise<WindowFinding | undefined>;
  /** A reference of the first predictions; undefined while there are too few. */
  readonly selfReference: (job: {
    readonly known: KnownVersion;
    readonly now: number;
  }) => Promise<ReferenceProfile | undefined>;
}

/** Runs jobs over a reader. */
export function createJobs(reader: RowReader): Jobs {
  const versions = new ReadVersions(reader);
  const window = (job: WindowJob): Promise<WindowFinding | undefined> => windowOf(reader, versions, job);
  return {
    performance: (job) => performanceOf(reader, versions, job),
    window,
    lastWindow: async ({ known, size }) => {
      const previous = await reader.placeBeforeLast(known.versionId, 2 * size);
      const after = await reader.placeBeforeLast(known.versionId, size);
      return window({ known, after, size, previous: previous.seq === after.seq ? undefined : previous, isOpen: true });
    },
    selfReference: (job) => selfReferenceOf(reader, versions, job),
  };
}

async function performanceOf(
  reader: RowReader,
  versions: ReadVersions,
  { known, from, to }: PerformanceJob,
): Promise<PerformanceReport> {
  const { versionId } = known;
  const config = await versions.config(known, { history: 24, detectors: ['adwin'] });
  const replay = new Replay(config, false);
  const firstHour = Math.floor((from ?? 0) / HOUR) * HOUR;
  for (const { segment, folded } of await reader.folded(versionId, firstHour, to ?? Number.MAX_SAFE_INTEGER))
    if (folded.task === config.task) replay.absorb(folded, segment === '' ? undefined : segment);
  // Nothing arrives before it was made, but for clocks that go wrong.
  const after = from === undefined ? BEGINNING : { arrived: from - MAX_AHEAD, seq: -1 };
  for await (const rows of reader.rows({ versionId, after, from, to, hasFeatures: false }))
    for (const row of rows) replay.add(replayed(row, config.task));
  return replay.performance();
}

async function windowOf(
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

async function selfReferenceOf(
  reader: RowReader,
  versions: ReadVersions,
  { known, now }: { readonly known: KnownVersion; readonly now: number },
): Promise<ReferenceProfile | undefined> {
  const config = await versions.config(known, {});
  const replay = new Replay(config, false);
  const features: FeatureRow[] = [];
  const predicted: PredictedValue[] = [];
  const scores: number[] = [];
  const query = { versionId: known.versionId, after: BEGINNING, limit: SELF_ROWS, hasFeatures: true };
  for await (const rows of reader.rows(query))
    for (const stored of rows) {
      const row = replayed(stored, config.task);
      scores.push(replay.add(row));
      predicted.push(row.prediction);
      features.push(row.features ?? {});
    }
  if (features.length < SELF_ROWS) return undefined;
  const isNumber = config.task === 'regression';
  return profileReference(features, {
    features: namesWithValues(features),
    ...(scores.some(Number.isFinite) && { scores }),
    ...(isNumber ? { values: predicted as number[] } : { predictions: predicted.flat() as ClassValue[] }),
    createdAt: new Date(now).toISOString(),
  });
}

/** A feature no row has a value for cannot be profiled; it must not cost the others their reference. */
function namesWithValues(rows: readonly FeatureRow[]): string[] {
  const names = new Set<string>();
  for (const row of rows)
    for (const [name, value] of Object.entries(row)) if (value !== null && !isReserved(name)) names.add(name);
  return [...names];
}

function isReserved(name: string): boolean {
  return name === SCORE_FEATURE || name === VALUE_FEATURE;
}

/** Configurations of versions that were asked about lately: a reference is large, and its digest is checked. */
class ReadVersions {
  readonly #reader: RowReader;
  readonly #references = new Map<string, ReferenceProfile | undefined>();

  constructor(reader: RowReader) {
    this.#reader = reader;
  }

  async config(known: KnownVersion, options: Partial<MonitorOptions>): Promise<MonitorConfig> {
    return usableConfig(known, known.hasReference ? await this.#reference(known) : undefined, options);
  }

  async #reference({ versionId, revision }: KnownVersion): Promise<ReferenceProfile | undefined> {
    const key = `${versionId} ${revision}`;
    const held = this.#references.get(key);
    if (held !== undefined) return held;
    const reference = usableReference(await this.#reader.reference(versionId));
    if (this.#references.size >= MAX_HELD) this.#references.clear();
    this.#references.set(key, reference);
    return reference;
  }
}
