/** What other rooms ask of ingest beside its routes: the versions it knows, its counters, and what it takes for personal. */
import type { FeedbackVerdict } from '../prediction.ts';
import { BatchVersions } from './batch-versions.ts';
import type { Catalog } from './catalog.ts';
import { reasonOf } from './checked-batch.ts';
import type { DeclaredModel, KnownVersion } from './declared-model.ts';
import type { LiveCores } from './live-cores.ts';
import { isHashed, withoutPersonal } from './personal-features.ts';
import type { RowFaultCode } from './row-faults.ts';

/** An item of feedback to count (1), or to take back (−1). */
export interface FeedbackEvent {
  readonly versionId: number;
  readonly verdict: FeedbackVerdict;
  readonly count: 1 | -1;
}

/** The desk. */
export interface IngestDesk {
  /** Of each model that is known: its version in production, else the one last seen here, else the newest. */
  live(models: ReadonlySet<string>): Promise<ReadonlyMap<string, KnownVersion>>;
  /** Counts what is durable. Never throws: what cannot be counted is told. */
  countFeedback(events: readonly FeedbackEvent[]): Promise<void>;
  /** Counts a row that was not taken. */
  rejected(version: KnownVersion, code: RowFaultCode): void;
  /** What may be kept or given away of values by feature name; a hash made before stays as it is. */
  withoutPersonal<Features extends Readonly<Record<string, unknown>>>(
    features: Features,
    declaration: Pick<DeclaredModel, 'features'>,
  ): Features;
}

/** What the desk stands on. */
export interface DeskEnvironment {
  readonly catalog: Catalog;
  readonly cores: LiveCores;
  readonly piiKey: () => string;
  readonly onError: (error: unknown, what: string) => void;
}

/** Makes the desk. */
export function createDesk({ catalog, cores, piiKey, onError }: DeskEnvironment): IngestDesk {
  const versions = new BatchVersions(catalog, cores);
  const count = async ({ versionId, verdict, count: by }: FeedbackEvent) => {
    const version = cores.use(versionId) === undefined ? await catalog.byId(versionId) : undefined;
    const core = cores.use(versionId) ?? (version && (await cores.open(version)));
    core?.feedback(verdict, by);
  };
  return {
    live: (models) => versions.live(models),
    countFeedback: async (events) => {
      try {
        for (const event of events) await count(event);
      } catch (error) {
        onError(error, 'feedback was stored, but could not be counted');
      }
    },
    rejected: ({ versionId }, code) => {
      const reason = reasonOf(code);
      if (reason) cores.use(versionId)?.reject(reason);
    },
    withoutPersonal: (features, { features: declared = {} }) => {
      const unhashed = Object.entries(declared).filter(
        ([name, { pii }]) => pii === 'drop' || (pii === 'hash' && !isHashed(features[name])),
      );
      return withoutPersonal(features, { features: Object.fromEntries(unhashed) }, piiKey()) ?? features;
    },
  };
}
