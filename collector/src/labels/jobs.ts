/** Work that reads many predictions. It runs beside ingest (in another thread, where there is one), so its input and output are plain data. */
import type { ReferenceProfile } from '../distribution/reference.ts';
import { Replay } from '../monitor/replay.ts';
import type { PerformanceReport } from '../monitor/reports.ts';
import type { KnownVersion } from './declared-model.ts';
import { HOUR } from './fold-rows.ts';
import { WindowJudge, type WindowFinding, type WindowJob } from './judge-window.ts';
import { BEGINNING } from './place.ts';
import { ReadVersions } from './read-versions.ts';
import { MAX_AHEAD } from './row-fields.ts';
import { selfReferenceOf, type SelfReferenceJob } from './self-reference.ts';
import { replayed, type RowReader } from './stored-rows.ts';

/** Performance over predictions made from `from` on and before `to`. */
export interface PerformanceJob {
  readonly known: KnownVersion;
  readonly from: number | undefined;
  readonly to: number | undefined;
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
  readonly selfReference: (job: SelfReferenceJob) => Promise<ReferenceProfile | undefined>;
}

/** Runs jobs over a reader. */
export function createJobs(reader: RowReader): Jobs {
  const versions = new ReadVersions(reader);
  const judge = new WindowJudge(reader, versions);
  const window = (job: WindowJob): Promise<WindowFinding | undefined> => judge.judge(job);
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
