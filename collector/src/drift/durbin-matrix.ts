/** The distribution of the Kolmogorov–Smirnov distance by Durbin's matrix (Marsaglia, Tsang & Wang, J. Stat. Software 8(18), 2003). */

interface Scaled {
  readonly entries: Float64Array;
  /** The matrix is entries · 2^exponent. */
  readonly exponent: number;
}

const RESCALE = 2 ** 400;

/** P(D_n ≤ d) for 1 < n·d < n. Cost: O(m³ log n), m = 2⌈nd⌉ − 1. */
export function durbinCdf(n: number, d: number): number {
  const k = Math.ceil(n * d);
  const m = 2 * k - 1;
  const power = matrixPower({ entries: durbinMatrix(m, k - n * d), exponent: 0 }, m, n);
  let value = power.entries[(k - 1) * m + k - 1] as number;
  let exponent = power.exponent;
  for (let i = 1; i <= n; i++) {
    value *= i / n;
    if (value < 1 / RESCALE) {
      value *= RESCALE;
      exponent -= 400;
    }
  }
  return value * 2 ** exponent;
}

/** H of Marsaglia, Tsang & Wang, m × m row by row: 1/(i−j+1)! on and below the first superdiagonal, corrected at its rim by h. */
function durbinMatrix(m: number, h: number): Float64Array {
  const inverseFactorial = new Float64Array(m + 1);
  inverseFactorial[0] = 1;
  for (let i = 1; i <= m; i++) inverseFactorial[i] = (inverseFactorial[i - 1] as number) / i;
  const matrix = new Float64Array(m * m);
  for (let i = 0; i < m; i++) {
    for (let j = 1; j <= Math.min(i + 1, m - 1); j++) matrix[i * m + j] = inverseFactorial[i - j + 1] as number;
  }
  for (let i = 0; i < m; i++) {
    const last = i === m - 1;
    const corner = last ? 1 - 2 * h ** m + Math.max(0, 2 * h - 1) ** m : 1 - h ** (i + 1);
    const rim = corner * (inverseFactorial[i + 1] as number);
    matrix[i * m] = rim;
    matrix[(m - 1) * m + (m - 1 - i)] = rim;
  }
  return matrix;
}

function matrixPower(base: Scaled, m: number, n: number): Scaled {
  let result: Scaled | undefined;
  for (let bits = n; ; base = rescale(multiply(base, base, m))) {
    if (bits % 2 === 1) result = result ? rescale(multiply(result, base, m)) : base;
    bits = Math.floor(bits / 2);
    if (bits === 0) break;
  }
  return result ?? base;
}

function multiply(left: Scaled, right: Scaled, m: number): Scaled {
  const entries = new Float64Array(m * m);
  for (let i = 0; i < m; i++) {
    for (let k = 0; k < m; k++) {
      const factor = left.entries[i * m + k] as number;
      if (factor === 0) continue;
      for (let j = 0; j < m; j++) entries[i * m + j]! += factor * (right.entries[k * m + j] as number);
    }
  }
  return { entries, exponent: left.exponent + right.exponent };
}

/** Keeps the largest entry within range; powers of two, so that no digit is lost. */
function rescale(matrix: Scaled): Scaled {
  const largest = matrix.entries.reduce((most, entry) => Math.max(most, entry), 0);
  if (largest < RESCALE) return matrix;
  return { entries: matrix.entries.map((entry) => entry / RESCALE), exponent: matrix.exponent + 400 };
}
