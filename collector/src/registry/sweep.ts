/** Removes what a crash left in the artifact store. */
import type { ArtifactStore } from './artifact-store.ts';
import type { RegistryReading } from './registry-store.ts';

/** What a sweep looks at. */
export interface SweepOptions {
  readonly store: Pick<RegistryReading, 'artifacts'>;
  readonly artifacts: ArtifactStore;
  /** Epoch ms. */
  readonly now: number;
  /**
   * Milliseconds without a write after which an artifact nobody refers to is left over: 0 where this process alone writes to the store
   * and saves nothing yet; on a shared one longer than a replica may pause between two writes of a save.
   */
  readonly grace: number;
}

/** Removes artifacts no version refers to. @returns their ids */
export async function sweepArtifacts({ store, artifacts, now, grace }: SweepOptions): Promise<string[]> {
  // In this order: an artifact published after the list was made is not in it, one committed meanwhile is in the rows.
  const held = await artifacts.list();
  const wanted = await store.artifacts();
  const left = held.filter(({ id, lastWritten }) => !wanted.has(id) && now - lastWritten >= grace);
  for (const { id } of left) await artifacts.remove(id);
  return left.map(({ id }) => id);
}

/** Removes files no version refers to any more; where the store says no, the next sweep does it. */
export async function removeLeftOver(artifacts: ArtifactStore, id: string): Promise<void> {
  await artifacts.remove(id).catch(() => {});
}
