/** A disk of a few MiB (a tmpfs), for what happens when it is full. To mount one takes root, on Linux. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Why tests that need such a disk are skipped, where they are. */
export const NO_SMALL_DISK = 'A small disk cannot be mounted (that takes root, on Linux); skipped.';

/** A mounted disk. */
export interface SmallDisk {
  readonly folder: string;
  /** Takes it away with all that is on it. */
  remove(): void;
}

/** Mounts one; undefined where that is not possible. */
export function mountSmallDisk(mebibytes: number): SmallDisk | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-small-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    rmSync(folder, { recursive: true });
    return undefined;
  }
  return {
    folder,
    remove: () => {
      execFileSync('umount', [folder]);
      rmSync(folder, { recursive: true });
    },
  };
}
