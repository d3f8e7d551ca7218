/** The cores of this replica: one for each version it has seen, the least recently used let go where there are too many. */
import type { ReferenceProfile } from '../distribution/reference.ts';
import { CountingCore } from '../monitor/counting-core.ts';
import type { DriftHooks, DriftWindow } from '../monitor/drift-monitor.ts';
import type { MetricStore } from '../telemetry/store.ts';
import { usableConfig, usableReference, type CoreSettings } from './core-config.ts';
import type { KnownVersion } from './declared-model.ts';
import type { IngestStore } from './ingest-store.ts';
import { BEGINNING } from './place.ts';

/** What cores need of the world around them. */
export interface CoreEnvironment {
  readonly store: IngestStore;
  /** Epoch ms. */
  readonly now: () => number;
  /** Exports a store until the function it returns is called. */
  readonly attach: (store: MetricStore) => () => void;
  /** Told what could not be done, and why. */
  readonly onError: (error: unknown, what: string) => void;
  readonly settings: CoreSettings;
  /** Runs work after the current call. */
  readonly defer: (work: () => void) => void;
  /** A random whole number from 0 to 15: which of the sums of a version this process adds to. */
  readonly stripe: number;
  /** Cores at most (default 200). */
  readonly maxCores?: number;
}

/** Processes that write at once to sums of their own; more share them. */
export const STRIPES = 16;
/** Each may hold 10,000 series. */
const MAX_CORES = 200;

/** A core and the version it was made of. */
export interface LiveCore {
  readonly core: CountingCore;
  readonly version: KnownVersion;
}

interface Held extends LiveCore {
  readonly detach: () => void;
}

/** Cores by version, in the order they were last used. */
export class LiveCores {
  readonly #environment: CoreEnvironment;
  readonly #held = new Map<number, Held>();
  readonly #opening = new Map<number, Promise<CountingCore>>();

  constructor(environment: CoreEnvironment) {
    this.#environment = environment;
  }

  /** The core of a version, made where there is none. */
  async open(version: KnownVersion): Promise<CountingCore> {
    const held = this.use(version.versionId);
    if (held) return held;
    const opening = this.#opening.get(version.versionId) ?? this.#make(version);
    this.#opening.set(version.versionId, opening);
    try {
      return await opening;
    } finally {
      this.#opening.delete(version.versionId);
    }
  }

  /** A core that is there already. */
  use(versionId: number): CountingCore | undefined {
    const held = this.#held.get(versionId);
    if (!held) return undefined;
    this.#held.delete(versionId);
    this.#held.set(versionId, held);
    return held.core;
  }

  /** All cores, the least recently used first. */
  all(): readonly LiveCore[] {
    return [...this.#held.values()];
  }

  /** Whether another core would push none out. */
  get hasRoom(): boolean {
    return this.#held.size < this.most;
  }

  /** Cores at most. */
  get most(): number {
    return this.#environment.maxCores ?? MAX_CORES;
  }

  /**
   * Brings a core up to date with what is known of its version by now. Another stage is only shown, a first reference taken in; another
   * declaration, or a reference in place of one, makes another core, whose counters start at 0 as those of a restarted process do.
   */
  async renew(version: KnownVersion): Promise<void> {
    const held = this.#held.get(version.versionId);
    if (!held) return;
    const { core, version: before } = held;
    const hasOther = before.reference !== version.reference;
    if (before.revision !== version.revision || (hasOther && core.reference !== null)) {
      this.close(version.versionId);
      await this.open(version);
      return;
    }
    const profile = hasOther ? await this.#referenceOf(version) : undefined;
    if (this.#held.get(version.versionId) !== held) return;
    if (profile) core.adoptReference(profile);
    describe(core, version);
    // Not moved to the end: this is no use.
    this.#held.set(version.versionId, { ...held, version });
  }

  /** Lets a core go; its series end. */
  close(versionId: number): void {
    this.#held.get(versionId)?.detach();
    this.#held.delete(versionId);
  }

  async #make(version: KnownVersion): Promise<CountingCore> {
    const { attach } = this.#environment;
    const core = this.#coreOf(version, await this.#referenceOf(version));
    describe(core, version);
    for (const [oldest] of this.#held) {
      if (this.hasRoom) break;
      this.close(oldest);
    }
    this.#held.set(version.versionId, { core, version, detach: attach(core.store) });
    return core;
  }

  async #referenceOf(version: KnownVersion): Promise<ReferenceProfile | undefined> {
    if (!version.hasReference) return undefined;
    const { store, onError } = this.#environment;
    const reference = await store.referenceOf(version.versionId);
    return usableReference(reference, (error) => onError(error, `the reference ${unusable(version)}`));
  }

  /** What cannot be used of a declaration must not stop the counting of what can. */
  #coreOf(version: KnownVersion, reference: ReferenceProfile | undefined): CountingCore {
    const { settings, onError, now } = this.#environment;
    const isLive = version.declaration.storeFeatures === false;
    const config = usableConfig(version, reference, { ...settings, exact: isLive }, (error) =>
      onError(error, `the declaration ${unusable(version)}`),
    );
    return new CountingCore(config, now, isLive ? this.#liveWindows(version.versionId) : undefined);
  }

  /** Features that are not kept are judged as they come, replica by replica; the verdicts are kept. */
  #liveWindows(versionId: number): DriftHooks {
    const { store, now, defer, stripe, onError } = this.#environment;
    const onWindow = ({ index: _index, start, end, ...verdict }: DriftWindow): void => {
      const closedAt = now();
      const place = { after: BEGINNING, last: BEGINNING, start, end, closedAt };
      // Numbers grow with time, and differ between replicas.
      const window = { versionId, source: 'live', number: closedAt * STRIPES + stripe, ...place } as const;
      const reference = this.#held.get(versionId)?.core.reference ?? null;
      store
        .addWindow({ ...window, counts: {}, reference, verdict })
        .catch((error: unknown) => onError(error, 'the verdict on a window could not be kept'));
    };
    return { defer, onWindow };
  }
}

function describe(core: CountingCore, { stage, digest }: KnownVersion): void {
  core.describe(stage ?? 'unregistered', digest ?? '');
}

function unusable({ model, version }: KnownVersion): string {
  return `of model "${model}" version "${version}" cannot be used`;
}
