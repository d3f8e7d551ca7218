/** Deep equality of what was computed twice in different orders: sums of doubles then differ in their last digits. */

/** How far numbers may lie apart: relative to the larger one, or to 1 where both are smaller. */
export type Tolerance = (key: string) => number;

const LAST_DIGITS: Tolerance = () => 1e-9;

/** Expects the same shape, keys and texts, and numbers within the tolerance of the key they stand under. */
export function expectNear(a: unknown, b: unknown, tolerance: Tolerance = LAST_DIGITS, path = ''): void {
  if (typeof a === 'number' && typeof b === 'number') {
    const key = path.slice(path.lastIndexOf('.') + 1);
    const near = Object.is(a, b) || Math.abs(a - b) <= tolerance(key) * Math.max(1, Math.abs(a), Math.abs(b));
    // Asked of jest only where it is to tell: states hold hundreds of numbers, and properties compare thousands of states.
    return near ? undefined : expect({ path, a, b, near }).toEqual({ path, a, b, near: true });
  }
  if (typeof a === 'function') return expect(typeof b).toBe('function');
  if (typeof a !== 'object' || a === null || typeof b !== 'object' || b === null) return expect(a).toBe(b);
  expect(Object.keys(a)).toEqual(Object.keys(b));
  for (const [key, item] of Object.entries(a))
    expectNear(item, (b as Readonly<Record<string, unknown>>)[key], tolerance, `${path}.${key}`);
}
