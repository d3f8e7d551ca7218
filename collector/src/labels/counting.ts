/** Counts what has become durable, in the cores of this replica. */
import type { CountingCore } from '../monitor/counting-core.ts';
import type { Catalog } from './catalog.ts';
import type { Committed } from './group-commit.ts';
import type { LabelEvent } from './ingest-store.ts';
import type { LiveCores } from './live-cores.ts';
import { storedValue } from './row-fields.ts';

/** Labels whose version could not be looked up are counted later; beyond so many they are given up, and that is told. */
const MAX_HELD = 100_000;

/** Counts commits. Nothing here throws: what is counted is durable already, and must be acknowledged. */
export class Counting {
  readonly #catalog: Catalog;
  readonly #cores: LiveCores;
  readonly #onError: (error: unknown, what: string) => void;
  #held: LabelEvent[] = [];

  constructor(catalog: Catalog, cores: LiveCores, onError: (error: unknown, what: string) => void) {
    this.#catalog = catalog;
    this.#cores = cores;
    this.#onError = onError;
  }

  /** Counts one commit. */
  async count({ work, outcome }: Committed): Promise<void> {
    try {
      for (const [index, row] of work.predictions.entries()) {
        const fate = outcome.fates[index];
        if (fate === 'duplicate') continue;
        const core = this.#cores.use(row.version.versionId) ?? (await this.#cores.open(row.version));
        if (fate === 'conflict') core.reject('duplicate_id');
        else core.predict(row.row, row.time, work.now);
      }
      for (const index of outcome.unknown) {
        const { version } = work.labels[index] as (typeof work.labels)[number];
        (this.#cores.use(version.versionId) ?? (await this.#cores.open(version))).count('unknown');
      }
    } catch (error) {
      this.#onError(error, 'what was stored could not be counted');
    }
    await this.labels(outcome.events);
  }

  /** Counts labels, and those that were held back. */
  async labels(events: readonly LabelEvent[]): Promise<void> {
    const due = this.#held.length > 0 ? [...this.#held, ...events] : events;
    this.#held = [];
    for (const [index, event] of due.entries()) {
      try {
        await this.#label(event);
      } catch (error) {
        this.#hold(due.slice(index), error);
        return;
      }
    }
  }

  #hold(events: readonly LabelEvent[], error: unknown): void {
    this.#held = events.slice(-MAX_HELD);
    this.#onError(error, `${events.length} labels are stored, and are counted once the database answers again`);
    if (events.length > MAX_HELD)
      this.#onError(error, `${events.length - MAX_HELD} labels are stored, but are not in the counters`);
  }

  async #label(event: LabelEvent): Promise<void> {
    const version = await this.#catalog.byId(event.versionId);
    if (!version) return;
    const core = this.#cores.use(event.versionId) ?? (await this.#cores.open(version));
    countLabel(core, event, version.declaration.task ?? 'classification');
  }
}

function countLabel(core: CountingCore, event: LabelEvent, task: Parameters<typeof storedValue>[1]): void {
  const { status, score, scores, delay } = event;
  if (status === 'duplicate' || status === 'unknown') return core.count(status);
  core.join({
    status,
    delay,
    prediction: storedValue(event.prediction, task),
    score: score ?? undefined,
    scores: scores === null ? undefined : (JSON.parse(scores) as Record<string, number>),
    label: storedValue(event.label, task),
    former: event.former === undefined ? undefined : storedValue(event.former, task),
  });
}
