/** Takes the files of a new version in: paths checked, bytes counted and hashed while they pass, limits held. */
import { createHash } from 'node:crypto';
import { checkArtifactPath, type ArtifactFile } from '../client/artifact-manifest.ts';
import { PlumblineError } from '../errors.ts';
import type { StagedArtifact } from './artifact-store.ts';

/** How large an artifact may be. */
export interface ArtifactLimits {
  /** Files together, in bytes. */
  readonly maxBytes: number;
  readonly maxFiles: number;
}

/** 10 GiB in 10,000 files. */
export const DEFAULT_LIMITS: ArtifactLimits = { maxBytes: 10 * 1024 ** 3, maxFiles: 10_000 };

/** A file as it comes in. */
export interface IncomingFile {
  readonly path: string;
  readonly content: AsyncIterable<Uint8Array>;
}

/**
 * Writes all files to a staged artifact. Memory is that of one chunk.
 * @returns the files sorted by path
 * @throws PlumblineError `invalid_path`, `invalid_request` (no file, a path twice, a file that is also a folder), `too_large`
 */
export async function takeFiles(
  incoming: AsyncIterable<IncomingFile>,
  staged: StagedArtifact,
  limits: ArtifactLimits,
): Promise<ArtifactFile[]> {
  const files: ArtifactFile[] = [];
  const taken = new Map<string, 'file' | 'folder'>();
  let bytes = 0;
  for await (const { path, content } of incoming) {
    claim(checkArtifactPath(path), taken);
    if (files.length === limits.maxFiles) throw tooMany(limits);
    const hash = createHash('sha256');
    let size = 0;
    await staged.write(path, passing(content));
    files.push({ path, size, sha256: hash.digest('hex') });

    async function* passing(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
      for await (const chunk of chunks) {
        size += chunk.byteLength;
        bytes += chunk.byteLength;
        if (bytes > limits.maxBytes) throw tooLarge(limits);
        hash.update(chunk);
        yield chunk;
      }
    }
  }
  if (files.length === 0) throw noFiles();
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Each name is a file once, or a folder: compared as a file system without upper and lower case would. */
function claim(path: string, taken: Map<string, 'file' | 'folder'>): void {
  const parts = path.normalize('NFC').toLowerCase().split('/');
  for (let depth = 1; depth <= parts.length; depth++) {
    const name = parts.slice(0, depth).join('/');
    const kind = depth === parts.length ? 'file' : 'folder';
    const known = taken.get(name);
    if (known !== undefined && (kind === 'file' || known === 'file')) throw occursTwice(path);
    taken.set(name, kind);
  }
}

function occursTwice(path: string): PlumblineError {
  const help = 'Give each file a path of its own; upper and lower case alone do not tell two files apart everywhere.';
  return new PlumblineError('invalid_request', `The file ${JSON.stringify(path)} is there twice.`, help);
}

function noFiles(): PlumblineError {
  const help = 'Send at least one file, or name a folder that holds one.';
  return new PlumblineError('invalid_request', 'The version has no files.', help);
}

function tooMany({ maxFiles }: ArtifactLimits): PlumblineError {
  return new PlumblineError('too_large', `The artifact has more than ${maxFiles} files.`, 'Pack them into an archive.');
}

function tooLarge({ maxBytes }: ArtifactLimits): PlumblineError {
  const help = 'Make it smaller, or raise the limit of the service.';
  return new PlumblineError('too_large', `The artifact is larger than ${maxBytes} bytes.`, help);
}
