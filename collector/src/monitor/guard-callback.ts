/** Calls what users hand us. Their errors are counted, never passed on: neither into model code nor as an unhandled rejection. */

/** Calls a callback; an error of it, thrown or rejected later, goes to `failed`. */
export function guardCallback(callback: () => unknown, failed: () => void): void {
  try {
    const returned = callback();
    if (isPromiseLike(returned)) void returned.then(undefined, failed);
  } catch {
    failed();
  }
}

/** Whether `await` would wait for a value; one that cannot even be asked is none: it passes as it is. */
export function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  if (value === null || (typeof value !== 'object' && typeof value !== 'function')) return false;
  try {
    return typeof (value as { then?: unknown }).then === 'function';
  } catch {
    return false;
  }
}
