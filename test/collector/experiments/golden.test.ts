/** Hash, buckets, allocations and statistics against scikit-learn, SciPy, statsmodels and plain enumeration. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  allocate,
  bucketOf,
  versionAt,
  type Range,
  type Share,
} from '../../../collector/src/experiments/allocation.ts';
import { mixtureBoundary } from '../../../collector/src/experiments/mixture-boundary.ts';
import { murmur3 } from '../../../collector/src/experiments/murmur3.ts';
import { pairedDifferenceOf, pairedErrorDifference } from '../../../collector/src/experiments/paired.ts';
import { probabilityBest, type Belief } from '../../../collector/src/experiments/probability-best.ts';
import { sampleRatio, type EpochCounts } from '../../../collector/src/experiments/sample-ratio.ts';
import { expectNear } from '../../support/near.ts';

interface Assignment {
  readonly versions: Readonly<Record<string, string>>;
  readonly hash: readonly { readonly text: string; readonly hash: number }[];
  readonly buckets: readonly { readonly salt: string; readonly key: string; readonly bucket: number }[];
  readonly allocations: readonly {
    readonly name: string;
    readonly steps: readonly {
      readonly shares: readonly Share[];
      readonly ranges: readonly Range[];
      readonly moved: number;
    }[];
  }[];
}

interface Statistics {
  readonly versions: Readonly<Record<string, string>>;
  readonly boundaries: readonly { readonly v: number; readonly alpha: number; readonly boundary: number }[];
  readonly sample_ratio: readonly {
    readonly name: string;
    readonly epochs: readonly EpochCounts[];
    readonly log_evidence: number;
  }[];
  readonly paired: readonly {
    readonly counts: readonly [number, number, number, number];
    readonly p: number;
    readonly mid_p: number;
    readonly low: number | null;
    readonly high: number | null;
  }[];
  readonly paired_errors: readonly {
    readonly name: string;
    readonly a: readonly number[];
    readonly b: readonly number[];
    readonly value: number;
    readonly p: number;
    readonly low: number;
    readonly high: number;
  }[];
  readonly best: readonly {
    readonly name: string;
    readonly beliefs: readonly Belief[];
    readonly largest: boolean;
    readonly best: readonly number[];
  }[];
}

const folder = resolve(__dirname, '../../golden/experiments');
const assignment = JSON.parse(readFileSync(resolve(folder, 'assignment.json'), 'utf8')) as Assignment;
const statistics = JSON.parse(readFileSync(resolve(folder, 'statistics.json'), 'utf8')) as Statistics;

test('the golden files say what made them', () => {
  expect(Object.keys(assignment.versions)).toEqual(['scikit-learn']);
  expect(Object.keys(statistics.versions)).toEqual(['numpy', 'scipy', 'statsmodels']);
});

test('the hash is murmur3 of the UTF-8', () => {
  expect(assignment.hash.length).toBeGreaterThan(30);
  for (const { text, hash } of assignment.hash) expect([text, murmur3(text)]).toEqual([text, hash]);
});

test('the bucket of a key', () => {
  expect(assignment.buckets).toHaveLength(100);
  for (const { salt, key, bucket } of assignment.buckets)
    expect([salt, key, bucketOf(key, salt)]).toEqual([salt, key, bucket]);
});

test.each(assignment.allocations)('allocation: $name', ({ steps }) => {
  let before: Range[] = [];
  for (const { shares, ranges, moved } of steps) {
    const after = allocate(shares, before);
    expect(after).toEqual(ranges);
    const owners = (of: readonly Range[]) => Array.from({ length: 10_000 }, (_, bucket) => versionAt(of, bucket));
    const [old, now] = [owners(before), owners(after)];
    expect(old.filter((owner, bucket) => owner !== undefined && owner !== now[bucket])).toHaveLength(moved);
    before = after;
  }
});

test.each(statistics.boundaries)('the boundary at v = $v, α = $alpha', ({ v, alpha, boundary }) => {
  // From v = 5,000 on the incomplete gamma function is approximated.
  expectNear(mixtureBoundary(v, alpha), boundary, () => (v < 4000 ? 1e-7 : 2e-5));
});

test.each(statistics.sample_ratio)('sample ratio: $name', ({ epochs, log_evidence }) => {
  const { evidence, p, mismatch } = sampleRatio(epochs);
  expectNear(Math.log(evidence), log_evidence, () => 1e-8);
  expectNear(p, Math.min(1, Math.exp(-log_evidence)));
  expect(mismatch).toBe(log_evidence >= Math.log(1000));
});

test.each(statistics.paired)('McNemar and Tango: $counts', ({ counts, p, mid_p, low, high }) => {
  const [both, onlyA, onlyB, neither] = counts;
  const { difference, pValue, midP } = pairedDifferenceOf({ both, onlyA, onlyB, neither });
  expectNear({ pValue, midP }, { pValue: p, midP: mid_p });
  if (low === null || high === null) return;
  expectNear({ low: difference.low, high: difference.high }, { low, high }, () => 2e-6);
});

test.each(statistics.paired_errors)('paired errors: $name', ({ a, b, value, p, low, high }) => {
  const { difference, pValue } = pairedErrorDifference(a, b);
  // jstat's distribution of Student's t and its quantile are right to 2e-8.
  expectNear({ value: difference.value, low: difference.low, high: difference.high }, { value, low, high }, () => 1e-7);
  expectNear(pValue, p, () => 1e-7);
});

test.each(statistics.best)('P(best): $name', ({ beliefs, largest, best }) => {
  expectNear(probabilityBest(beliefs, largest), [...best], () => 2e-3);
});
