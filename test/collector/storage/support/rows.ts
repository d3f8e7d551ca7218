/** Rows that tests write past the services. */
import type { Database } from '../../../../collector/src/storage/database.ts';

/** A version that ingest would have made. @returns its key */
export async function registerVersion({ db }: Database, model: string, version: string): Promise<number> {
  await db
    .insertInto('models')
    .values({ name: model, registered: 0, declaration: '{}', policy: null, policy_revision: 0, created_at: 1 })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute();
  const { id } = await db.selectFrom('models').select('id').where('name', '=', model).executeTakeFirstOrThrow();
  const row = await db
    .insertInto('versions')
    .values({
      ...{ model_id: id, name: version, registered: 0, stage: null, description: '', origin: null, digest: null },
      ...{ artifact: null, tags: '{}', files: '[]', metrics: '{}', reference: null, reference_digest: null },
      ...{ created_at: 1, deleted_at: null },
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return row.id;
}
