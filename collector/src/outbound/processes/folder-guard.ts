/**
 * What a program did beside its task, as far as it can be seen afterwards: a program of the same user can write wherever that user can, and only
 * the system can forbid it (a container, another user).
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { entriesBelow } from './folder-sizes.ts';

/** Which part of a folder is watched. */
export interface GuardedFolder {
  readonly folder: string;
  /** Names in it that may change: where the program works, and what it is to write. */
  readonly free: readonly string[];
  /** Files that are compared byte for byte, wherever they lie. */
  readonly files: readonly string[];
}

/** What a folder was like. */
export interface FolderState {
  /** Path → stamp. */
  readonly entries: ReadonlyMap<string, string>;
  /** Path → SHA-256; empty for a file that cannot be read. */
  readonly digests: ReadonlyMap<string, string>;
}

/** Looks at a folder. Cost: one read of the files that are compared. */
export async function stateOf({ folder, free, files }: GuardedFolder): Promise<FolderState> {
  const entries = new Map<string, string>();
  for await (const { path, stamp } of entriesBelow(folder, (name) => free.includes(name))) entries.set(path, stamp);
  const digests = new Map<string, string>();
  for (const file of files) digests.set(file, await digestOfFile(file));
  return { entries, digests };
}

/** What was made, changed or removed since, as a sentence without its end; undefined where nothing was. */
export async function tamperingOf(guarded: GuardedFolder, before: FolderState): Promise<string | undefined> {
  const after = await stateOf(guarded);
  const changedFile = guarded.files.find((file) => after.digests.get(file) !== before.digests.get(file));
  if (changedFile !== undefined) return `it changed ${quoted(basename(changedFile))}, which it was to read`;
  for (const [path, stamp] of after.entries)
    if (before.entries.get(path) !== stamp)
      return `it wrote outside its folder: ${before.entries.has(path) ? 'it changed' : 'it made'} ${quoted(path)}`;
  const removed = [...before.entries.keys()].find((path) => !after.entries.has(path));
  return removed === undefined ? undefined : `it wrote outside its folder: it removed ${quoted(removed)}`;
}

/** A path for a message: names come from elsewhere. */
export function quoted(path: string): string {
  return JSON.stringify(path.length > 200 ? `${path.slice(0, 200)}…` : path);
}

async function digestOfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(path) as AsyncIterable<Uint8Array>) hash.update(chunk);
    return hash.digest('hex');
  } catch {
    return '';
  }
}
