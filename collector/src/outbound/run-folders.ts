/** Folders of runs on the disk of the service. */
import { createReadStream, createWriteStream } from 'node:fs';
import { lstat, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { damaged } from '../client/checked-content.ts';
import { writeArtifact } from '../client/write-artifact.ts';
import { PlumblineError, systemErrorCode } from '../errors.ts';
import type { ArtifactStore } from '../registry/artifact-store.ts';
import type { StoredVersion } from '../registry/registry-store.ts';
import { versionName } from '../registry/verify-artifact.ts';
import type { FolderFile, RunFolder, RunFolders } from '../retraining/run-folders.ts';
import { entriesBelow } from './processes/folder-sizes.ts';
import { endGroup } from './processes/group.ts';

/** Where they lie, and where versions come from. */
export interface RunFolderOptions {
  /** Made where there is none; nothing else lies in it. */
  readonly folder: string;
  readonly artifacts: ArtifactStore;
}

/** Read by the user of the service alone: examples are of people. */
const MODE = 0o700;
const FILE_MODE = 0o600;
const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/;
/** Milliseconds that what a killed service left running has to end. */
const GRACE = 2_000;

/** Opens the folder. */
export function createRunFolders({ folder, artifacts }: RunFolderOptions): RunFolders {
  const root = resolve(folder);
  return {
    create: async (name) => {
      if (!NAME.test(name)) throw new RangeError(`${name} is no name of a run`);
      const path = join(root, name);
      await guarded(mkdir(root, { recursive: true, mode: MODE }));
      await guarded(mkdir(path, { mode: MODE }));
      return runFolder(path, artifacts);
    },
    sweep: async (isUsed) => {
      const removed: string[] = [];
      for (const name of (await readdir(root).catch(() => [])).sort())
        if (!(await isUsed(name))) {
          await removeRun(join(root, name));
          removed.push(name);
        }
      return removed;
    },
  };
}

function runFolder(path: string, artifacts: ArtifactStore): RunFolder {
  return {
    path,
    writeLines: (name, lines) => writeLines(join(path, name), lines),
    readLines: (name) => createInterface({ input: createReadStream(join(path, name)), crlfDelay: Infinity }),
    makeFolder: async (name) => {
      await guarded(mkdir(join(path, name), { mode: MODE }));
      return join(path, name);
    },
    materialise: (stored) => materialise(path, artifacts, stored),
    files: (name) => filesOf(join(path, name)),
    readText: (name, maxBytes) => readText(join(path, name), name, maxBytes),
    remove: () => removeRun(path),
  };
}

/** What runs for a folder ends before the folder goes: it would write it anew. */
async function removeRun(path: string): Promise<void> {
  await endGroup({ id: undefined, mark: path }, GRACE);
  await guarded(rm(path, { recursive: true, force: true, maxRetries: 3 }));
}

async function writeLines(path: string, lines: AsyncIterable<string> | Iterable<string>) {
  let count = 0;
  async function* counted(): AsyncGenerator<string> {
    for await (const line of lines) {
      count++;
      yield `${line}\n`;
    }
  }
  await guarded(pipeline(Readable.from(counted()), createWriteStream(path, { flags: 'wx', mode: FILE_MODE })));
  return { path, lines: count };
}

async function materialise(folder: string, artifacts: ArtifactStore, { version, artifact }: StoredVersion) {
  const { model, version: name, digest, files } = version;
  if (artifact === null || digest === null)
    throw damaged(versionName(version), '*', 'is in no store: the version was never saved with files');
  const read = (path: string) => artifacts.read(artifact, path);
  const { to } = await writeArtifact(
    { model, version: name, digest, files, read },
    { to: join(folder, `version-${name}`) },
  );
  return to;
}

async function* filesOf(folder: string): AsyncGenerator<FolderFile> {
  const paths: string[] = [];
  for await (const { path, kind } of entriesBelow(folder)) if (kind === 'file') paths.push(path);
  for (const path of paths.sort())
    yield { path, content: createReadStream(join(folder, path)) as AsyncIterable<Uint8Array> };
}

async function readText(path: string, name: string, maxBytes: number): Promise<string | undefined> {
  const found = await lstat(path).catch(() => undefined);
  if (!found?.isFile()) return undefined;
  if (found.size <= maxBytes) return guarded(readFile(path, 'utf8'));
  throw new PlumblineError('too_large', `${name} has ${found.size} bytes.`, `It may have ${maxBytes} at most.`);
}

async function guarded<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    const code = systemErrorCode(error);
    if (error instanceof PlumblineError || code === undefined || !/^E[A-Z]+$/.test(code)) throw error;
    const help = 'Check that the data folder may be written to and has room.';
    throw new PlumblineError('unavailable', `The folder of a run cannot be written (${code}).`, help, { cause: error });
  }
}
