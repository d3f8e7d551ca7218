/** Writes the files of a version to a place, so that whoever looks there meets the former version or the whole new one. */
import { randomBytes } from 'node:crypto';
import { lstat, mkdir, open, readlink, rename, rm, symlink } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { PlumblineError, systemErrorCode } from '../errors.ts';
import { artifactDigest, checkArtifactPath, type ArtifactFile } from './artifact-manifest.ts';
import { checkedContent, damaged } from './checked-content.ts';
import { holdsFiles, syncFolder, syncTree } from './folders.ts';

/** Where the files go. */
export interface Target {
  readonly to: string;
  /** Replace a folder that holds something else (default: refuse it). */
  readonly force?: boolean;
  /**
   * `to` becomes a symbolic link to a folder beside it, and a later call moves the link by one rename: nobody ever finds the place empty.
   * The folder it pointed to before is removed with the call after that, so that who reads in it can end.
   */
  readonly link?: boolean;
}

/** What is written: the version, and where its bytes come from. */
export interface Artifact {
  readonly model: string;
  readonly version: string;
  readonly digest: string;
  readonly files: readonly ArtifactFile[];
  readonly read: (path: string) => Promise<AsyncIterable<Uint8Array>>;
}

/** What was done. */
export interface Materialised {
  readonly model: string;
  readonly version: string;
  readonly digest: string;
  /** Absolute. */
  readonly to: string;
  readonly files: number;
  readonly bytes: number;
  /** False when the place held exactly these files already. */
  readonly written: boolean;
}

/**
 * Writes into a folder beside the target, checks every file and the digest, syncs, and renames.
 * A new place appears by one rename. A folder that is there is refused unless it holds the same version (nothing is done) or `force` is
 * given: then it is renamed away, the new one in, and the old one removed; between the two renames the place is empty for a moment. With
 * `link` it never is.
 * @throws PlumblineError `already_exists`, `artifact_damaged`, `invalid_path`, `invalid_configuration` where the target cannot be written
 */
export async function writeArtifact(artifact: Artifact, target: Target): Promise<Materialised> {
  const to = resolve(target.to);
  const { model, version, digest, files } = artifact;
  checkManifest(artifact);
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  const result = { model, version, digest, to, files: files.length, bytes };
  const before = await kindOf(to);
  if (before !== 'none' && (await holdsFiles(to, files))) return { ...result, written: false };
  refuse(before, to, target);
  const fresh = join(dirname(to), `.${basename(to)}.${randomBytes(6).toString('hex')}.partial`);
  try {
    await writeAll(fresh, artifact);
    if (target.link) await switchLink(to, fresh);
    else await switchFolder(to, fresh, before);
  } catch (error) {
    await rm(fresh, { recursive: true, force: true });
    throw asPlumbline(error, to);
  }
  return { ...result, written: true };
}

type Kind = 'none' | 'folder' | 'link' | 'other';

async function kindOf(path: string): Promise<Kind> {
  try {
    const found = await lstat(path);
    return found.isSymbolicLink() ? 'link' : found.isDirectory() ? 'folder' : 'other';
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return 'none';
    throw asPlumbline(error, path);
  }
}

/** What stands in the way, and nobody said that it may go. */
function refuse(kind: Kind, to: string, { force = false, link = false }: Target): void {
  if (kind === 'none' || (kind === 'link' && link) || (kind === 'folder' && force && !link)) return;
  const reasons = {
    link: ['is a symbolic link', 'Say `link` (--link) to move it, or name another place.'],
    folder: link
      ? ['is a folder and no symbolic link', 'Remove it first, or name another place for the link.']
      : ['holds something else', 'Say `force` (--force) to replace it, or name another place.'],
    other: ['is no folder', 'Name a folder, there or not.'],
  } as const;
  const [reason, help] = reasons[kind];
  throw new PlumblineError('already_exists', `to: ${to} ${reason}.`, help);
}

/** The list of files comes from elsewhere: it must be what the digest stands for, and lead nowhere else. */
function checkManifest({ model, version, digest, files }: Artifact): void {
  for (const { path } of files) checkArtifactPath(path);
  if (files.length > 0 && artifactDigest(files) === digest) return;
  throw damaged(`version "${version}" of "${model}"`, '*', 'does not fit: the list of files is not that of the digest');
}

async function writeAll(folder: string, { model, version, files, read }: Artifact): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const file of files) {
    const path = join(folder, file.path);
    await mkdir(dirname(path), { recursive: true });
    const out = await open(path, 'wx');
    try {
      const content = await read(file.path);
      for await (const chunk of checkedContent(`version "${version}" of "${model}"`, file, content))
        await out.writeFile(chunk);
      await out.sync();
    } finally {
      await out.close();
    }
  }
  await syncTree(folder);
}

async function switchFolder(to: string, fresh: string, before: Kind): Promise<void> {
  const old = `${fresh}.old`;
  if (before === 'folder') await rename(to, old);
  try {
    await rename(fresh, to);
  } catch (error) {
    if (before === 'folder') await rename(old, to);
    throw error;
  }
  await syncFolder(dirname(to));
  await rm(old, { recursive: true, force: true });
}

/** The folders of a link are `.<name>.a` and `.<name>.b` by turns: the one not pointed to is free. */
async function switchLink(to: string, fresh: string): Promise<void> {
  const [parent, name] = [dirname(to), basename(to)];
  const used = await readlink(to).catch(() => undefined);
  const next = used === `.${name}.a` ? `.${name}.b` : `.${name}.a`;
  await rm(join(parent, next), { recursive: true, force: true });
  await rename(fresh, join(parent, next));
  const link = `${fresh}.link`;
  await symlink(next, link);
  await rename(link, to);
  await syncFolder(parent);
}

function asPlumbline(error: unknown, to: string): unknown {
  const code = systemErrorCode(error);
  if (error instanceof PlumblineError || code === undefined || !/^E[A-Z]+$/.test(code)) return error;
  const help = 'Check that its folder may be written to and has room.';
  return new PlumblineError('invalid_configuration', `to: ${to} cannot be written (${code}).`, help, { cause: error });
}
