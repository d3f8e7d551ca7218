/** Groups of predictions by what they have in common: a class, a segment, a range or a category of a feature. */
import type { FeatureValue } from '../../prediction.ts';
import type { Group } from './tail.ts';

/** A prediction that was judged. */
export interface Sample {
  readonly isError: boolean;
  readonly prediction: string;
  /** What would have been right, where it is known. */
  readonly actual: string | null;
  readonly explanation: string | null;
  readonly segment: string | null;
  readonly features: Readonly<Record<string, FeatureValue>>;
}

/** What the members of a group have in common. A range holds values above `above` and up to `upTo`; null for no end. */
export type Common =
  | { readonly class: string }
  | { readonly segment: string }
  | { readonly feature: string; readonly above: number | null; readonly upTo: number | null }
  | { readonly feature: string; readonly category: string }
  | { readonly feature: string; readonly missing: true };

/** A group with what its members have in common. */
export interface CommonGroup extends Group {
  readonly common: Common;
}

/** Smaller groups are neither tested nor shown: chance would decide, and a rare category may be a person. */
export const LEAST_GROUP = 10;
/** Ranges a numeric feature is cut into, by the quantiles of what was judged. */
const RANGES = 5;
/** Categories of a feature that are looked at, the most frequent ones. */
const MAX_CATEGORIES = 20;

type Value = string | null;

/** By predicted class. */
export function byClass(samples: readonly Sample[]): CommonGroup[] {
  return named(
    samples,
    ({ prediction }) => prediction,
    (name) => ({ class: name }),
  );
}

/** By segment. */
export function bySegment(samples: readonly Sample[]): CommonGroup[] {
  return named(
    samples,
    ({ segment }) => segment,
    (name) => ({ segment: name }),
  );
}

/** By the values of one feature: ranges of numbers, else categories; and where it is missing. */
export function byFeature(samples: readonly Sample[], feature: string): CommonGroup[] {
  const valueOf = ({ features }: Sample): FeatureValue =>
    Object.hasOwn(features, feature) ? (features[feature] ?? undefined) : undefined;
  const missing = counted(samples.filter((sample) => valueOf(sample) === undefined));
  // Where all miss it there is nothing to compare with.
  if (missing.n === samples.length) return [];
  const present = samples.filter((sample) => valueOf(sample) !== undefined);
  const numbers = present.filter((sample) => typeof valueOf(sample) === 'number');
  const found =
    numbers.length * 2 > present.length
      ? ranges(numbers, feature, (sample) => valueOf(sample) as number)
      : named(
          present,
          (sample) => String(valueOf(sample)),
          (category) => ({ feature, category }),
        );
  return [...found, ...large<CommonGroup>([{ common: { feature, missing: true }, ...missing }])];
}

/** Names of all features that occur, in order. */
export function featureNames(samples: readonly Sample[]): string[] {
  const names = new Set<string>();
  for (const { features } of samples) for (const name of Object.keys(features)) names.add(name);
  return [...names].sort();
}

/** Rows and errors of samples. */
export function counted(samples: readonly Sample[]): Group {
  return { n: samples.length, errors: samples.filter(({ isError }) => isError).length };
}

function named(
  samples: readonly Sample[],
  nameOf: (sample: Sample) => Value,
  commonOf: (name: string) => Common,
): CommonGroup[] {
  const members = new Map<string, Sample[]>();
  for (const sample of samples) {
    const name = nameOf(sample);
    if (name === null) continue;
    const known = members.get(name);
    if (known) known.push(sample);
    else members.set(name, [sample]);
  }
  const groups = [...members].map(([name, found]) => ({ name, group: { common: commonOf(name), ...counted(found) } }));
  groups.sort((a, b) => b.group.n - a.group.n || (a.name < b.name ? -1 : 1));
  // A group of all is none.
  return large(groups.map(({ group }) => group).filter(({ n }) => n < samples.length)).slice(0, MAX_CATEGORIES);
}

function ranges(samples: readonly Sample[], feature: string, valueOf: (sample: Sample) => number): CommonGroup[] {
  const sorted = Float64Array.from(samples, valueOf).sort();
  const cuts = Array.from(
    { length: RANGES - 1 },
    (_, cut) => sorted[Math.ceil(((cut + 1) / RANGES) * sorted.length) - 1],
  );
  const largest = sorted.at(-1);
  const edges = [...new Set(cuts as number[])].filter((edge) => edge !== largest);
  if (edges.length === 0) return [];
  const members = Array.from({ length: edges.length + 1 }, (): Sample[] => []);
  for (const sample of samples) {
    const value = valueOf(sample);
    const range = edges.findIndex((edge) => value <= edge);
    (members[range < 0 ? edges.length : range] as Sample[]).push(sample);
  }
  return large(
    members.map((found, range) => ({
      common: { feature, above: edges[range - 1] ?? null, upTo: edges[range] ?? null },
      ...counted(found),
    })),
  );
}

function large<Found extends Group>(groups: readonly Found[]): Found[] {
  return groups.filter(({ n }) => n >= LEAST_GROUP);
}
