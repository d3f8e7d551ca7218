/** Models, versions, moves and policies in the database: the port of the registry and of the lifecycle. */
import { sql } from 'kysely';
import type { LifecycleStore } from '../lifecycle/lifecycle-store.ts';
import type { Model, Page, Version } from '../registry/model-version.ts';
import type { PageQuery, RegistryStore, StoredVersion } from '../registry/registry-store.ts';
import type { Database, Queryable } from './database.ts';
import { lifecycleReading } from './lifecycle-reading.ts';
import { aliasesOf, keyOf, LIST_COLUMNS, pageOf, toModel, toStored, toVersion } from './registry-rows.ts';
import { registryWriting } from './registry-writing.ts';
import { reading, transact } from './transact.ts';

/** Makes the store of the registry and the lifecycle. */
export function createRegistryStore({ db, engine }: Database): RegistryStore & LifecycleStore {
  return {
    models: (page) => reading(models(db, page)),
    model: (name) => reading(model(db, name)),
    versions: (name, page) => reading(versions(db, name, page)),
    version: (name, version) => reading(findVersion(db, name, version)),
    artifacts: () => reading(artifacts(db)),
    ...lifecycleReading(db),
    transaction: (work) => transact(db, (writing) => work(registryWriting(writing, engine.name))),
  };
}

function modelQuery(db: Queryable) {
  return db
    .selectFrom('models')
    .selectAll('models')
    .select([
      sql<number | string>`(select count(*) from versions where model_id = models.id and deleted_at is null)`.as(
        'versions',
      ),
      sql<string | null>`(select name from versions where model_id = models.id and stage = 'production')`.as(
        'production',
      ),
    ]);
}

async function models(db: Queryable, { after, limit }: PageQuery): Promise<Page<Model>> {
  const rows = await modelQuery(db)
    .$if(after !== undefined, (query) => query.where('name', '>', after as string))
    .orderBy('name')
    .limit(limit + 1)
    .execute();
  return pageOf(rows, limit, toModel, ({ name }) => name);
}

async function model(db: Queryable, name: string): Promise<Model | undefined> {
  const row = await modelQuery(db).where('name', '=', name).executeTakeFirst();
  return row && toModel(row);
}

async function versions(db: Queryable, name: string, page: PageQuery): Promise<Page<Version>> {
  const after = keyOf(page);
  const rows = await db
    .selectFrom('versions')
    .innerJoin('models', 'models.id', 'versions.model_id')
    .select(LIST_COLUMNS)
    .where('models.name', '=', name)
    .where('versions.deleted_at', 'is', null)
    .$if(after !== undefined, (query) => query.where('versions.id', '<', after as number))
    .orderBy('versions.id', 'desc')
    .limit(page.limit + 1)
    .execute();
  const aliases = await aliasesOf(
    db,
    rows.map(({ id }) => id),
  );
  return pageOf(
    rows,
    page.limit,
    (row) => toVersion(name, row, aliases.get(row.id) ?? []),
    ({ id }) => String(id),
  );
}

async function findVersion(db: Queryable, name: string, version: string): Promise<StoredVersion | undefined> {
  const row = await db
    .selectFrom('versions')
    .innerJoin('models', 'models.id', 'versions.model_id')
    .selectAll('versions')
    .where('models.name', '=', name)
    .where('versions.name', '=', version)
    .executeTakeFirst();
  return row && toStored(name, row, (await aliasesOf(db, [row.id])).get(row.id) ?? []);
}

async function artifacts(db: Queryable): Promise<ReadonlySet<string>> {
  const rows = await db.selectFrom('versions').select('artifact').where('artifact', 'is not', null).execute();
  return new Set(rows.map(({ artifact }) => artifact as string));
}
