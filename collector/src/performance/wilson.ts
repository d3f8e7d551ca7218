/** The 0.975 quantile of the standard normal distribution. */
const Z_95 = 1.959963984540054;

/**
 * Wilson's 95 % score interval of a proportion (E. B. Wilson, 1927), as SciPy
 * `binomtest(k, n).proportion_ci(confidence_level=0.95, method='wilson')`.
 * @param successes k, 0 ≤ k ≤ n
 * @param n trials, at least 1
 */
export function wilsonInterval(successes: number, n: number): { low: number; high: number } {
  const p = successes / n;
  const centre = p + (Z_95 * Z_95) / (2 * n);
  const spread = Z_95 * Math.sqrt((p * (1 - p)) / n + (Z_95 * Z_95) / (4 * n * n));
  const scale = 1 + (Z_95 * Z_95) / n;
  return {
    low: successes === 0 ? 0 : Math.max(0, (centre - spread) / scale),
    high: successes === n ? 1 : Math.min(1, (centre + spread) / scale),
  };
}
