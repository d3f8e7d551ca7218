/** Closes the windows of versions, one after the other, and makes references of first predictions. One replica does it for all. */
import { DEFAULT_WINDOW } from '../monitor/options.ts';
import type { KnownVersion } from './declared-model.ts';
import type { IngestStore, VersionTally } from './ingest-store.ts';
import { BEGINNING } from './place.ts';
import type { Jobs } from './jobs.ts';
import { SELF_ROWS } from './self-reference.ts';
import type { ClosedWindow, StoredWindow } from './stored-window.ts';

/** What it needs of the world around it. */
export interface WindowEnvironment {
  readonly store: IngestStore;
  readonly jobs: Jobs;
  /** Epoch ms. */
  readonly now: () => number;
  /** Told of each window this process closes, once it is stored. */
  readonly onWindow?: ((window: ClosedWindow) => void) | undefined;
}

/** Milliseconds that windows of one version may take in a round: the others wait for the next. */
const TURN = 5_000;

/** Keeps windows. */
export class WindowKeeper {
  readonly #environment: WindowEnvironment;

  constructor(environment: WindowEnvironment) {
    this.#environment = environment;
  }

  /** Closes what is full. @param tally what the version has taken until now */
  async close(known: KnownVersion, { predictions }: VersionTally): Promise<void> {
    const { store, now } = this.#environment;
    const { versionId } = known;
    const size = known.declaration.window ?? DEFAULT_WINDOW;
    const start = now();
    let [last] = await store.windows({ versionId, source: 'store', limit: 1 });
    // Sums are known without reading a row: most versions have nothing to close.
    while (predictions - (last?.end ?? 0) >= size && now() - start < TURN) {
      const closed = await this.#closeNext(known, size, last);
      if (!closed) break;
      last = closed;
    }
    if (!known.hasReference && predictions >= SELF_ROWS) await this.#makeReference(known);
  }

  /** @param last the window before @returns the window closed; undefined where it is not full */
  async #closeNext(
    known: KnownVersion,
    size: number,
    last: StoredWindow | undefined,
  ): Promise<StoredWindow | undefined> {
    const { store, jobs, now, onWindow } = this.#environment;
    const { versionId, declaration, model, version } = known;
    const found = await jobs.window({
      // Without their features predictions have shares, but no drift.
      known: declaration.storeFeatures === false ? { ...known, hasReference: false } : known,
      size,
      after: last?.last ?? BEGINNING,
      previous: last?.verdict ? last.after : undefined,
      ...(store.settled > 0 && { arrivedBy: now() - store.settled }),
      isOpen: false,
    });
    if (!found) return undefined;
    const start = last?.end ?? 0;
    const window: StoredWindow = {
      ...{ versionId, source: 'store', number: (last?.number ?? -1) + 1, start, end: start + found.rows },
      after: last?.last ?? BEGINNING,
      last: found.last,
      reference: found.reference,
      counts: found.counts,
      verdict: found.verdict,
      closedAt: now(),
    };
    await store.addWindow(window);
    if (found.verdict) onWindow?.({ model, version, index: window.number, start, end: window.end, ...found.verdict });
    return window;
  }

  async #makeReference(known: KnownVersion): Promise<void> {
    if (known.declaration.storeFeatures === false) return;
    const { store, jobs, now } = this.#environment;
    const reference = await jobs.selfReference({ known, now: now() });
    if (reference) await store.keepSelfReference(known.versionId, reference, now());
  }
}
