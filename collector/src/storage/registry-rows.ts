/** Rows of the registry and what they mean. */
import type { Selectable } from 'kysely';
import type { ArtifactFile, Model, ModelDeclaration, Page, Stage, Version } from '../registry/model-version.ts';
import type { LockedModel, PageQuery, StoredVersion } from '../registry/registry-store.ts';
import { PlumblineError } from '../errors.ts';
import type { Queryable } from './database.ts';
import type { Schema } from './schema.ts';

type VersionRow = Selectable<Schema['versions']>;
/** A row without the large reference, for lists. */
export type VersionListRow = Omit<VersionRow, 'reference'>;

/** All columns of a version but its reference. */
export const LIST_COLUMNS = [
  ...['versions.id', 'versions.model_id', 'versions.name', 'versions.registered', 'versions.stage'],
  ...['versions.description', 'versions.origin', 'versions.digest', 'versions.artifact', 'versions.tags'],
  ...[
    'versions.files',
    'versions.metrics',
    'versions.validation',
    'versions.reference_digest',
    'versions.created_at',
    'versions.deleted_at',
  ],
] as `versions.${keyof VersionListRow}`[];

/** A row as a version. */
export function toVersion(
  model: string,
  row: VersionListRow & { readonly reference?: string | null },
  aliases: readonly string[],
): Version {
  return {
    model,
    version: row.name,
    registered: row.registered === 1,
    description: row.description,
    createdAt: isoTime(row.created_at),
    digest: row.digest,
    origin: row.origin,
    stage: row.stage as Stage | null,
    aliases,
    tags: JSON.parse(row.tags) as Version['tags'],
    files: JSON.parse(row.files) as ArtifactFile[],
    metrics: JSON.parse(row.metrics) as Version['metrics'],
    validation: row.validation === null ? null : (JSON.parse(row.validation) as Version['validation']),
    reference: row.reference ? (JSON.parse(row.reference) as Version['reference']) : null,
    referenceDigest: row.reference_digest,
  };
}

/** A row with what only the service knows of it. */
export function toStored(model: string, row: VersionRow, aliases: readonly string[]): StoredVersion {
  const { id, artifact, deleted_at } = row;
  return { id, artifact, deleted: deleted_at !== null, version: toVersion(model, row, aliases) };
}

/** A row of the models with its counts. */
export function toModel(
  row: Selectable<Schema['models']> & { readonly production: string | null; readonly versions: number | string },
): Model {
  return {
    ...(JSON.parse(row.declaration) as ModelDeclaration),
    model: row.name,
    registered: row.registered === 1,
    createdAt: isoTime(row.created_at),
    production: row.production,
    versions: Number(row.versions),
  };
}

/** A locked row. */
export function toLocked(row: Selectable<Schema['models']>): LockedModel {
  const declaration = JSON.parse(row.declaration) as ModelDeclaration;
  return { id: row.id, name: row.name, registered: row.registered === 1, declaration, lastNumber: row.last_number };
}

/** Aliases of some versions, sorted. */
export async function aliasesOf(db: Queryable, ids: readonly number[]): Promise<Map<number, string[]>> {
  const found = new Map(ids.map((id): [number, string[]] => [id, []]));
  if (ids.length === 0) return found;
  const rows = await db
    .selectFrom('version_aliases')
    .select(['version_id', 'alias'])
    .where('version_id', 'in', ids)
    .orderBy('alias')
    .execute();
  for (const { version_id, alias } of rows) found.get(version_id)?.push(alias);
  return found;
}

/** Cuts a list that was read one longer than the page. */
export function pageOf<Row, Item>(
  rows: readonly Row[],
  limit: number,
  item: (row: Row) => Item,
  cursor: (row: Row) => string,
): Page<Item> {
  const kept = rows.slice(0, limit);
  const last = kept.at(-1);
  return { items: kept.map(item), next: rows.length > limit && last !== undefined ? cursor(last) : null };
}

/** The key a cursor stands for. @throws PlumblineError `invalid_request` */
export function keyOf({ after }: PageQuery): number | undefined {
  if (after === undefined) return undefined;
  const key = /^\d{1,15}$/.test(after) ? Number(after) : Number.NaN;
  if (!Number.isNaN(key)) return key;
  throw new PlumblineError('invalid_request', 'after: this is no cursor.', 'Send the `next` of the page before.');
}

/** RFC 3339. */
export function isoTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
