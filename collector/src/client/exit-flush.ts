/** Sends what is unsent when a program comes to its end by itself. A signal or `process.exit()` gives no time for that. */

/** What may have something unsent. */
export interface Unsent {
  /** Whether something would be lost, that was recorded since the last attempt. */
  readonly unsent: () => boolean;
  /** Sends or keeps it, within a bound. */
  readonly secure: () => Promise<void>;
}

const open = new Set<Unsent>();

/** One listener for all monitors: Node warns of more than ten. The work keeps the process; then it ends, or asks again. */
function onBeforeExit(): void {
  for (const monitor of open) if (monitor.unsent()) void monitor.secure();
}

/** Looks after a monitor from now on. @returns a function that ends it */
export function secureBeforeExit(monitor: Unsent): () => void {
  if (open.size === 0) process.on('beforeExit', onBeforeExit);
  open.add(monitor);
  return () => {
    if (open.delete(monitor) && open.size === 0) process.off('beforeExit', onBeforeExit);
  };
}
