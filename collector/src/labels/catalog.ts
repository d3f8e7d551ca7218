/** The versions this replica knows, so that a row costs no look-up in the database. Others change them too: see `refresh`. */
import type { KnownVersion } from './declared-model.ts';
import type { IngestStore } from './ingest-store.ts';

/** Beyond so many the catalog is read anew: what clients can fill must stay bounded. */
const MAX_MODELS = 10_000;
/** Unregistered versions a model may have: whoever sends a new name with each row should hear of it. */
export const MAX_VERSIONS = 1_000;

interface KnownModel {
  readonly versions: Map<string, KnownVersion>;
}

/** Versions by name and by number. */
export class Catalog {
  readonly #store: IngestStore;
  readonly #now: () => number;
  readonly #models = new Map<string, KnownModel>();
  readonly #byId = new Map<number, KnownVersion>();
  readonly #loading = new Map<string, Promise<unknown>>();
  #loads = 0;
  /** Of each model the latest look that was taken over: one that began before it knows less. */
  readonly #taken = new Map<string, number>();

  /** @param now epoch ms */
  constructor(store: IngestStore, now: () => number) {
    this.#store = store;
    this.#now = now;
  }

  /** A version that is known already. */
  peek(model: string, version: string): KnownVersion | undefined {
    return this.#models.get(model)?.versions.get(version);
  }

  /** Those of a model that are known already, in the order they were made. */
  versionsOf(model: string): readonly KnownVersion[] {
    return [...(this.#models.get(model)?.versions.values() ?? [])];
  }

  /** A version, made where there is none; undefined where the model has too many. */
  async ensure(model: string, version: string): Promise<KnownVersion | undefined> {
    const known = this.peek(model, version) ?? (await this.find(model, version));
    if (known) return known;
    if (this.versionsOf(model).length >= MAX_VERSIONS) return undefined;
    await this.#store.makeVersion(model, version, this.#now());
    // Not by `find`: what it may join was asked for before the version was there.
    return (await this.#load(model))?.get(version);
  }

  /** A version, read anew; undefined where there is none. */
  async find(model: string, version: string): Promise<KnownVersion | undefined> {
    await this.load(model);
    return this.peek(model, version);
  }

  /** Reads a model with its versions. @returns whether there is one */
  async load(model: string): Promise<boolean> {
    const loading = this.#loading.get(model) ?? this.#load(model);
    this.#loading.set(model, loading);
    try {
      await loading;
    } finally {
      this.#loading.delete(model);
    }
    return this.#models.has(model);
  }

  /** A version by its number, read where it is not known; undefined when it is gone. */
  async byId(versionId: number): Promise<KnownVersion | undefined> {
    const known = this.#byId.get(versionId);
    if (known) return known;
    const found = await this.#store.versionById(versionId);
    if (found) await this.load(found.model);
    return this.#byId.get(versionId);
  }

  /** Reads these models anew and forgets the others: a declaration, a policy, a stage may have changed. */
  async refresh(models: ReadonlySet<string>): Promise<void> {
    for (const model of [...this.#models.keys()]) {
      if (models.has(model)) await this.#load(model);
      else this.#forget(model);
    }
  }

  /** @returns what it read, by name; undefined where there is no such model */
  async #load(model: string): Promise<ReadonlyMap<string, KnownVersion> | undefined> {
    const look = ++this.#loads;
    const found = await this.#store.versionsOf(model);
    const versions = found && new Map(found.map((version) => [version.version, version]));
    if (look < (this.#taken.get(model) ?? 0)) return versions;
    this.#forget(model);
    if (!versions) return undefined;
    if (this.#models.size >= MAX_MODELS) {
      this.#models.clear();
      this.#byId.clear();
      this.#taken.clear();
    }
    this.#taken.set(model, look);
    this.#models.set(model, { versions });
    for (const version of versions.values()) this.#byId.set(version.versionId, version);
    return versions;
  }

  #forget(model: string): void {
    for (const { versionId } of this.versionsOf(model)) this.#byId.delete(versionId);
    this.#models.delete(model);
    this.#taken.delete(model);
  }
}
