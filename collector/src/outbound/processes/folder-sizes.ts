/** How much lies in a folder, looked at without following anything out of it. */
import { lstat, opendir } from 'node:fs/promises';
import { join } from 'node:path';

/** How much a folder may hold. */
export interface FolderLimits {
  readonly maxBytes: number;
  readonly maxFiles: number;
}

/** What a folder holds: something that is neither file nor folder is `other`. */
export interface FoundEntry {
  /** From the folder on, with `/`. */
  readonly path: string;
  readonly kind: 'file' | 'folder' | 'link' | 'other';
  readonly size: number;
  /** Changes when the content does, if nobody tampers with the clock. */
  readonly stamp: string;
}

/** Everything below a folder, some at a time; what goes away while it is looked at is left out. Links are not followed. */
export async function* entriesBelow(
  folder: string,
  skip: (path: string) => boolean = () => false,
  below = '',
): AsyncGenerator<FoundEntry> {
  const opened = await opendir(join(folder, below)).catch(() => undefined);
  if (!opened) return;
  for await (const { name } of opened) {
    const path = below === '' ? name : `${below}/${name}`;
    if (skip(path)) continue;
    const found = await lstat(join(folder, path)).catch(() => undefined);
    if (!found) continue;
    const kind = found.isFile() ? 'file' : found.isDirectory() ? 'folder' : found.isSymbolicLink() ? 'link' : 'other';
    const size = kind === 'file' ? found.size : 0;
    yield { path, kind, size, stamp: kind === 'folder' ? kind : `${kind} ${found.ino} ${found.size} ${found.mtimeMs}` };
    if (kind === 'folder') yield* entriesBelow(folder, skip, path);
  }
}

/** What a folder has too much of; undefined while it keeps within its limits. */
export async function excessOf(folder: string, { maxBytes, maxFiles }: FolderLimits): Promise<string | undefined> {
  let [bytes, files] = [0, 0];
  for await (const { size } of entriesBelow(folder)) {
    bytes += size;
    files++;
    if (bytes > maxBytes) return `more than ${maxBytes.toLocaleString('en')} bytes`;
    if (files > maxFiles) return `more than ${maxFiles.toLocaleString('en')} files`;
  }
  return undefined;
}
