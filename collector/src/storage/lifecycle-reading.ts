/** Moves and policies as they are asked for. */
import type { Actor, Json } from '../audit/audit-event.ts';
import type { CurrentVersion, LifecycleReading, StoredPolicy, StoredTransition } from '../lifecycle/lifecycle-store.ts';
import type { Transition } from '../lifecycle/lifecycle.ts';
import type { Stage } from '../registry/model-version.ts';
import type { Queryable } from './database.ts';
import { isoTime, keyOf, pageOf } from './registry-rows.ts';
import { reading } from './transact.ts';

/** The reading half of the lifecycle's store. */
export function lifecycleReading(db: Queryable): LifecycleReading {
  return {
    policy: (model) => reading(policy(db, model)),
    policies: () => reading(policies(db)),
    currentVersions: () => reading(currentVersions(db)),
    transitions: async (model, page) => {
      const after = keyOf(page);
      const rows = await reading(
        moves(db, model)
          .$if(after !== undefined, (query) => query.where('transitions.id', '<', after as number))
          .orderBy('transitions.id', 'desc')
          .limit(page.limit + 1)
          .execute(),
      );
      return pageOf(rows, page.limit, toTransition, ({ id }) => String(id));
    },
    lastArrival: (model, at) =>
      first(
        moves(db, model).where('to_stage', '=', 'production').where('at', '<=', at).orderBy('transitions.id', 'desc'),
      ),
    nextArrival: (model, at) =>
      first(
        moves(db, model).where('to_stage', '=', 'production').where('at', '>', at).orderBy('transitions.id', 'asc'),
      ),
    departure: ({ id, transition: { model, version } }) =>
      first(
        moves(db, model)
          .where('versions.name', '=', version)
          .where('from_stage', '=', 'production')
          .where('transitions.id', '>', id)
          .orderBy('transitions.id', 'asc'),
      ),
  };
}

/** A policy as its row holds it. */
export function policyOfRow(row: { readonly policy: string | null; readonly policy_revision: number }): StoredPolicy {
  const changes = row.policy === null ? {} : (JSON.parse(row.policy) as StoredPolicy['changes']);
  return { revision: row.policy_revision, changes };
}

async function policy(db: Queryable, model: string): Promise<StoredPolicy | undefined> {
  const row = await db
    .selectFrom('models')
    .select(['policy', 'policy_revision'])
    .where('name', '=', model)
    .executeTakeFirst();
  return row && policyOfRow(row);
}

async function policies(db: Queryable): Promise<(StoredPolicy & { model: string })[]> {
  const rows = await db
    .selectFrom('models')
    .select(['name', 'policy', 'policy_revision'])
    .where('policy', 'is not', null)
    .orderBy('name')
    .execute();
  return rows.map((row) => ({ model: row.name, ...policyOfRow(row) }));
}

async function currentVersions(db: Queryable): Promise<CurrentVersion[]> {
  const rows = await db
    .selectFrom('versions')
    .innerJoin('models', 'models.id', 'versions.model_id')
    .select(['models.name as model', 'versions.name', 'versions.stage', 'versions.digest', 'reference_digest'])
    .where('versions.registered', '=', 1)
    .where('versions.stage', '!=', 'deprecated')
    .orderBy('versions.id')
    .execute();
  return rows.map((row) => ({
    model: row.model,
    version: row.name,
    stage: row.stage as Stage,
    digest: row.digest ?? '',
    reference: (row.reference_digest ?? '').slice(0, 12),
  }));
}

type MoveQuery = ReturnType<typeof moves>;
type MoveRow = Awaited<ReturnType<MoveQuery['execute']>>[number];

function moves(db: Queryable, model: string) {
  return db
    .selectFrom('transitions')
    .innerJoin('versions', 'versions.id', 'transitions.version_id')
    .innerJoin('models', 'models.id', 'transitions.model_id')
    .selectAll('transitions')
    .select(['versions.name as version', 'models.name as model'])
    .where('models.name', '=', model);
}

async function first(query: MoveQuery): Promise<StoredTransition | undefined> {
  const row = await reading(query.limit(1).executeTakeFirst());
  return row && { id: row.id, transition: toTransition(row) };
}

function toTransition(row: MoveRow): Transition {
  return {
    model: row.model,
    version: row.version,
    from: row.from_stage as Stage,
    to: row.to_stage as Stage,
    kind: row.kind as Transition['kind'],
    at: isoTime(row.at),
    actor: JSON.parse(row.actor) as Actor,
    reason: row.reason,
    evidence: JSON.parse(row.evidence) as Json,
  };
}
