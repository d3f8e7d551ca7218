/** Reads artifacts from folders of this machine: only below the allowed roots, and never over a symbolic link. */
import { constants } from 'node:fs';
import { lstat, open, readdir, realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { PlumblineError, systemErrorCode } from '../../errors.ts';
import type { PathSource } from '../../registry/artifact-store.ts';

/** Not over a link, and without waiting for who writes into a pipe. */
const OPEN_FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

interface PlainFile {
  readonly path: string;
  readonly absolute: string;
}

/** @param roots absolute folders; without one every path is refused */
export function createAllowedRoots(roots: readonly string[]): PathSource {
  return {
    open: async (path) => {
      const origin = await placeBelow(roots, path);
      const found = await lstat(origin);
      if (found.isFile()) return { origin, files: filesOf([{ path: basename(origin), absolute: origin }]) };
      if (found.isDirectory()) return { origin, files: filesOf(await plainFiles(origin)) };
      throw refused(path, 'is neither a file nor a folder');
    },
  };
}

/** The real place of a path, which must be the path itself: a link anywhere in it would lead somewhere nobody allowed. */
async function placeBelow(roots: readonly string[], path: string): Promise<string> {
  if (roots.length === 0) throw refused(path, 'cannot be read: this service allows no folder', 'Upload the files.');
  if (!isAbsolute(path) || path.includes('\0') || path.split(/[/\\]/).includes('..'))
    throw refused(path, 'is not absolute, or holds ".."');
  const wanted = resolve(path);
  for (const root of roots) {
    const below = relative(resolve(root), wanted);
    if (below.startsWith('..') || isAbsolute(below)) continue;
    const place = join(await realRoot(root), below);
    if ((await existing(path, place)) !== place) throw refused(path, 'leads over a symbolic link');
    return place;
  }
  throw refused(path, 'is not below an allowed folder', `Allowed are: ${roots.join(', ')}. Or upload the files.`);
}

async function realRoot(root: string): Promise<string> {
  try {
    return await realpath(root);
  } catch (cause) {
    const help = 'Make the folder, or correct the setting of the allowed folders.';
    throw new PlumblineError('unavailable', `The allowed folder ${root} cannot be read.`, help, { cause });
  }
}

async function existing(path: string, place: string): Promise<string> {
  try {
    return await realpath(place);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') throw refused(path, 'does not exist on the machine of the service');
    throw refused(path, 'cannot be read by the service');
  }
}

/** Every file below, in the order of the names; anything that is neither file nor folder is refused by its name. */
async function plainFiles(folder: string): Promise<PlainFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const strange = entries.find((entry) => !entry.isFile() && !entry.isDirectory());
  if (strange) {
    const kind = strange.isSymbolicLink() ? 'a symbolic link' : 'neither a file nor a folder';
    throw refused(join(strange.parentPath, strange.name), `is ${kind}`);
  }
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((absolute) => ({ absolute, path: relative(folder, absolute).split(sep).join('/') }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function* filesOf(files: readonly PlainFile[]) {
  for (const { path, absolute } of files) yield { path, content: readPlain(absolute) };
}

/** Looks again once the file is open: it, or a folder above it, may have been put in place of what was looked at. */
async function* readPlain(path: string): AsyncGenerator<Uint8Array> {
  const file = await open(path, OPEN_FLAGS).catch((error: unknown) => {
    throw refused(path, systemErrorCode(error) === 'ELOOP' ? 'is a symbolic link' : 'cannot be read by the service');
  });
  try {
    const opened = await file.stat();
    const here = await lstat(path);
    const same = opened.ino === here.ino && opened.dev === here.dev;
    if (!opened.isFile() || !same || (await realpath(dirname(path))) !== dirname(path))
      throw refused(path, 'is no plain file, or was replaced while it was read');
    yield* file.createReadStream({ autoClose: false }) as AsyncIterable<Uint8Array>;
  } finally {
    await file.close();
  }
}

function refused(path: string, reason: string, help = 'Name a plain file or folder below an allowed one.') {
  return new PlumblineError('invalid_path', `path: ${JSON.stringify(path)} ${reason}.`, help);
}
