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

/** Sizes of two samples, and how far a path may stray from the straight line between its ends. */
interface Lattice {
  readonly rows: number;
  readonly columns: number;
  /** What a step up and a step to the right lead away from the line, in units of g/(n·m). */
  readonly rowStep: number;
  readonly columnStep: number;
  /** From here a path has strayed. */
  readonly limit: number;
}

/**
 * P(D ≥ h·g/(n·m)) for any sizes: over the cells inside the distance, the share of paths to a cell that have strayed already
 * (T. Viehmann, "Numerically more stable computation of the p-values for the two-sample Kolmogorov–Smirnov test", 2021).
 * Only positive numbers are added, so the smallest p keeps its digits. Cells are visited by diagonals, where none waits for
 * another (three times as fast as by rows), and only up to the middle one: what lies behind it is the same seen from the end.
 * @param n size of one sample, @param m of the other, @param g their greatest common divisor
 * @param h the distance in units of g/(n·m), at least 1
 * Cost: half the cells inside, about D·n·m; memory n.
 */
export function latticeTail(n: number, m: number, g: number, h: number): number {
  const [rows, columns] = n < m ? [n, m] : [m, n];
  const lattice = { rows, columns, rowStep: columns / g, columnStep: rows / g, limit: h };
  const middle = Math.floor((rows + columns) / 2);
  // One place below row 0, so that its neighbour can be read; everything outside the distance has strayed.
  const before = new Float64Array(rows + 2).fill(1);
  before[1] = 0;
  for (let steps = 1; steps <= middle; steps++) advance(before, steps, lattice);
  const behind = before.slice();
  if (2 * middle < rows + columns) advance(behind, middle + 1, lattice);
  return Math.min(1, joined(before, behind, middle, lattice));
}

/** One diagonal further: a cell is reached from below with probability i/steps, from the left otherwise. Row i stands at i + 1. */
function advance(strayed: Float64Array, steps: number, lattice: Lattice): void {
  const { rows, columns, rowStep, columnStep, limit } = lattice;
  // Cells (i, steps − i) with |i·rowStep − (steps − i)·columnStep| < limit.
  const centre = steps * columnStep;
  const inside = Math.floor((centre - limit) / (rowStep + columnStep)) + 1;
  const from = Math.max(0, inside, steps - columns);
  const to = Math.min(rows, steps, Math.ceil((centre + limit) / (rowStep + columnStep)) - 1);
  const inverse = 1 / steps;
  for (let i = to; i >= from; i--) {
    strayed[i + 1] = (i * (strayed[i] as number) + (steps - i) * (strayed[i + 1] as number)) * inverse;
  }
  if (inside > 0) strayed[inside] = 1;
}

/**
 * The share of all paths that stray before or behind the middle diagonal: over its cells, weighed by the share of paths through
 * each (hypergeometric, by ratios from the likeliest outwards).
 */
function joined(before: Float64Array, behind: Float64Array, middle: number, { rows, columns }: Lattice): number {
  const strays = (i: number): number => {
    const first = before[i + 1] as number;
    return first + (1 - first) * (behind[rows - i + 1] as number);
  };
  const [low, high] = [Math.max(0, middle - columns), Math.min(rows, middle)];
  const mode = Math.min(high, Math.max(low, Math.floor(((middle + 1) * (rows + 1)) / (rows + columns + 2))));
  let sum = 0;
  let total = 0;
  for (let i = mode, weight = 1; i <= high && weight > 0; i++) {
    total += weight;
    sum += weight * strays(i);
    weight *= ((rows - i) * (middle - i)) / ((i + 1) * (columns - middle + i + 1));
  }
  for (let i = mode - 1, weight = 1; i >= low && weight > 0; i--) {
    weight *= ((i + 1) * (columns - middle + i + 1)) / ((rows - i) * (middle - i));
    total += weight;
    sum += weight * strays(i);
  }
  return sum / total;
}
