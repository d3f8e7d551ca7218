/** A replica of the ingest service over a database, on a clock that stands still until told otherwise. */
import { createIngestService, type IngestService } from '../../../../collector/src/labels/ingest-service.ts';
import type { Jobs } from '../../../../collector/src/labels/jobs.ts';
import type { IngestStore } from '../../../../collector/src/labels/ingest-store.ts';
import type { DeclaredModel } from '../../../../collector/src/labels/declared-model.ts';
import type { ReferenceProfile } from '../../../../collector/src/distribution/reference.ts';
import type { Database } from '../../../../collector/src/storage/database.ts';
import { createIngestStore } from '../../../../collector/src/storage/ingest/ingest-store.ts';
import { createLocalJobs, type OpenJobs } from '../../../../collector/src/storage/reader/create-jobs.ts';
import { METRICS, type MetricKey } from '../../../../collector/src/telemetry/names.ts';
import type { MetricStore } from '../../../../collector/src/telemetry/store.ts';

export const START = Date.UTC(2026, 0, 1);
export const SECOND = 1_000;
export const DAY = 86_400_000;

/** What a test may have otherwise. */
export interface ReplicaOptions {
  readonly name?: string;
  readonly stripe?: number;
  readonly store?: (store: IngestStore) => IngestStore;
  readonly maxCores?: number;
  readonly jobs?: OpenJobs;
}

export class Replica {
  readonly service: IngestService;
  readonly stores = new Set<MetricStore>();
  readonly errors: string[] = [];
  readonly #jobs: OpenJobs;
  now = START;
  #made = 0;

  constructor(database: Database, options: ReplicaOptions = {}) {
    const { name = 'a', stripe = 0, store = (made) => made, maxCores, jobs = createLocalJobs(database) } = options;
    this.#jobs = jobs;
    this.service = createIngestService({
      store: store(createIngestStore(database)),
      jobs: jobs satisfies Jobs,
      now: () => this.now,
      makeId: () => `${name}-made-${++this.#made}`,
      replica: name,
      stripe,
      piiKey: 'a key of the test',
      pause: () => new Promise((resolve) => setImmediate(resolve)),
      defer: (work) => void setImmediate(work),
      every: () => () => {},
      attach: (made) => {
        this.stores.add(made);
        return () => this.stores.delete(made);
      },
      onError: (error, what) => this.errors.push(`${what}: ${String(error)}`),
      settings: { zeroHoldSeconds: 0 },
      ...(maxCores !== undefined && { maxCores }),
    });
  }

  async close(): Promise<void> {
    await this.service.close();
    await this.#jobs.close();
  }

  /** Counters of all versions, by metric and labels, those above 0; gauges only where asked for. */
  counters(): Map<string, number> {
    const values = new Map<string, number>();
    for (const store of this.stores) {
      store.collect();
      for (const snapshot of store.collect()) {
        if (snapshot.kind === 'histogram')
          for (const { attributes, count, sum } of snapshot.points) {
            if (count > 0) values.set(`${snapshot.spec.name}_count ${JSON.stringify(attributes)}`, count);
            if (count > 0) values.set(`${snapshot.spec.name}_sum ${JSON.stringify(attributes)}`, sum);
          }
        else if (snapshot.kind === 'counter')
          for (const { attributes, value } of snapshot.points)
            if (value !== 0) values.set(`${snapshot.spec.name} ${JSON.stringify(attributes)}`, value);
      }
    }
    return values;
  }

  /** Sum over the series of a metric that carry these labels; undefined where there is none. */
  value(key: MetricKey, labels: Readonly<Record<string, string>> = {}): number | undefined {
    const found: number[] = [];
    for (const store of this.stores) {
      store.collect();
      for (const snapshot of store.collect()) {
        if (snapshot.spec.name !== METRICS[key].name || snapshot.kind === 'histogram') continue;
        for (const { attributes, value } of snapshot.points)
          if (Object.entries(labels).every(([name, wanted]) => attributes[name] === wanted)) found.push(value);
      }
    }
    return found.length === 0 ? undefined : found.reduce((sum, value) => sum + value, 0);
  }

  /** Labels by status, those above 0. */
  labels(version = '1'): Record<string, number> {
    const counted: Record<string, number> = {};
    for (const status of ['joined', 'late', 'duplicate', 'corrected', 'unknown', 'expired']) {
      const value = this.value('labels', { version, status });
      if (value) counted[status] = value;
    }
    return counted;
  }
}

/** Registers a model with one version, as the registry would. */
export async function declare(
  { db }: Database,
  declaration: DeclaredModel & { readonly policy?: object; readonly reference?: ReferenceProfile },
  names: { readonly model?: string; readonly version?: string; readonly stage?: string | null } = {},
): Promise<void> {
  const { policy, reference, ...declared } = declaration;
  const { model = 'churn', version = '1', stage = 'production' } = names;
  await db
    .insertInto('models')
    .values({
      name: model,
      registered: 1,
      declaration: JSON.stringify(declared),
      policy: policy ? JSON.stringify(policy) : null,
      policy_revision: 0,
      created_at: 1,
    })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute();
  const { id } = await db.selectFrom('models').select('id').where('name', '=', model).executeTakeFirstOrThrow();
  await db
    .insertInto('versions')
    .values({
      ...{ model_id: id, name: version, registered: 1, stage, description: '', origin: null, digest: null },
      ...{ artifact: null, tags: '{}', files: '[]', metrics: '{}', created_at: 1, deleted_at: null },
      reference: reference ? JSON.stringify(reference) : null,
      reference_digest: reference?.digest ?? null,
    })
    .execute();
}
