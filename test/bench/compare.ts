/** Times alternatives against each other in the same rounds, so that a noisy machine disturbs all alike. */

import { setTimeout } from 'node:timers/promises';

/** One way to do the work; without `run` and `milliseconds` it is listed as not measured. */
export interface Contender {
  readonly name: string;
  /** Done before each round, not timed. */
  readonly prepare?: () => void;
  /** Does all units of work. */
  readonly run?: () => unknown;
  /** How many times over `run` does them (default 1): for work too short to be timed once. */
  readonly parts?: number;
  /** Does all units of work and says how long they took (work in another process). */
  readonly milliseconds?: () => Promise<number>;
}

/** What is compared. */
export interface Comparison {
  readonly title: string;
  /** What one unit of work is. */
  readonly unit: string;
  readonly operations: number;
  readonly rounds: number;
  /** The first is ours; ratios are against it. */
  readonly contenders: readonly Contender[];
}

/** Low, median and high over the rounds. */
export type Spread = readonly [number, number, number];

/** One line of a result. */
export interface Line {
  readonly name: string;
  /** Microseconds per unit (or what the title says); null when not measured. */
  readonly value: Spread | null;
  /** This contender's time over ours in the same round. */
  readonly ratio: Spread | null;
}

/** A finished comparison or measurement. */
export interface Result {
  readonly title: string;
  readonly lines: readonly Line[];
}

/** Runs a comparison. */
export async function compare({ title, unit, operations, rounds, contenders }: Comparison): Promise<Result> {
  const times = contenders.map(() => [] as number[]);
  for (const contender of contenders) await warmUp(contender);
  for (let round = 0; round < rounds; round++) {
    // The order rotates, so that none always runs in the wake of the same other.
    for (let offset = 0; offset < contenders.length; offset++) {
      const index = (round + offset) % contenders.length;
      const taken = await time(contenders[index] as Contender);
      times[index]?.push((taken * 1000) / operations);
    }
  }
  const ours = times[0] as number[];
  const lines = contenders.map(({ name }, index) => {
    const taken = times[index] as number[];
    if (taken.some(Number.isNaN)) return { name, value: null, ratio: null };
    return { name, value: spread(taken), ratio: spread(taken.map((each, round) => each / (ours[round] as number))) };
  });
  return { title: `${title} (µs per ${unit}, ${rounds} rounds)`, lines };
}

/** Rounds before the first that counts: by then V8 has compiled what runs often, and rings and windows have been full once. */
const WARM_UPS = 6;

/** What another process does was warmed up when it was looked for. */
async function warmUp(contender: Contender): Promise<void> {
  for (let round = 0; round < (contender.run ? WARM_UPS : 1); round++) await time(contender);
}

/** Milliseconds for the garbage collector's threads to finish. */
const SWEEPING = 50;

/** Milliseconds of one round; NaN for a contender that is not there. */
async function time({ prepare, run, parts = 1, milliseconds }: Contender): Promise<number> {
  prepare?.();
  if (prepare) {
    globalThis.gc?.();
    // The collector sweeps on threads of its own: a short round would share the machine with them from end to end.
    await setTimeout(SWEEPING);
  }
  if (milliseconds) return milliseconds();
  if (!run) return Number.NaN;
  const start = elapsed();
  await run();
  return (elapsed() - start) / parts;
}

/** Milliseconds passed, or spent by this thread. */
let elapsed = (): number => performance.now();

/** From now on counts what this thread spends: on a machine that others use too, waiting for them is not what is asked about. */
export function countProcessorTime(): void {
  elapsed = () => {
    const { user, system } = process.threadCpuUsage();
    return (user + system) / 1000;
  };
}

/** Low, median and high. */
export function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  return [sorted[0] as number, sorted[Math.floor(sorted.length / 2)] as number, sorted.at(-1) as number];
}

/** Plain text of a result. */
export function describe({ title, lines }: Result): string {
  const format = (values: Spread) => values.map((value) => value.toPrecision(3).padStart(8)).join(' /');
  const rows = lines.map(({ name, value, ratio }) => {
    const ratios = ratio && ratio[2] !== 1 ? `   ×${format(ratio)}` : '';
    return `  ${name.padEnd(42)} ${value ? format(value) + ratios : 'not measured'}`;
  });
  return [title, ...rows].join('\n');
}
