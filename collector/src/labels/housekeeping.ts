/** What is done beside ingest, every few seconds: by every replica for itself, and by one of them for all. */
import type { CountingCore } from '../monitor/counting-core.ts';
import type { Catalog } from './catalog.ts';
import { usableReference } from './core-config.ts';
import type { Counting } from './counting.ts';
import type { KnownVersion } from './declared-model.ts';
import { foldRows } from './fold-rows.ts';
import type { IngestStore, VersionTally } from './ingest-store.ts';
import type { Jobs } from './jobs.ts';
import type { LiveCores } from './live-cores.ts';
import { WindowKeeper, type WindowEnvironment } from './window-keeper.ts';

/** What housekeeping needs of the world around it. */
export interface HousekeepingEnvironment {
  readonly store: IngestStore;
  readonly jobs: Jobs;
  readonly catalog: Catalog;
  readonly cores: LiveCores;
  readonly counting: Counting;
  /** Name of this process among the replicas. */
  readonly replica: string;
  /** Epoch ms. */
  readonly now: () => number;
  readonly pause: () => Promise<void>;
  readonly onWindow?: WindowEnvironment['onWindow'];
}

const LEASE = 'ingest';
/** A replica that is gone is replaced after so many milliseconds; replicas' clocks may differ by less. */
const LEASE_DURATION = 30_000;
/** Milliseconds after which a lease that is in use is made longer. */
const LEASE_RENEWAL = 10_000;
/** Milliseconds one version may take in a round before the others have their turn. */
const TURN = 2_000;

/** Rounds of housekeeping, one at a time. */
export class Housekeeping {
  readonly #environment: HousekeepingEnvironment;
  readonly #windows: WindowKeeper;
  /** Number of the window a core shows. */
  readonly #shown = new WeakMap<CountingCore, number>();
  #leads = false;
  #isStopped = false;
  #leasedAt = 0;

  constructor(environment: HousekeepingEnvironment) {
    this.#environment = environment;
    this.#windows = new WindowKeeper(environment);
  }

  /** One round. @throws what the database throws: the next round tries again */
  async round(): Promise<void> {
    const { store, counting, catalog } = this.#environment;
    await this.#renewCores();
    await counting.labels([]);
    await this.#openStaged();
    this.#leads = await this.#lease();
    const tallies = this.#leads ? await store.tallies() : new Map<number, VersionTally>();
    await this.#showPending(tallies);
    for (const [versionId, tally] of tallies) {
      const version = await catalog.byId(versionId);
      if (!version || !(await this.#stillLeads())) continue;
      await this.#expire(version);
      await this.#windows.close(version, tally);
      await this.#retire(version);
    }
    await this.#showVerdicts();
  }

  /** Ends a round that is under way as soon as may be. */
  stop(): void {
    this.#isStopped = true;
  }

  async #lease(): Promise<boolean> {
    const { store, replica, now } = this.#environment;
    this.#leasedAt = now();
    return store.lease(LEASE, replica, this.#leasedAt, LEASE_DURATION);
  }

  async #stillLeads(): Promise<boolean> {
    if (this.#environment.now() - this.#leasedAt >= LEASE_RENEWAL) this.#leads = await this.#lease();
    return this.#leads && !this.#isStopped;
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

  /**
   * The series of a version that traffic is meant for are there before its first row: what is missing and what is 0 are told apart. Those
   * of one in development, of which there may be many, come with its first row.
   */
  async #openStaged(): Promise<void> {
    const { store, cores, catalog } = this.#environment;
    const held = new Set(cores.all().map(({ version }) => version.versionId));
    for (const versionId of await store.staged(cores.most)) {
      if (held.has(versionId)) continue;
      const known = cores.hasRoom ? await catalog.byId(versionId) : undefined;
      if (known) await cores.open(known);
    }
  }

  /** One replica says how many predictions wait, so that the sum over replicas is right. */
  async #showPending(tallies: ReadonlyMap<number, VersionTally>): Promise<void> {
    const { cores, catalog } = this.#environment;
    for (const [versionId, tally] of tallies) {
      const known = waitingOf(tally) > 0 ? await catalog.byId(versionId) : undefined;
      if (known && cores.hasRoom) await cores.open(known);
    }
    for (const { core, version } of cores.all()) {
      const tally = tallies.get(version.versionId);
      core.pending = tally ? waitingOf(tally) : Number.NaN;
    }
  }

  /** Every replica shows the last verdict, whichever made it. */
  async #showVerdicts(): Promise<void> {
    const { store, cores } = this.#environment;
    const numbers = await store.lastWindows();
    for (const { core, version } of cores.all()) {
      const number = numbers.get(version.versionId);
      if (number === undefined || this.#shown.get(core) === number) continue;
      const [last] = await store.windows({ versionId: version.versionId, source: 'store', limit: 1 });
      if (last?.verdict && last.reference === core.reference) core.show(last.verdict.features);
      this.#shown.set(core, number);
    }
  }

  async #expire(version: KnownVersion): Promise<void> {
    const { store, cores, counting, now } = this.#environment;
    await this.#inTurn(async () => {
      const step = await store.expire(version, now() - version.policy.expiry, now());
      if (step.expired > 0) (await cores.open(version)).count('expired', step.expired);
      await counting.labels(step.events);
      return step.more;
    });
  }

  async #retire(version: KnownVersion): Promise<void> {
    const { store, now } = this.#environment;
    if (!(await store.isRetirable(version, now() - version.policy.retention))) return;
    const reference = version.hasReference ? usableReference(await store.referenceOf(version.versionId)) : undefined;
    await this.#inTurn(async () => {
      const before = now() - version.policy.retention;
      const { more } = await store.retire(version, before, (rows, hours) => foldRows(rows, hours, version, reference));
      return more;
    });
  }

  /** Does a step again and again while there is more, for as long as one turn is. */
  async #inTurn(step: () => Promise<boolean>): Promise<void> {
    const { now, pause } = this.#environment;
    const start = now();
    while (now() - start < TURN && (await this.#stillLeads()) && (await step())) await pause();
  }
}

function waitingOf({ predictions, labeled, expired }: VersionTally): number {
  return predictions - labeled - expired;
}
