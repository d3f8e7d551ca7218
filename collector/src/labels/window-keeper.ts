/** Closes the windows of versions, one after the other, and makes references of first predictions. One replica does it for all. */
import { DEFAULT_WINDOW } from '../monitor/options.ts';
import type { KnownVersion } from './declared-model.ts';
import type { IngestStore, VersionTally } from './ingest-store.ts';
import { BEGINNING } from './place.ts';
import type { Jobs } from './jobs.ts';
import { SELF_ROWS } from './self-reference.ts';
import type { ClosedWindow } from './stored-window.ts';

/** What it needs of the world around it. */
export interface WindowEnvironment {
  readonly store: IngestStore;
  readonly jobs: Jobs;
  /** Epoch ms. */
  readonly now: () => number;
  /** Told of each window this process closes, once it is stored. */
  readonly onWindow?: ((window: ClosedWindow) => void) | undefined;
}

/** Windows of one version closed in one round: the others wait for the next. */
const MOST = 20;

/** Keeps windows. */
export class WindowKeeper {
  readonly #environment: WindowEnvironment;

  constructor(environment: WindowEnvironment) {
    this.#environment = environment;
  }

  /** Closes what is full. @param tally what the version has taken until now */
  async close(known: KnownVersion, { predictions }: VersionTally): Promise<void> {
    const { store } = this.#environment;
    const { versionId } = known;
    const size = known.declaration.window ?? DEFAULT_WINDOW;
    for (let closed = 0; closed < MOST; closed++) {
      const [last] = await store.windows({ versionId, source: 'store', limit: 1 });
      // Sums are known without reading a row: most versions have nothing to close.
      if (predictions - (last?.end ?? 0) < size) break;
      if (!(await this.#closeNext(known, size))) break;
    }
    if (!known.hasReference && predictions >= SELF_ROWS) await this.#makeReference(known);
  }

  /** @returns whether there was a window to close */
  async #closeNext(known: KnownVersion, size: number): Promise<boolean> {
    const { store, jobs, now, onWindow } = this.#environment;
    const { versionId, declaration, model, version } = known;
    const [last] = await store.windows({ versionId, source: 'store', limit: 1 });
    const found = await jobs.window({
      // Without their features predictions have shares, but no drift.
      known: declaration.storeFeatures === false ? { ...known, hasReference: false } : known,
      size,
      after: last?.last ?? BEGINNING,
      previous: last?.verdict ? last.after : undefined,
      ...(store.settled > 0 && { arrivedBy: now() - store.settled }),
      isOpen: false,
    });
    if (!found) return false;
    const start = last?.end ?? 0;
    const [index, end] = [(last?.number ?? -1) + 1, start + found.rows];
    await store.addWindow({
      ...{ versionId, source: 'store', number: index, start, end },
      after: last?.last ?? BEGINNING,
      last: found.last,
      reference: found.reference,
      counts: found.counts,
      verdict: found.verdict,
      closedAt: now(),
    });
    if (found.verdict) onWindow?.({ model, version, index, start, end, ...found.verdict });
    return true;
  }

  async #makeReference(known: KnownVersion): Promise<void> {
    if (known.declaration.storeFeatures === false) return;
    const { store, jobs, now } = this.#environment;
    const reference = await jobs.selfReference({ known, now: now() });
    if (reference) await store.keepSelfReference(known.versionId, reference, now());
  }
}
