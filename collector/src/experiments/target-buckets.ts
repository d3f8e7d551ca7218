/** Whole buckets for weights. */

/** A version and its weight: any number from 0, in proportion to the others. */
export interface Share {
  readonly version: string;
  readonly weight: number;
}

/**
 * How many buckets each version gets, by the largest remainder (Hamilton's method), in the order of names. A tie goes to the version that holds
 * more than its whole part already, so that as few as possible move, then to the earlier name. A weight of 0 gets none.
 * @param shares checked: finite, from 0, one above 0
 * @param held buckets of before
 */
export function targetBuckets(
  shares: readonly Share[],
  buckets: number,
  held: ReadonlyMap<string, number>,
): Map<string, number> {
  const named = [...shares].sort((a, b) => (a.version < b.version ? -1 : 1));
  // Divided by the largest first: a sum of huge weights would be infinite.
  const largest = Math.max(...named.map(({ weight }) => weight));
  const total = named.reduce((sum, { weight }) => sum + weight / largest, 0);
  const parts = named.map(({ version, weight }) => {
    const exact = (weight / largest / total) * buckets;
    const whole = Math.floor(exact);
    return { version, weight, whole, rest: exact - whole, saves: (held.get(version) ?? 0) > whole };
  });
  const left = buckets - parts.reduce((sum, { whole }) => sum + whole, 0);
  const first = parts
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.rest - a.rest || Number(b.saves) - Number(a.saves))
    .slice(0, left);
  const lucky = new Set(first.map(({ version }) => version));
  return new Map(parts.map(({ version, whole }) => [version, whole + Number(lucky.has(version))]));
}
