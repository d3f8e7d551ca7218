/** Copies SQLite's write-ahead log into the database, as far as nobody reads what would be overwritten. */
import type { DatabaseSync } from 'node:sqlite';

/** `done`: the log holds nothing that the database lacks, so the next commit begins it anew; `left`: it holds more. */
export type LogState = 'done' | 'left';

/** Blocks this thread, no other: neither readers nor the writer wait. @throws what SQLite throws when the disk is full or broken */
export function copyLog(sqlite: DatabaseSync): LogState {
  const { busy, log, checkpointed } = sqlite.prepare('pragma wal_checkpoint(passive)').get() as unknown as Answer;
  return busy === 0 && log === checkpointed ? 'done' : 'left';
}

interface Answer {
  /** 1 when another checkpoint is under way. */
  readonly busy: number;
  /** Pages in the log, and those of them that are in the database. */
  readonly log: number;
  readonly checkpointed: number;
}
