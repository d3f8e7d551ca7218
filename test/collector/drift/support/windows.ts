/** Samples and a policy that several tests of drift share. */
import type { DriftPolicy } from '../../../../collector/src/drift/verdict.ts';

/** The defaults of a monitor. */
export const POLICY: DriftPolicy = { threshold: 0.05, alpha: 0.01, minimum: 100, nullCalibration: true, seed: 1 };

/** Values of a triangle distribution around `centre`, `spread` wide, the same for every call. */
export function around(centre: number, size = 1000, spread = 1): number[] {
  return Array.from({ length: size }, (_, index) => {
    const u = (((index * 7919) % size) + 0.5) / size;
    return centre + spread * (u < 0.5 ? Math.sqrt(2 * u) - 1 : 1 - Math.sqrt(2 * (1 - u)));
  });
}
