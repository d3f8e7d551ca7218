/** Tokens in the database: their hashes, never their texts. */
import type { Selectable } from 'kysely';
import type { AccessToken, ListedToken, NewToken, TokenAdministration } from '../audit/access-token.ts';
import { hashToken } from '../audit/access-token.ts';
import type { Actor, AuditAction, AuditEntry } from '../audit/audit-event.ts';
import type { Scope } from '../audit/scopes.ts';
import { PlumblineError } from '../errors.ts';
import { appendAudit } from './audit-log.ts';
import type { Database } from './database.ts';
import type { Schema } from './schema.ts';
import { reading, transact } from './transact.ts';

/** What the store needs of the world around it. */
export interface TokenStoreOptions {
  /** Epoch ms. */
  readonly now: () => number;
  /** An id never given before, short enough to be typed. */
  readonly newId: () => string;
}

type TokenRow = Selectable<Schema['tokens']>;

/** Makes the store. */
export function createTokenStore(database: Database, { now, newId }: TokenStoreOptions): TokenAdministration {
  const { db, engine } = database;
  return {
    find: async (hash) => {
      const row = await reading(
        db.selectFrom('tokens').selectAll().where('hash', '=', hash).where('revoked_at', 'is', null).executeTakeFirst(),
      );
      return row && toToken(row);
    },
    any: async () => {
      const query = db.selectFrom('tokens').select('id').where('revoked_at', 'is', null).limit(1);
      return (await reading(query.executeTakeFirst())) !== undefined;
    },
    list: async () => {
      const rows = await reading(db.selectFrom('tokens').selectAll().orderBy('created_at').orderBy('id').execute());
      return rows.map(toListed);
    },
    create: async (token, text, actor) => {
      const time = now();
      const row = newRow(newId(), token, hashToken(text), time);
      await transact(db, async (writing) => {
        await writing.insertInto('tokens').values(row).execute();
        await appendAudit(writing, engine.name, tokenEntry('token.created', row, actor), time);
      });
      return toListed(row);
    },
    revoke: (id, actor) =>
      transact(db, async (writing) => {
        const time = now();
        const query = writing.selectFrom('tokens').selectAll().where('id', '=', id);
        const row = await query.$if(engine.name === 'postgres', (locked) => locked.forUpdate()).executeTakeFirst();
        if (!row) throw unknown(id);
        if (row.revoked_at !== null) return toListed(row);
        await writing.updateTable('tokens').set({ revoked_at: time }).where('id', '=', id).execute();
        await appendAudit(writing, engine.name, tokenEntry('token.revoked', row, actor), time);
        return toListed({ ...row, revoked_at: time });
      }),
  };
}

function newRow(id: string, token: NewToken, hash: string, time: number): TokenRow {
  return {
    ...{ id, name: token.name ?? id, hash, scopes: JSON.stringify(token.scopes) },
    ...{ require_identity: token.requireIdentity ? 1 : 0, created_at: time, revoked_at: null },
  };
}

function tokenEntry(action: AuditAction, row: TokenRow, actor: Actor): AuditEntry {
  const { id, name, scopes, requireIdentity } = toToken(row);
  const facts = { id, scopes, requireIdentity };
  const created = action === 'token.created';
  return {
    ...{ action, actor, model: null, subject: name, reason: null, evidence: null, requestId: null },
    ...{ before: created ? null : facts, after: created ? facts : null },
  };
}

function toToken(row: TokenRow): AccessToken {
  const scopes = JSON.parse(row.scopes) as Scope[];
  return { id: row.id, name: row.name, scopes, requireIdentity: row.require_identity === 1 };
}

function toListed(row: TokenRow): ListedToken {
  const time = (milliseconds: number) => new Date(milliseconds).toISOString();
  const revokedAt = row.revoked_at === null ? null : time(row.revoked_at);
  return { ...toToken(row), createdAt: time(row.created_at), revokedAt };
}

function unknown(id: string): PlumblineError {
  return new PlumblineError('not_found', `There is no token "${id}".`, 'plumbline token list shows the ids.');
}
