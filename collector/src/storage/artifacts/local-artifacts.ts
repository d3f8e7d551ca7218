/**
 * Artifacts on the local disk: `<folder>/<id>/…`, written in `<folder>/.staging/<id>/…`, each file and folder synced, and moved
 * over by one rename.
 */
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathsBelow, syncFolder, syncTree } from '../../client/folders.ts';
import { errorText, PlumblineError, systemErrorCode } from '../../errors.ts';
import type { ArtifactStore, HeldArtifact, StagedArtifact } from '../../registry/artifact-store.ts';

const STAGING = '.staging';
/** Made by this service, read by its user alone; what is saved never changes. */
const FILE_MODE = 0o440;
const FOLDER_MODE = 0o750;
/** What the disk says when it is full, broken or not ours to write. */
const DISK_CODES = ['ENOSPC', 'EDQUOT', 'EIO', 'EROFS', 'EACCES', 'EPERM', 'EMFILE', 'ENFILE'];

/** Makes the store. @param folder made where there is none */
export async function createLocalArtifacts(folder: string): Promise<ArtifactStore> {
  await guarded(mkdir(join(folder, STAGING), { recursive: true, mode: FOLDER_MODE }));
  await syncFolder(folder);
  return {
    stage: (id) => stage(folder, id),
    read: (id, path) => read(join(folder, id, path), path),
    paths: (id) => guarded(pathsBelow(join(folder, id))),
    remove: (id) => remove(folder, id),
    list: () => guarded(list(folder)),
  };
}

async function stage(folder: string, id: string): Promise<StagedArtifact> {
  const [staged, published] = [join(folder, STAGING, id), join(folder, id)];
  await guarded(mkdir(staged, { mode: FOLDER_MODE }));
  return {
    write: (path, content) => writeDurably(join(staged, path), content),
    publish: () =>
      guarded(
        (async () => {
          await syncTree(staged);
          await rename(staged, published);
          await syncFolder(join(folder, STAGING));
          await syncFolder(folder);
        })(),
      ),
    discard: () => rm(staged, { recursive: true, force: true }).catch(() => {}),
  };
}

/** Errors of the content are thrown as they are; those of the disk become `unavailable`. */
async function writeDurably(path: string, content: AsyncIterable<Uint8Array>): Promise<void> {
  await guarded(mkdir(dirname(path), { recursive: true, mode: FOLDER_MODE }));
  const file = await guarded(open(path, 'wx', FILE_MODE));
  try {
    for await (const chunk of content) await guarded(file.writeFile(chunk));
    await guarded(file.sync());
  } finally {
    await file.close();
  }
}

async function read(path: string, name: string): Promise<AsyncIterable<Uint8Array>> {
  const found = await guarded(stat(path)).catch((error: unknown) => {
    if (systemErrorCode(error) === 'ENOENT' || systemErrorCode(error) === 'ENOTDIR') throw gone(name);
    throw error;
  });
  if (!found.isFile()) throw gone(name);
  return opened(path);
}

/** Opened when the first byte is wanted: a file that nobody reads after all holds nothing open. */
async function* opened(path: string): AsyncGenerator<Uint8Array> {
  const file = await guarded(open(path, 'r'));
  try {
    yield* file.createReadStream({ autoClose: false }) as AsyncIterable<Uint8Array>;
  } finally {
    await file.close();
  }
}

/** Out of sight by one rename first, so that a crash leaves it whole or not at all. */
async function remove(folder: string, id: string): Promise<void> {
  const staged = join(folder, STAGING, id);
  try {
    await rename(join(folder, id), staged);
    await syncFolder(folder);
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOENT') await guarded(Promise.reject(error));
  }
  await guarded(rm(staged, { recursive: true, force: true }));
}

async function list(folder: string): Promise<HeldArtifact[]> {
  const published = (await readdir(folder)).filter((name) => name !== STAGING);
  const staged = await readdir(join(folder, STAGING));
  const places = [
    ...published.map((id) => ({ id, path: join(folder, id) })),
    ...staged.map((id) => ({ id, path: join(folder, STAGING, id) })),
  ];
  const held = await Promise.all(places.map(async ({ id, path }) => ({ id, lastWritten: await lastWrite(path) })));
  return held.filter((one): one is HeldArtifact => one.lastWritten !== undefined);
}

/** When a file or folder below was last written, epoch ms; undefined when it is gone meanwhile. */
async function lastWrite(path: string): Promise<number | undefined> {
  try {
    const below = await readdir(path, { recursive: true });
    const times = await Promise.all(['', ...below].map(async (name) => (await stat(join(path, name))).mtimeMs));
    return Math.max(...times);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    if (systemErrorCode(error) === 'ENOTDIR') return (await stat(path)).mtimeMs;
    throw error;
  }
}

async function guarded<Result>(action: Promise<Result>): Promise<Result> {
  try {
    return await action;
  } catch (error) {
    if (!DISK_CODES.includes(systemErrorCode(error) ?? '')) throw error;
    const help = 'Check the free space and the rights of the artifact folder; nothing was saved.';
    throw new PlumblineError('unavailable', `The artifact store cannot be used: ${errorText(error)}`, help, {
      cause: error,
    });
  }
}

function gone(path: string): PlumblineError {
  const help = 'Restore the artifact folder from a backup; plumbline verify lists everything that is missing.';
  return new PlumblineError('artifact_damaged', `The file ${JSON.stringify(path)} is missing from the store.`, help);
}
