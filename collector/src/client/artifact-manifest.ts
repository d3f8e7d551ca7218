/** What an artifact is made of: its files, the digest over them, and which paths they may have. */
import { digestOf } from '../distribution/digest.ts';
import { PlumblineError } from '../errors.ts';

/** One file of a version's artifact. */
export interface ArtifactFile {
  /** Relative, with `/`. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

const MAX_PATH = 1_024;
/** What file systems take at most for one name, in bytes of UTF-8. */
const MAX_NAME = 255;
const CONTROL = /\p{Cc}/u;

/** SHA-256 (hexadecimal) over the list of files, sorted by path: canonical JSON of `[{path, sha256, size}, …]`. */
export function artifactDigest(files: readonly ArtifactFile[]): string {
  const sorted = files.map(({ path, size, sha256 }) => ({ path, size, sha256 }));
  return digestOf(sorted.sort((a, b) => (a.path < b.path ? -1 : 1)));
}

/**
 * Checks the path of a file inside an artifact: it must mean the same place below a folder on every system, and in the path
 * of a request. @throws PlumblineError `invalid_path`
 */
export function checkArtifactPath(path: string): string {
  const names = path.split('/');
  if (path === '' || path.length > MAX_PATH) throw bad(path, `is empty or longer than ${MAX_PATH} characters`);
  if (!path.isWellFormed() || CONTROL.test(path)) throw bad(path, 'holds a control character');
  if (path.includes('\\')) throw bad(path, 'holds a backslash');
  if (path.includes('..')) throw bad(path, 'holds ".."');
  if (names.some((name) => name === '' || name === '.')) throw bad(path, 'is absolute, or has an empty part or "."');
  if (names.some((name) => Buffer.byteLength(name) > MAX_NAME)) throw bad(path, `has a part of over ${MAX_NAME} bytes`);
  return path;
}

function bad(path: string, reason: string): PlumblineError {
  const help = 'Give files paths relative to the artifact, with "/" between the parts, for instance model/weights.bin.';
  return new PlumblineError('invalid_path', `The file path ${JSON.stringify(path.slice(0, 200))} ${reason}.`, help);
}
