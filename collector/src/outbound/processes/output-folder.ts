/** Whether what a trainer left may be registered: plain files below its folder, and not too much of them. */
import { lstat } from 'node:fs/promises';
import { checkArtifactPath } from '../../client/artifact-manifest.ts';
import { errorText } from '../../errors.ts';
import { quoted } from './folder-guard.ts';
import { entriesBelow, type FolderLimits } from './folder-sizes.ts';

/** What trainers say about themselves and their data: no model without another file. */
const REPORTS: readonly string[] = ['metrics.json', 'reference.json'];

/** What is wrong with an output folder, as a sentence without its end; undefined where nothing is. */
export async function outputFault(folder: string, { maxBytes, maxFiles }: FolderLimits): Promise<string | undefined> {
  // The folder itself, not a link that was put in its place.
  const own = await lstat(folder).catch(() => undefined);
  if (!own?.isDirectory()) return 'its output folder is gone, or something else is in its place';
  let [bytes, files] = [0, 0];
  let hasModel = false;
  for await (const { path, kind, size } of entriesBelow(folder)) {
    if (kind === 'link') return `it left a symbolic link in its output, ${quoted(path)}; only plain files are taken`;
    if (kind === 'other') return `it left something in its output that is no file, ${quoted(path)}`;
    if (kind === 'folder') continue;
    const unusable = pathFault(path);
    if (unusable !== undefined) return unusable;
    bytes += size;
    files++;
    if (bytes > maxBytes) return `its output holds more than ${maxBytes.toLocaleString('en')} bytes`;
    if (files > maxFiles) return `its output holds more than ${maxFiles.toLocaleString('en')} files`;
    if (!REPORTS.includes(path)) hasModel = true;
  }
  return hasModel
    ? undefined
    : 'it left no model: its output folder holds no file beside metrics.json and reference.json';
}

function pathFault(path: string): string | undefined {
  try {
    checkArtifactPath(path);
    return undefined;
  } catch (error) {
    return `its output cannot be registered: ${errorText(error).replace(/\.$/, '')}`;
  }
}
