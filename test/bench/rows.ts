/** The rows all contenders record: eight numbers, a class, a duration, and the true class later. Seeded. */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { profileReference, type ReferenceProfile } from '../../collector/src/index.ts';

export const FEATURES = ['f0', 'f1', 'f2', 'f3', 'f4', 'f5', 'f6', 'f7'] as const;
export const CLASSES = ['up', 'down'] as const;

export interface BenchRow {
  readonly id: string;
  readonly features: Readonly<Record<string, number>>;
  readonly prediction: string;
  readonly label: string;
  readonly durationSeconds: number;
}

/** @param size rows; @param seed other rows for another seed */
export function makeRows(size: number, seed: number): BenchRow[] {
  const generator = xoroshiro128plus(seed);
  const uniform = () => uniformFloat64(generator);
  return Array.from({ length: size }, (_, index) => ({
    id: `${seed}-${index}`,
    features: Object.fromEntries(FEATURES.map((feature) => [feature, uniform() * 10])),
    prediction: uniform() < 0.5 ? 'up' : 'down',
    label: uniform() < 0.6 ? 'up' : 'down',
    durationSeconds: uniform() / 10,
  }));
}

/** A reference of 10,000 other rows. */
export function makeReference(): ReferenceProfile {
  return profileReference(makeRows(10_000, 99).map(({ features }) => features));
}
