/** Changes to models, versions, moves and policies, inside a transaction. */
import { sql } from 'kysely';
import type { LifecycleWriting, StoredPolicy } from '../lifecycle/lifecycle-store.ts';
import type { Transition } from '../lifecycle/lifecycle.ts';
import type { Version } from '../registry/model-version.ts';
import type { LockedModel, StoredVersion } from '../registry/registry-store.ts';
import { appendAudit } from './audit-log.ts';
import type { Database, Writing } from './database.ts';
import { leaving } from './experiments/leaving.ts';
import { policyOfRow } from './lifecycle-reading.ts';
import { aliasesOf, toLocked, toStored } from './registry-rows.ts';

type EngineName = Database['engine']['name'];

/** What a change may do. Locks are taken in one order: the model, its versions, the audit log. */
export function registryWriting(writing: Writing, engine: EngineName): LifecycleWriting {
  return {
    lockModel: (name) => lockModel(writing, engine, name),
    lockOrMakeModel: (name, at) => lockOrMakeModel(writing, engine, name, at),
    declare: async ({ id }, declaration) => {
      const change = { declaration: JSON.stringify(declaration), registered: 1 };
      await writing.updateTable('models').set(change).where('id', '=', id).execute();
    },
    setLastNumber: async ({ id }, lastNumber) => {
      await writing.updateTable('models').set({ last_number: lastNumber }).where('id', '=', id).execute();
    },
    version: (model, version) => lockVersion(writing, engine, model, version),
    putVersion: (model, version, artifact) => putVersion(writing, model, version, artifact),
    changeVersion: async ({ id }, { description, tags }) => {
      const change = { description, tags: JSON.stringify(tags) };
      await writing.updateTable('versions').set(change).where('id', '=', id).execute();
    },
    setAliases: (model, stored, aliases) => setAliases(writing, model, stored, aliases),
    deleteVersion: async ({ id }, at) => {
      const nothing = { registered: 0, stage: null, artifact: null, files: '[]', reference: null };
      await writing
        .updateTable('versions')
        .set({ ...nothing, deleted_at: at })
        .where('id', '=', id)
        .execute();
    },
    audit: async (entry, at) => void (await appendAudit(writing, engine, entry, at)),
    lockedPolicy: async ({ id }) =>
      policyOfRow(
        await writing
          .selectFrom('models')
          .select(['policy', 'policy_revision'])
          .where('id', '=', id)
          .executeTakeFirstOrThrow(),
      ),
    setPolicy: (model, policy) => setPolicy(writing, model, policy),
    production: (model) => production(writing, model),
    hasBeenInProduction: ({ id }) => hasBeenInProduction(writing, id),
    lastMove: (model) => lastMove(writing, model),
    move: (model, stored, transition, at) => move(writing, model, stored, transition, at),
    ...leaving(writing),
  };
}

async function lockModel(writing: Writing, engine: EngineName, name: string): Promise<LockedModel | undefined> {
  const row = await writing
    .selectFrom('models')
    .selectAll()
    .where('name', '=', name)
    // Rows that refer to the model may still be written: ingest goes on.
    .$if(engine === 'postgres', (query) => query.forNoKeyUpdate())
    .executeTakeFirst();
  return row && toLocked(row);
}

async function lockOrMakeModel(writing: Writing, engine: EngineName, name: string, at: number): Promise<LockedModel> {
  await writing
    .insertInto('models')
    .values({ name, registered: 0, declaration: '{}', policy: null, policy_revision: 0, created_at: at })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute();
  return (await lockModel(writing, engine, name)) as LockedModel;
}

async function lockVersion(
  writing: Writing,
  engine: EngineName,
  { id, name }: LockedModel,
  version: string,
): Promise<StoredVersion | undefined> {
  const row = await writing
    .selectFrom('versions')
    .selectAll()
    .where('model_id', '=', id)
    .where('name', '=', version)
    .$if(engine === 'postgres', (query) => query.forNoKeyUpdate())
    .executeTakeFirst();
  return row && toStored(name, row, (await aliasesOf(writing, [row.id])).get(row.id) ?? []);
}

async function putVersion(
  writing: Writing,
  model: LockedModel,
  version: Version,
  artifact: string,
): Promise<StoredVersion> {
  const { description, origin, digest, stage, referenceDigest } = version;
  const row = {
    ...{ description, origin, digest, stage, artifact, registered: 1, reference_digest: referenceDigest },
    tags: JSON.stringify(version.tags),
    files: JSON.stringify(version.files),
    metrics: JSON.stringify(version.metrics),
    reference: version.reference && JSON.stringify(version.reference),
    created_at: Date.parse(version.createdAt),
  };
  const { id } = await writing
    .insertInto('versions')
    .values({ ...row, model_id: model.id, name: version.version, deleted_at: null })
    // Ingest knows the name already; the version now has files as well.
    .onConflict((conflict) => conflict.columns(['model_id', 'name']).doUpdateSet(row))
    .returning('id')
    .executeTakeFirstOrThrow();
  return { id, version, artifact, deleted: false };
}

async function setAliases(
  writing: Writing,
  model: LockedModel,
  { id }: StoredVersion,
  aliases: readonly string[],
): Promise<{ alias: string; from: string }[]> {
  const moved =
    aliases.length === 0
      ? []
      : await writing
          .selectFrom('version_aliases')
          .innerJoin('versions', 'versions.id', 'version_aliases.version_id')
          .select(['version_aliases.alias', 'versions.name as from'])
          .where('version_aliases.model_id', '=', model.id)
          .where('version_aliases.version_id', '!=', id)
          .where('version_aliases.alias', 'in', aliases)
          .orderBy('alias')
          .execute();
  await writing.deleteFrom('version_aliases').where('version_id', '=', id).execute();
  if (aliases.length > 0)
    await writing
      .insertInto('version_aliases')
      .values(aliases.map((alias) => ({ model_id: model.id, alias, version_id: id })))
      .onConflict((conflict) => conflict.columns(['model_id', 'alias']).doUpdateSet({ version_id: id }))
      .execute();
  return moved;
}

async function setPolicy(writing: Writing, { id }: LockedModel, { revision, changes }: StoredPolicy): Promise<void> {
  const change = { policy: JSON.stringify(changes), policy_revision: revision };
  await writing.updateTable('models').set(change).where('id', '=', id).execute();
}

async function production(writing: Writing, { id, name }: LockedModel): Promise<StoredVersion | undefined> {
  const row = await writing
    .selectFrom('versions')
    .selectAll()
    .where('model_id', '=', id)
    .where('stage', '=', 'production')
    .executeTakeFirst();
  return row && toStored(name, row, (await aliasesOf(writing, [row.id])).get(row.id) ?? []);
}

async function hasBeenInProduction(writing: Writing, id: number): Promise<boolean> {
  const row = await writing
    .selectFrom('transitions')
    .select('id')
    .where('version_id', '=', id)
    .where('to_stage', '=', 'production')
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

async function lastMove(writing: Writing, { id }: LockedModel): Promise<number> {
  const row = await writing
    .selectFrom('transitions')
    .select(sql<number | null>`max(at)`.as('at'))
    .where('model_id', '=', id)
    .executeTakeFirst();
  return Number(row?.at ?? 0);
}

async function move(
  writing: Writing,
  model: LockedModel,
  { id }: StoredVersion,
  transition: Transition,
  at: number,
): Promise<void> {
  await writing.updateTable('versions').set({ stage: transition.to }).where('id', '=', id).execute();
  await writing
    .insertInto('transitions')
    .values({
      model_id: model.id,
      version_id: id,
      from_stage: transition.from,
      to_stage: transition.to,
      kind: transition.kind,
      at,
      actor: JSON.stringify(transition.actor),
      reason: transition.reason,
      evidence: JSON.stringify(transition.evidence),
    })
    .execute();
}
