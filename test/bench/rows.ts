/** The rows all contenders record: ten numbers, two categories, a class, a score, an id, and the true class later. Seeded. */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { profileReference, type ReferenceProfile } from '../../collector/src/index.ts';

export const NUMERIC = ['f0', 'f1', 'f2', 'f3', 'f4', 'f5', 'f6', 'f7', 'f8', 'f9'] as const;
export const CLASSES = ['up', 'down'] as const;

/** A row as the SDK takes it; its id changes from round to round. */
export interface BenchRow {
  id: string;
  readonly features: Readonly<Record<string, number | string>>;
  readonly prediction: string;
  readonly score: number;
  readonly label: string;
}

/** @param size rows; @param seed other rows for another seed */
export function makeRows(size: number, seed: number): BenchRow[] {
  const generator = xoroshiro128plus(seed);
  const uniform = () => uniformFloat64(generator);
  return Array.from({ length: size }, (_, index) => {
    const numbers = Object.fromEntries(NUMERIC.map((feature) => [feature, uniform() * 10]));
    const plan = ['basic', 'plus', 'pro'][Math.floor(uniform() * 3)] as string;
    const region = ['north', 'east', 'south', 'west'][Math.floor(uniform() * 4)] as string;
    const score = uniform();
    return {
      id: `${seed}-${index}`,
      features: { ...numbers, plan, region },
      prediction: score >= 0.5 ? 'up' : 'down',
      score,
      label: uniform() < score ? 'up' : 'down',
    };
  });
}

/** New ids: the same ones again would be refused as duplicates. Flat strings, as they come off a wire. */
export function renew(rows: readonly BenchRow[], round: number): void {
  const ids = JSON.parse(JSON.stringify(rows.map((_, index) => `prediction-${round}-${index}`))) as string[];
  rows.forEach((row, index) => (row.id = ids[index] as string));
}

/** A reference of 10,000 other rows. */
export function makeReference(): ReferenceProfile {
  return profileReference(makeRows(10_000, 99).map(({ features }) => features));
}
