/** Reads a file of an artifact and holds it against its size and SHA-256. */
import { createHash } from 'node:crypto';
import { PlumblineError } from '../errors.ts';
import type { ArtifactFile } from './artifact-manifest.ts';

/**
 * The same bytes. The last chunk is held back until the sum is right, so that nobody ever gets a damaged file to its end.
 * @param where names the artifact in the error
 * @throws PlumblineError `artifact_damaged` from the iteration, when size or SHA-256 differ
 */
export async function* checkedContent(
  where: string,
  { path, size, sha256 }: ArtifactFile,
  content: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  let seen = 0;
  let held: Uint8Array | undefined;
  for await (const chunk of content) {
    seen += chunk.byteLength;
    if (seen > size) throw damaged(where, path, `is longer than the ${size} bytes it was saved with`);
    hash.update(chunk);
    if (held) yield held;
    held = chunk;
  }
  if (seen < size) throw damaged(where, path, `has ${seen} of the ${size} bytes it was saved with`);
  if (hash.digest('hex') !== sha256) throw damaged(where, path, 'is not the one that was saved: its SHA-256 differs');
  if (held) yield held;
}

/** A file that is not what was saved. */
export function damaged(where: string, path: string, reason: string): PlumblineError {
  const help =
    'Save the version anew under another name, or restore the file from a backup; plumbline verify finds all.';
  return new PlumblineError('artifact_damaged', `The file ${JSON.stringify(path)} of ${where} ${reason}.`, help);
}
