/** Folders on disk: what is in them, and making it durable. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, open, readdir, realpath } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { systemErrorCode } from '../errors.ts';
import type { ArtifactFile } from './artifact-manifest.ts';

/** Paths of everything below a folder that is no folder, with `/`, sorted; none where there is no folder. */
export async function pathsBelow(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => !entry.isDirectory())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
      .sort();
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

/** Makes the entries of a folder durable; systems that cannot open a folder do not need it. */
export async function syncFolder(path: string): Promise<void> {
  let folder;
  try {
    folder = await open(path, 'r');
  } catch (error) {
    // Windows opens no folders.
    if (systemErrorCode(error) === 'EISDIR' || systemErrorCode(error) === 'EPERM') return;
    throw error;
  }
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** Makes the entries of a folder and of every folder below durable. Files are synced by who writes them. */
export async function syncTree(path: string): Promise<void> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  for (const entry of entries) if (entry.isDirectory()) await syncFolder(join(entry.parentPath, entry.name));
  await syncFolder(path);
}

/** Whether a folder holds exactly these files, byte for byte. Cost: one read of them, where sizes and names fit. */
export async function holdsFiles(folder: string, files: readonly ArtifactFile[]): Promise<boolean> {
  const present = await pathsBelow(await realpath(folder).catch(() => folder)).catch(() => undefined);
  const wanted = files.map(({ path }) => path).sort();
  if (present === undefined || present.length !== wanted.length) return false;
  if (present.some((path, index) => path !== wanted[index])) return false;
  for (const { path, size, sha256 } of files) {
    const place = join(folder, path);
    const found = await lstat(place);
    if (!found.isFile() || found.size !== size || (await sha256Of(place)) !== sha256) return false;
  }
  return true;
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path) as AsyncIterable<Uint8Array>) hash.update(chunk);
  return hash.digest('hex');
}
