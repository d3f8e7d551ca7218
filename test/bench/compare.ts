/** Times alternatives against each other in one process: interleaved rounds, so that a noisy machine disturbs all alike. */

export interface Contender {
  readonly name: string;
  /** Does `operations` units of work. */
  readonly run: () => unknown;
}

export interface Comparison {
  readonly title: string;
  /** What one unit of work is. */
  readonly unit: string;
  readonly operations: number;
  readonly rounds: number;
  /** The first is ours; ratios are against it. */
  readonly contenders: readonly Contender[];
}

interface Spread {
  readonly low: number;
  readonly median: number;
  readonly high: number;
}

/** Runs a comparison and returns its lines: microseconds per unit, and how many times longer each rival takes. */
export async function compare({ title, unit, operations, rounds, contenders }: Comparison): Promise<string[]> {
  const times = contenders.map(() => [] as number[]);
  for (const { run } of contenders) await run();
  for (let round = 0; round < rounds; round++) {
    // The order rotates, so that none always runs in the wake of the same other.
    for (let offset = 0; offset < contenders.length; offset++) {
      const index = (round + offset) % contenders.length;
      globalThis.gc?.();
      const start = performance.now();
      await contenders[index]?.run();
      times[index]?.push(((performance.now() - start) * 1000) / operations);
    }
  }
  const ours = times[0] as number[];
  const lines = contenders.map(({ name }, index) => {
    const taken = times[index] as number[];
    const ratio = spread(taken.map((time, round) => time / (ours[round] as number)));
    const each = spread(taken);
    return `  ${name.padEnd(34)} ${format(each)} µs   × ${format(ratio)}`;
  });
  return [
    `${title} (per ${unit}; low / median / high of ${rounds} rounds; × = rival ÷ ours in the same round)`,
    ...lines,
  ];
}

function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  return {
    low: sorted[0] as number,
    median: sorted[Math.floor(sorted.length / 2)] as number,
    high: sorted[sorted.length - 1] as number,
  };
}

function format({ low, median, high }: Spread): string {
  return [low, median, high].map((value) => value.toPrecision(3).padStart(7)).join(' /');
}
