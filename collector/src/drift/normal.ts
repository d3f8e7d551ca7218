/** The standard normal distribution, by way of χ² with one degree of freedom (which keeps the far tail's precision). */
import { chiSquareQuantile, chiSquareTail } from './chi-square.ts';

/** P(Z > z); NaN for NaN. */
export function normalTail(z: number): number {
  const half = chiSquareTail(z * z, 1) / 2;
  return z < 0 ? 1 - half : half;
}

/** The z with P(Z > z) = p. @param p in (0, 1) */
export function normalUpperQuantile(p: number): number {
  return p <= 0.5 ? Math.sqrt(chiSquareQuantile(1 - 2 * p, 1)) : -normalUpperQuantile(1 - p);
}
