/** What is known of versions beside ingest: configurations for replays, their references held. */
import type { ReferenceProfile } from '../distribution/reference.ts';
import type { MonitorConfig, MonitorOptions } from '../monitor/options.ts';
import { usableConfig, usableReference } from './core-config.ts';
import type { KnownVersion } from './declared-model.ts';
import type { RowReader } from './stored-rows.ts';

/** References held: a few megabytes each at most. */
const MAX_HELD = 20;

/** Configurations of versions that were asked about lately: a reference is large, and its digest is checked. */
export class ReadVersions {
  readonly #reader: RowReader;
  readonly #references = new Map<string, ReferenceProfile | undefined>();

  constructor(reader: RowReader) {
    this.#reader = reader;
  }

  async config(known: KnownVersion, options: Partial<MonitorOptions>): Promise<MonitorConfig> {
    return usableConfig(known, known.hasReference ? await this.#reference(known) : undefined, options);
  }

  async #reference({ versionId, reference: revision }: KnownVersion): Promise<ReferenceProfile | undefined> {
    const key = `${versionId} ${revision}`;
    const held = this.#references.get(key);
    if (held !== undefined) return held;
    const reference = usableReference(await this.#reader.reference(versionId));
    if (this.#references.size >= MAX_HELD) this.#references.clear();
    this.#references.set(key, reference);
    return reference;
  }
}
