/** Models and versions as ingest knows them, read from the registry's tables. */
import type { SelectQueryBuilder } from 'kysely';
import type { DeclaredModel, KnownVersion } from '../../labels/declared-model.ts';
import { labelPolicyOf } from '../../labels/label-policy.ts';
import type { Queryable } from '../database.ts';
import type { Schema } from '../schema.ts';

interface CatalogRow {
  readonly model_id: number;
  readonly version_id: number;
  readonly model: string;
  readonly version: string;
  readonly declaration: string;
  readonly policy: string | null;
  readonly stage: string | null;
  readonly digest: string | null;
  readonly profile: string | null;
  readonly self: number | null;
}

/** Every version of a model; undefined when there is no such model. */
export async function versionsOf(db: Queryable, model: string): Promise<KnownVersion[] | undefined> {
  const rows = await known(db).where('models.name', '=', model).execute();
  if (rows.length > 0) return rows.map(asVersion);
  const found = await db.selectFrom('models').select('id').where('name', '=', model).executeTakeFirst();
  return found && [];
}

/** One version; undefined when it is gone. */
export async function versionById(db: Queryable, versionId: number): Promise<KnownVersion | undefined> {
  const row = await known(db).where('versions.id', '=', versionId).executeTakeFirst();
  return row && asVersion(row);
}

/** Makes a model and a version that nobody has registered. Whoever else makes them at the same time makes the same. */
export async function makeVersion(db: Queryable, model: string, version: string, now: number): Promise<void> {
  await db
    .insertInto('models')
    .values({ name: model, registered: 0, declaration: '{}', policy: null, policy_revision: 0, created_at: now })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute();
  const { id } = await db.selectFrom('models').select('id').where('name', '=', model).executeTakeFirstOrThrow();
  const nothing = { stage: null, description: '', origin: null, digest: null, artifact: null };
  await db
    .insertInto('versions')
    .values({
      ...{ model_id: id, name: version, registered: 0, created_at: now, ...nothing },
      ...{ reference: null, reference_digest: null, deleted_at: null, tags: '{}', files: '[]', metrics: '{}' },
    })
    .onConflict((conflict) => conflict.columns(['model_id', 'name']).doNothing())
    .execute();
}

/** The profile a version was saved with, else the one made of its first predictions, as parsed JSON. */
export async function referenceOf(db: Queryable, versionId: number): Promise<unknown> {
  const saved = await db.selectFrom('versions').select('reference').where('id', '=', versionId).executeTakeFirst();
  if (saved?.reference) return JSON.parse(saved.reference);
  const own = await db
    .selectFrom('self_references')
    .select('reference')
    .where('version_id', '=', versionId)
    .executeTakeFirst();
  return own && JSON.parse(own.reference);
}

/** Versions in staging and production, the newest first. */
export async function staged(db: Queryable, limit: number): Promise<number[]> {
  const rows = await db
    .selectFrom('versions')
    .select('id')
    .where('stage', 'in', ['staging', 'production'])
    .where('deleted_at', 'is', null)
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
}

/** Of these versions the one that predicted last. */
export async function lastActive(db: Queryable, versionIds: readonly number[]): Promise<number | undefined> {
  let last: { readonly id: number; readonly arrived: number } | undefined;
  for (const id of versionIds) {
    const row = await db
      .selectFrom('predictions')
      .select('arrived')
      .where('version_id', '=', id)
      .orderBy('arrived', 'desc')
      .limit(1)
      .executeTakeFirst();
    if (row && row.arrived >= (last?.arrived ?? 0)) last = { id, arrived: row.arrived };
  }
  return last?.id;
}

function known(db: Queryable) {
  return db
    .selectFrom('versions')
    .innerJoin('models', 'models.id', 'versions.model_id')
    .leftJoin('self_references', 'self_references.version_id', 'versions.id')
    .select([
      ...(['models.id as model_id', 'models.name as model', 'models.declaration', 'models.policy'] as const),
      ...(['versions.id as version_id', 'versions.name as version'] as const),
      ...(['versions.stage', 'versions.digest'] as const),
      ...(['versions.reference_digest as profile', 'self_references.created_at as self'] as const),
    ])
    .orderBy('versions.id') satisfies SelectQueryBuilder<Schema, never, CatalogRow>;
}

function asVersion(row: CatalogRow): KnownVersion {
  const { declaration, policy, digest, profile, self } = row;
  return {
    modelId: row.model_id,
    versionId: row.version_id,
    model: row.model,
    version: row.version,
    declaration: JSON.parse(declaration) as DeclaredModel,
    policy: labelPolicyOf(policy),
    stage: row.stage,
    digest,
    hasReference: profile !== null || self !== null,
    reference: String(profile ?? self),
    revision: declaration,
  };
}
