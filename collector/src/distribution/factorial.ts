/** Factorials and binomial probabilities without cancellation (C. Loader, "Fast and accurate computation of binomial probabilities", 2000). */
const HALF_LOG_2PI = 0.5 * Math.log(2 * Math.PI);
const DIRECT = 16;

/** ln n! − [(n + ½) ln n − n + ½ ln 2π] for small n, where the series below would not converge. */
const SMALL_ERRORS = Float64Array.from({ length: DIRECT }, (_, n) => {
  let logFactorial = 0;
  for (let k = 2; k <= n; k++) logFactorial += Math.log(k);
  return n === 0 ? 0 : logFactorial - (n + 0.5) * Math.log(n) + n - HALF_LOG_2PI;
});

/** What Stirling's formula leaves out of ln n!. */
export function stirlingError(n: number): number {
  if (n < DIRECT) return SMALL_ERRORS[n] as number;
  const square = n * n;
  return (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - 1 / 1188 / square) / square) / square) / square) / n;
}

/** ln n! for a whole n ≥ 0; relative error about 1e-16. */
export function logFactorial(n: number): number {
  return n < 2 ? 0 : stirlingError(n) + (n + 0.5) * Math.log(n) - n + HALF_LOG_2PI;
}

/** Deviance x ln(x/m) + m − x, by its series where x ≈ m and the three terms would cancel. */
function deviance(x: number, mean: number): number {
  if (Math.abs(x - mean) >= 0.1 * (x + mean)) return x * Math.log(x / mean) + mean - x;
  const v = (x - mean) / (x + mean);
  let sum = (x - mean) * v;
  let power = 2 * x * v;
  for (let odd = 3; odd < 1000; odd += 2) {
    power *= v * v;
    const next = sum + power / odd;
    if (next === sum) break;
    sum = next;
  }
  return sum;
}

/** P(X = k) for X ~ Binomial(n, p), 0 ≤ k ≤ n, 0 < p < 1, to nearly full relative precision. */
export function binomialDensity(k: number, n: number, p: number): number {
  if (k === 0) return Math.exp(n * Math.log1p(-p));
  if (k === n) return Math.exp(n * Math.log(p));
  const exponent =
    stirlingError(n) - stirlingError(k) - stirlingError(n - k) - deviance(k, n * p) - deviance(n - k, n * (1 - p));
  return Math.exp(exponent) * Math.sqrt(n / (2 * Math.PI * k * (n - k)));
}
