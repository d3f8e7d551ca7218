/** Reference profiles on disk. */
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseReference } from '../distribution/parse-reference.ts';
import type { ReferenceProfile } from '../distribution/reference.ts';
import { PlumblineError } from '../errors.ts';

/** Reads a reference profile. @throws PlumblineError `invalid_reference` naming the file and what is wrong */
export function readReferenceFile(path: string): ReferenceProfile {
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const reason = error instanceof SyntaxError ? 'is not JSON' : 'cannot be read';
    const help = 'Make one with `plumbline profile data.csv --out reference.json`.';
    throw new PlumblineError('invalid_reference', `The reference profile ${path} ${reason}.`, help, { cause: error });
  }
  try {
    return parseReference(parsed);
  } catch (error) {
    if (!(error instanceof PlumblineError)) throw error;
    throw new PlumblineError(error.code, `${path}: ${error.message}`, error.help, { cause: error });
  }
}

/**
 * Writes a reference profile; a reader, also after a crash, sees the old file or the whole new one: written under a
 * temporary name, synced, renamed. Nothing is left behind when it fails.
 */
export function writeReferenceFile(path: string, reference: ReferenceProfile): void {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, `${JSON.stringify(reference)}\n`, { flush: true });
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  syncFolder(dirname(path));
}

/** The rename itself is durable only when the folder is synced; systems that cannot open a folder do not need it. */
function syncFolder(path: string): void {
  let folder: number | undefined;
  try {
    folder = openSync(path, 'r');
    fsyncSync(folder);
  } catch {
    // Windows opens no folders.
  } finally {
    if (folder !== undefined) closeSync(folder);
  }
}
