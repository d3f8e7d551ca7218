/** What is done beside ingest, every few seconds: by every replica for itself, and by one of them for all. */
import type { Catalog } from './catalog.ts';
import type { Counting } from './counting.ts';
import type { IngestStore } from './ingest-store.ts';
import type { LiveCores } from './live-cores.ts';

/** What housekeeping needs of the world around it. */
export interface HousekeepingEnvironment {
  readonly store: IngestStore;
  readonly catalog: Catalog;
  readonly cores: LiveCores;
  readonly counting: Counting;
  /** Name of this process among the replicas. */
  readonly replica: string;
  /** Epoch ms. */
  readonly now: () => number;
  readonly pause: () => Promise<void>;
}

const LEASE = 'ingest';
/** A replica that is gone is replaced after so many milliseconds; replicas' clocks may differ by less. */
const LEASE_DURATION = 30_000;

/** Rounds of housekeeping, one at a time. */
export class Housekeeping {
  readonly #environment: HousekeepingEnvironment;

  constructor(environment: HousekeepingEnvironment) {
    this.#environment = environment;
  }

  /** One round. @throws what the database throws: the next round tries again */
  async round(): Promise<void> {
    const { store, counting, replica, now } = this.#environment;
    await this.#renewCores();
    await counting.labels([]);
    const leads = await store.lease(LEASE, replica, now(), LEASE_DURATION);
    const pending = leads ? await store.pending() : new Map<number, number>();
    await this.#showPending(pending);
    for (const [versionId, waiting] of pending) if (waiting > 0) await this.#expire(versionId);
  }

  async #renewCores(): Promise<void> {
    const { catalog, cores } = this.#environment;
    await catalog.refresh(new Set(cores.all().map(({ version }) => version.model)));
    for (const { version } of cores.all()) {
      const known = await catalog.byId(version.versionId);
      if (known) await cores.renew(known);
      else cores.close(version.versionId);
    }
  }

  /** One replica says how many predictions wait, so that the sum over replicas is right. */
  async #showPending(pending: ReadonlyMap<number, number>): Promise<void> {
    const { cores } = this.#environment;
    for (const { core, version } of cores.all()) core.pending = pending.get(version.versionId) ?? Number.NaN;
  }

  async #expire(versionId: number): Promise<void> {
    const { store, catalog, cores, counting, now, pause } = this.#environment;
    const version = await catalog.byId(versionId);
    if (!version) return;
    for (let more = true; more;) {
      const step = await store.expire(version, now() - version.policy.expiry, now());
      if (step.expired > 0) (await cores.open(version)).count('expired', step.expired);
      await counting.labels(step.events);
      more = step.more;
      await pause();
    }
  }
}
