/** The audit log in the database: appended in the transaction of the change it tells of, read by pages. */
import type { Selectable } from 'kysely';
import {
  storableText,
  type Actor,
  type AuditAction,
  type AuditEntry,
  type AuditQuery,
  type AuditReader,
  type AuditRecord,
  type Json,
} from '../audit/audit-event.ts';
import { EMPTY_CHAIN, entryHash, type ChainHead } from '../audit/chain.ts';
import { PlumblineError } from '../errors.ts';
import type { Database, Queryable, Writing } from './database.ts';
import type { Schema } from './schema.ts';
import { reading } from './transact.ts';

/** The reader, and where the chain stands now. */
export interface AuditLog extends AuditReader {
  head(): Promise<ChainHead>;
}

type EngineName = Database['engine']['name'];
type AuditRow = Selectable<Schema['audit']>;

/**
 * Appends an entry. Call it last in the transaction: from here to its end it holds the lock of the log, on every replica.
 * @param time epoch ms
 */
export async function appendAudit(
  writing: Writing,
  engine: EngineName,
  entry: AuditEntry,
  time: number,
): Promise<AuditRecord> {
  const head = await writing
    .selectFrom('audit_head')
    .select(['seq', 'hash'])
    .where('id', '=', 1)
    .$if(engine === 'postgres', (query) => query.forUpdate())
    .executeTakeFirst();
  if (head === undefined) throw noHead();
  const unsealed = { ...storable(entry), seq: head.seq + 1, time: new Date(time).toISOString(), hash: '' };
  const record: AuditRecord = { ...unsealed, hash: entryHash(unsealed, head.hash) };
  await writing.insertInto('audit').values(toRow(record, time)).execute();
  await writing.updateTable('audit_head').set({ seq: record.seq, hash: record.hash }).where('id', '=', 1).execute();
  return record;
}

/** Entries newest first. */
export function createAuditReader({ db }: Database): AuditLog {
  return {
    list: (query) => reading(list(db, query)),
    head: () => reading(readHead(db)).then((head) => head ?? EMPTY_CHAIN),
  };
}

/** The last entry as the database has it recorded; undefined when somebody removed the record. */
export function readHead(db: Queryable): Promise<ChainHead | undefined> {
  return db.selectFrom('audit_head').select(['seq', 'hash']).where('id', '=', 1).executeTakeFirst();
}

/** Entries after a number, oldest first, for who walks the whole chain. */
export async function entriesAfter(db: Queryable, seq: number, limit: number): Promise<AuditRecord[]> {
  const rows = await db.selectFrom('audit').selectAll().where('seq', '>', seq).orderBy('seq').limit(limit).execute();
  return rows.map(toRecord);
}

async function list(db: Queryable, { model, action, before, limit }: AuditQuery) {
  const rows = await db
    .selectFrom('audit')
    .selectAll()
    .$if(model !== undefined, (query) => query.where('model', '=', model as string))
    .$if(action !== undefined, (query) => query.where('action', '=', action as string))
    .$if(before !== undefined, (query) => query.where('seq', '<', before as number))
    .orderBy('seq', 'desc')
    .limit(limit + 1)
    .execute();
  const items = rows.slice(0, limit).map(toRecord);
  const last = items.at(-1);
  return { items, next: rows.length > limit && last ? String(last.seq) : null };
}

function storable(entry: AuditEntry): AuditEntry {
  const text = (value: string | null) => value && storableText(value);
  const { actor, model, subject, reason, requestId } = entry;
  return {
    ...entry,
    actor: { ...actor, name: storableText(actor.name) },
    model: text(model),
    subject: text(subject),
    reason: text(reason),
    requestId: text(requestId),
  };
}

function toRow(record: AuditRecord, time: number): AuditRow {
  return {
    seq: record.seq,
    time,
    action: record.action,
    model: record.model,
    subject: record.subject,
    actor: JSON.stringify(record.actor),
    reason: record.reason,
    evidence: JSON.stringify(record.evidence),
    before_state: JSON.stringify(record.before),
    after_state: JSON.stringify(record.after),
    request_id: record.requestId,
    hash: record.hash,
  };
}

function toRecord(row: AuditRow): AuditRecord {
  return {
    seq: row.seq,
    time: new Date(row.time).toISOString(),
    action: row.action as AuditAction,
    model: row.model,
    subject: row.subject,
    actor: parsed(row.actor) as unknown as Actor,
    reason: row.reason,
    evidence: parsed(row.evidence),
    before: parsed(row.before_state),
    after: parsed(row.after_state),
    requestId: row.request_id,
    hash: row.hash,
  };
}

/** A text somebody broke by hand is shown as it is; its hash no longer fits, which is what `verify` then says. */
function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

function noHead(): PlumblineError {
  const help = 'Restore the database from a backup; plumbline verify says what else is wrong with it.';
  return new PlumblineError('not_sound', 'The record of the last audit entry is missing.', help);
}
