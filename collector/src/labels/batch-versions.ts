/** Which versions the rows of a batch belong to. */
import { MAX_VERSIONS, type Catalog } from './catalog.ts';
import type { CheckedBatch } from './checked-batch.ts';
import type { KnownVersion } from './declared-model.ts';
import type { LiveCores } from './live-cores.ts';
import { RowFault } from './row-faults.ts';
import { fieldsOfRow, nameField, type Fields } from './row-fields.ts';

/** A row whose names can be used. */
export interface NamedRow {
  readonly index: number;
  readonly fields: Fields;
  readonly model: string;
  readonly version: string;
}

type AnyBatch = Pick<CheckedBatch<{ readonly id: string }>, 'read'>;

/** Names of all rows; a row whose names cannot be used is rejected. @param hasVersion whether rows name a version */
export function namedRows(rows: readonly unknown[], batch: AnyBatch, hasVersion: boolean): NamedRow[] {
  return rows.flatMap((row, index) => {
    const named = batch.read(index, (): NamedRow => {
      const fields = fieldsOfRow(row);
      const version = hasVersion ? nameField(fields, 'version') : '';
      return { index, fields, model: nameField(fields, 'model'), version };
    });
    return named ?? [];
  });
}

/** Finds versions, and makes sure that their cores are there, so that counting waits for nothing. */
export class BatchVersions {
  readonly #catalog: Catalog;
  readonly #cores: LiveCores;

  constructor(catalog: Catalog, cores: LiveCores) {
    this.#catalog = catalog;
    this.#cores = cores;
  }

  /** By `keyOf` the row, made where there are none. */
  async ofRows(rows: readonly NamedRow[]): Promise<ReadonlyMap<string, KnownVersion>> {
    const versions = new Map<string, KnownVersion>();
    const missing = new Set<string>();
    for (const { model, version } of rows) {
      const key = keyOf({ model, version });
      if (versions.has(key) || missing.has(key)) continue;
      const known = this.#catalog.peek(model, version) ?? (await this.#catalog.ensure(model, version));
      if (known) versions.set(key, known);
      else missing.add(key);
    }
    for (const version of versions.values()) if (!this.#cores.use(version.versionId)) await this.#cores.open(version);
    return versions;
  }

  /** Of each model the version an unknown label is counted for: the one in production, else the one last seen here, else the newest. */
  async live(models: ReadonlySet<string>): Promise<ReadonlyMap<string, KnownVersion>> {
    const live = new Map<string, KnownVersion>();
    for (const model of models) {
      if (this.#catalog.versionsOf(model).length === 0) await this.#catalog.load(model);
      const versions = this.#catalog.versionsOf(model);
      const inProduction = versions.find(({ stage }) => stage === 'production');
      const lastSeen = this.#cores.all().findLast(({ version }) => version.model === model)?.version;
      const version = inProduction ?? lastSeen ?? versions.at(-1);
      if (version) live.set(model, version);
    }
    return live;
  }
}

/** What a row's version is found by. */
export function keyOf({ model, version }: Pick<NamedRow, 'model' | 'version'>): string {
  return `${model}\u0000${version}`;
}

/** The fault of a row whose version could not be made. */
export function tooMany(model: string): never {
  throw new RowFault(
    'too_many_versions',
    `version: model "${model}" has ${MAX_VERSIONS} versions already, and this is another one; remove some, or send a name that is there.`,
  );
}

/** The fault of a label whose model is not known. */
export function unknownModel(model: string): never {
  throw new RowFault(
    'unknown_model',
    `model: there is no "${model}" yet; send its predictions first, and check the name.`,
  );
}
