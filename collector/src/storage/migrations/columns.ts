/** Column types that the engines spell differently. */
import type { ColumnDefinitionBuilder, ColumnDefinitionBuilderCallback, Expression } from 'kysely';
import { sql } from 'kysely';
import type { Database } from '../database.ts';

type ColumnType = 'integer' | 'bigint' | Expression<unknown>;

/** A primary key the database counts up. */
export function identity(engine: Database['engine']['name']): [ColumnType, ColumnDefinitionBuilderCallback] {
  return engine === 'postgres'
    ? ['bigint', (column: ColumnDefinitionBuilder) => column.primaryKey().generatedAlwaysAsIdentity()]
    : ['integer', (column: ColumnDefinitionBuilder) => column.primaryKey().autoIncrement()];
}

/** Bytes. */
export function bytes(engine: Database['engine']['name']): Expression<unknown> {
  return engine === 'postgres' ? sql`bytea` : sql`blob`;
}

/** Text that is compared and ordered byte by byte, whatever the locale of the server. */
export function byteOrdered(engine: Database['engine']['name']): Expression<unknown> {
  return engine === 'postgres' ? sql`text collate "C"` : sql`text`;
}
