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

/** The band of a row that stays strictly inside the distance. */
interface Band {
  readonly from: number;
  readonly to: number;
}

/**
 * P(D ≥ h·g/(n·m)) for any sizes: over the cells inside the band, the share of paths to a cell that have strayed already
 * (T. Viehmann, "Numerically more stable computation of the p-values for the two-sample Kolmogorov–Smirnov test", 2021).
 * Only positive numbers are added, so the smallest p keeps its digits.
 * @param n size of one sample, @param m of the other, @param g their greatest common divisor
 * @param h the distance in units of g/(n·m), at least 1
 * Cost: the cells of the band, about 2·D·n·m; memory n + m.
 */
export function latticeTail(n: number, m: number, g: number, h: number): number {
  const [rows, columns] = n < m ? [n, m] : [m, n];
  const inverse = Float64Array.from({ length: rows + columns + 1 }, (_, steps) => 1 / steps);
  const strayed = new Float64Array(columns + 1).fill(1);
  strayed.fill(0, 0, bandOf(0, rows, columns, g, h).to + 1);
  for (let row = 1; row <= rows; row++) {
    const { from, to } = bandOf(row, rows, columns, g, h);
    let left = 1;
    let column = from;
    if (column === 0) left = strayed[column++] as number;
    for (; column <= to; column++) {
      const above = strayed[column] as number;
      left = (row * above + column * left) * (inverse[row + column] as number);
      strayed[column] = left;
    }
    if (from > 0) strayed[from - 1] = 1;
  }
  return Math.min(1, strayed[columns] as number);
}

/** Columns j of a row i with |i·m − j·n| / g < h. */
function bandOf(row: number, rows: number, columns: number, g: number, h: number): Band {
  const perColumn = rows / g;
  const centre = row * (columns / g);
  return {
    from: Math.max(0, Math.floor((centre - h) / perColumn) + 1),
    to: Math.min(columns, Math.ceil((centre + h) / perColumn) - 1),
  };
}
