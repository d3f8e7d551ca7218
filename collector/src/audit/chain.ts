/**
 * The chain of the audit log: each entry's hash covers the entry and the hash before it, so that an entry that was changed,
 * left out or moved no longer fits. What it cannot show: that the last entries were cut off together with the head, or that
 * all of it was written anew; for that, keep a head hash elsewhere (`plumbline verify` and the newest entry of `/v1/audit` tell it) and compare.
 */
import { digestOf } from '../distribution/digest.ts';
import type { AuditRecord } from './audit-event.ts';

/** Stands for the hash before the first entry. */
export const GENESIS = '0'.repeat(64);

/** Where a chain stands: the last entry. */
export interface ChainHead {
  /** 0 before the first entry. */
  readonly seq: number;
  readonly hash: string;
}

/** Where every chain begins. */
export const EMPTY_CHAIN: ChainHead = { seq: 0, hash: GENESIS };

/** What is wrong with a log, at which entry. */
export interface ChainProblem {
  readonly seq: number;
  readonly problem: string;
}

/** SHA-256 (hexadecimal) of the canonical JSON of an entry with the hash before it. */
export function entryHash({ hash: _own, ...entry }: AuditRecord, previous: string): string {
  return digestOf({ ...entry, previous });
}

/**
 * Looks at entries in the order of their numbers, one after the other; memory is that of one entry.
 * A break is told once: the chain goes on from the hash the entry holds.
 */
export class ChainCheck {
  readonly problems: ChainProblem[] = [];
  #head: ChainHead = EMPTY_CHAIN;

  get head(): ChainHead {
    return this.#head;
  }

  next(record: AuditRecord): void {
    const expected = this.#head.seq + 1;
    if (record.seq !== expected) this.#tell(expected, missing(expected, record.seq - 1));
    // After a gap the hash before is not known, so that this entry can only be taken as it is.
    else if (record.hash !== entryHash(record, this.#head.hash))
      this.#tell(record.seq, 'The entry does not fit its hash and the entry before: one of them was changed or moved.');
    this.#head = { seq: record.seq, hash: record.hash };
  }

  /** @param head what the database says the last entry is */
  finish(head: ChainHead | undefined): void {
    const last = this.#head;
    if (head === undefined) this.#tell(last.seq, 'The record of the last entry is missing.');
    else if (head.seq > last.seq) this.#tell(last.seq + 1, missing(last.seq + 1, head.seq));
    else if (head.seq !== last.seq || head.hash !== last.hash)
      this.#tell(last.seq, 'The last entry is not the one that was recorded as the last.');
  }

  #tell(seq: number, problem: string): void {
    this.problems.push({ seq, problem });
  }
}

function missing(from: number, to: number): string {
  if (to < from) return `The number ${from} was expected here: an entry occurs twice or out of order.`;
  return from === to ? `Entry ${from} is missing.` : `Entries ${from} to ${to} are missing.`;
}
