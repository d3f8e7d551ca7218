/**
 * Adjusts p-values for testing many features at once (Benjamini & Hochberg 1995): rejecting where the adjusted p ≤ α keeps
 * the expected share of false alarms among all alarms ≤ α. As `scipy.stats.false_discovery_control`.
 * @param pValues one per test, any order; NaN stays NaN and is not counted as a test
 * @returns adjusted p-values in the same order. Cost: O(k log k).
 */
export function benjaminiHochberg(pValues: readonly number[]): number[] {
  const adjusted = new Array<number>(pValues.length).fill(Number.NaN);
  const order = pValues.map((_, index) => index).filter((index) => !Number.isNaN(pValues[index]));
  order.sort((a, b) => (pValues[a] as number) - (pValues[b] as number));
  let running = 1;
  for (let rank = order.length; rank >= 1; rank--) {
    const index = order[rank - 1] as number;
    running = Math.min(running, ((pValues[index] as number) * order.length) / rank);
    adjusted[index] = running;
  }
  return adjusted;
}
