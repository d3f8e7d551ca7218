/**
 * Exact null probabilities of the two-sample Kolmogorov–Smirnov distance. Without drift every interleaving of the two
 * samples is equally likely: each is a lattice path from (0, 0) to (n, m), and the distance says how far it strays.
 */

/**
 * P(D ≥ h/n) for two samples of the same size n (Gnedenko & Korolyuk 1951): the reflection principle, factored so that
 * nothing cancels. @param h distance in steps, 1 ≤ h ≤ n. Cost: O(n).
 */
export function squareTail(n: number, h: number): number {
  let nested = 0;
  for (let k = Math.floor(n / h); k >= 0; k--) {
    let ratio = 1;
    for (let j = 0; j < h; j++) ratio *= (n - k * h - j) / (n + k * h + j + 1);
    nested = ratio * (1 - nested);
  }
  return Math.min(1, Math.max(0, 2 * nested));
}

/**
 * P(D ≥ h·g/(n·m)) for any sizes: over the cells inside the distance, the share of paths to a cell that have strayed already
 * (T. Viehmann, "Numerically more stable computation of the p-values for the two-sample Kolmogorov–Smirnov test", 2021).
 * Only positive numbers are added, so the smallest p keeps its digits. Cells are visited by diagonals, where none waits for
 * another (three times as fast as by rows).
 * @param n size of one sample, @param m of the other, @param g their greatest common divisor
 * @param h the distance in units of g/(n·m), at least 1
 * Cost: the cells inside, about 2·D·n·m; memory n.
 */
export function latticeTail(n: number, m: number, g: number, h: number): number {
  const [rows, columns] = n < m ? [n, m] : [m, n];
  const [rowStep, columnStep] = [columns / g, rows / g];
  // One place below row 0, so that its neighbour can be read; everything outside the distance has strayed.
  const strayed = new Float64Array(rows + 2).fill(1);
  strayed[1] = 0;
  for (let steps = 1; steps <= rows + columns; steps++) {
    // Cells (i, steps − i) with |i·rowStep − (steps − i)·columnStep| < h.
    const centre = steps * columnStep;
    const inside = Math.floor((centre - h) / (rowStep + columnStep)) + 1;
    const from = Math.max(0, inside, steps - columns);
    const to = Math.min(rows, steps, Math.ceil((centre + h) / (rowStep + columnStep)) - 1);
    advance(strayed, from, to, steps);
    if (inside > 0) strayed[inside] = 1;
  }
  return Math.min(1, strayed[rows + 1] as number);
}

/** One diagonal further: a cell is reached from below with probability i/steps, from the left otherwise. Row i stands at i + 1. */
function advance(strayed: Float64Array, from: number, to: number, steps: number): void {
  const inverse = 1 / steps;
  for (let i = to; i >= from; i--) {
    strayed[i + 1] = (i * (strayed[i] as number) + (steps - i) * (strayed[i + 1] as number)) * inverse;
  }
}
