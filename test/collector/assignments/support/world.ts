/** Experiments over a real store: versions, ingest, and replicas that look after them, on one clock that stands still until told otherwise. */
import type { AuditRecord } from '../../../../collector/src/audit/audit-event.ts';
import type { ExperimentChange } from '../../../../collector/src/assignments/experiment.ts';
import { ExperimentKeeper, type GuardrailBreach } from '../../../../collector/src/assignments/experiment-keeper.ts';
import { createExperiments } from '../../../../collector/src/assignments/experiment-service.ts';
import type { ExperimentStore } from '../../../../collector/src/assignments/experiment-store.ts';
import { createAuditReader } from '../../../../collector/src/storage/audit-log.ts';
import type { Database } from '../../../../collector/src/storage/database.ts';
import { createExperimentStore } from '../../../../collector/src/storage/experiments/experiment-store.ts';
import { createUnitStore } from '../../../../collector/src/storage/experiments/unit-store.ts';
import { ACT } from '../../registry/support/control.ts';
import { declare, Replica, SECOND } from '../../labels/support/replica.ts';

export const MODEL = 'churn';
/** Time in which what was written is settled on every engine, and a comparison has rested. */
const SETTLE = 60 * SECOND;

/** A prediction of an experiment, as a router sends it. */
export interface Routed {
  readonly id: string;
  readonly key?: string;
  readonly version: string;
  readonly epoch?: number;
  readonly prediction?: string;
  readonly label?: string;
  readonly seconds?: number;
  readonly experiment?: string;
  readonly shadowOf?: string;
  /** When it was made, epoch ms; default: when it is recorded. */
  readonly timestamp?: number;
}

export class World {
  readonly database: Database;
  readonly ingest: Replica;
  readonly store: ExperimentStore;
  readonly breaches: GuardrailBreach[] = [];
  readonly errors: string[] = [];
  readonly experiments: ReturnType<typeof createExperiments>;
  random = 0;
  #salts = 0;

  constructor(database: Database) {
    this.database = database;
    this.ingest = new Replica(database);
    this.store = createExperimentStore(database);
    this.experiments = createExperiments({
      ...{ store: this.store, units: createUnitStore(database), now: () => this.now },
      ...{ random: () => this.random, newSalt: () => `salt-${++this.#salts}` },
    });
  }

  get now(): number {
    return this.ingest.now;
  }

  pass(milliseconds: number): void {
    this.ingest.now += milliseconds;
  }

  /** A process that looks after experiments; it leads unless it is told not to. */
  keeper(lead: () => Promise<boolean> = () => Promise.resolve(true)): ExperimentKeeper {
    return new ExperimentKeeper({
      ...{ store: this.store, units: createUnitStore(this.database), now: () => this.now, lead },
      pause: () => new Promise((resolve) => setImmediate(resolve)),
      onError: (error, what) => this.errors.push(`${what}: ${String(error)}`),
      onGuardrail: (breach) => this.breaches.push(breach),
    });
  }

  /** A round, after what was written has settled. */
  async round(keeper: ExperimentKeeper): Promise<void> {
    this.pass(SETTLE);
    await keeper.round();
    expect(this.errors).toEqual([]);
  }

  /** Saved versions; the first is in production. */
  async versions(...names: readonly string[]): Promise<void> {
    for (const [index, version] of names.entries())
      await declare(
        this.database,
        { task: 'classification', classes: ['yes', 'no'] },
        { model: MODEL, version, stage: index === 0 ? 'production' : 'staging' },
      );
  }

  put(change: ExperimentChange, name = 'blue') {
    return this.experiments.put(MODEL, name, change, ACT);
  }

  /** A running experiment of two arms, where only the first prediction of a key counts. */
  start(change: ExperimentChange = {}, name = 'blue') {
    const arms = [
      { version: '1', weight: 1 },
      { version: '2', weight: 1 },
    ];
    return this.put({ arms, keyWindowSeconds: 0, state: 'running', reason: 'go', ...change }, name);
  }

  /** Ingests predictions with their labels; those without one wait. */
  async record(rows: readonly Routed[]): Promise<void> {
    const predictions = rows.map(({ id, key, version, epoch = 1, prediction = 'yes', ...row }) => ({
      ...{ model: MODEL, version, id, prediction },
      experiment: { name: row.experiment ?? 'blue', epoch },
      ...(key !== undefined && { key }),
      ...(row.seconds !== undefined && { durationSeconds: row.seconds }),
      ...(row.shadowOf !== undefined && { shadowOf: row.shadowOf }),
      ...(row.timestamp !== undefined && { timestamp: row.timestamp }),
    }));
    const { rejected } = await this.ingest.service.predictions(predictions);
    expect(rejected).toEqual([]);
    await this.label(rows.flatMap(({ id, label }) => (label === undefined ? [] : [{ id, label }])));
  }

  async label(labels: readonly { readonly id: string; readonly label: string }[]): Promise<void> {
    if (labels.length > 0) await this.ingest.service.labels(labels.map((row) => ({ model: MODEL, ...row })));
  }

  /** Entries of the audit log that tell of experiments, oldest first. */
  async audit(): Promise<readonly AuditRecord[]> {
    const { items } = await createAuditReader(this.database).list({ model: MODEL, limit: 500 });
    return items.filter(({ action }) => action.startsWith('experiment.')).reverse();
  }

  close(): Promise<void> {
    return this.ingest.close();
  }
}

/** So many labelled predictions of an arm, each with a key of its own, of which this share is right. */
export function routed(version: string, count: number, right: number, more: Partial<Routed> = {}): Routed[] {
  return Array.from({ length: count }, (_, index) => ({
    ...{ id: `${version}-${more.epoch ?? 1}-${index}`, key: `${version}-${more.epoch ?? 1}-key-${index}`, version },
    label: Math.floor((index + 1) * right) > Math.floor(index * right) ? 'yes' : 'no',
    ...more,
  }));
}

/** One row of each, in turn. */
export function mixed(...lists: readonly Routed[][]): Routed[] {
  const longest = Math.max(...lists.map(({ length }) => length));
  return Array.from({ length: longest }, (_, index) => lists.flatMap((list) => list[index] ?? [])).flat();
}
