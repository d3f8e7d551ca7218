/** A sample thinned to order statistics: how a large one is kept in bounded memory. */

import type { Histogrammable } from './bins.ts';

/**
 * At most `parts` order statistics that share the rows evenly: the empirical distribution moves by at most 1/parts anywhere, n
 * stays. A sample of at most so many distinct values stays as it is. Cost: O(distinct values).
 */
export function orderStatistics(sample: Histogrammable, parts: number): { values: number[]; counts: number[] } {
  if (sample.values.length <= parts) return { values: Array.from(sample.values), counts: Array.from(sample.counts) };
  const values: number[] = [];
  const counts: number[] = [];
  let index = 0;
  let seen = sample.counts[0] as number;
  let from = 0;
  for (let part = 1; part <= parts; part++) {
    const to = Math.round((part * sample.total) / parts);
    while (seen < to) seen += sample.counts[++index] as number;
    const value = sample.values[index] as number;
    if (values.length > 0 && values[values.length - 1] === value) counts[counts.length - 1]! += to - from;
    else {
      values.push(value);
      counts.push(to - from);
    }
    from = to;
  }
  return { values, counts };
}
