/** Bins, held against numpy where it has a counterpart, and against their own promises where it has none. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  binCounts,
  binLabels,
  binOf,
  nextDown,
  quantileEdges,
  type Histogrammable,
} from '../../../collector/src/distribution/bins.ts';

interface Golden {
  readonly bins: readonly { name: string; edges: string[]; values: string[]; bins: number[]; counts: number[] }[];
  readonly edges: readonly { name: string; values: string[]; bins: number; edges: string[] }[];
  readonly next_down: readonly { value: string; below: string }[];
}

const path = resolve(__dirname, '../../golden/distribution/distribution.json');
const golden = JSON.parse(readFileSync(path, 'utf8')) as Golden;
const numbers = (texts: readonly string[]) => texts.map((text) => Number(text.replace('inf', 'Infinity')));

/** A sample of finite numbers as distinct values with counts. */
function sampleOf(values: readonly number[]): Histogrammable {
  const tally = new Map<number, number>();
  for (const value of [...values].sort((a, b) => a - b)) tally.set(value, (tally.get(value) ?? 0) + 1);
  return { values: [...tally.keys()], counts: [...tally.values()], total: values.length };
}

test.each(golden.bins)('numpy.searchsorted: $name', ({ edges, values, bins, counts }) => {
  const bounds = numbers(edges);
  expect(numbers(values).map((value) => binOf(bounds, value))).toEqual(bins);
  const each = { values: numbers(values), counts: values.map(() => 1), total: values.length };
  expect(binCounts(bounds, each)).toEqual(counts);
});

test.each(golden.edges)('numpy.quantile(method="inverted_cdf"): $name', ({ values, bins, edges }) => {
  expect(quantileEdges(sampleOf(numbers(values)), bins)).toEqual(numbers(edges));
});

test.each(golden.next_down)('numpy.nextafter: below $value', ({ value, below }) => {
  expect(nextDown(Number(value))).toBe(Number(below));
});

describe('a value heavier than a bin gets one of its own', () => {
  const rest = Array.from({ length: 50 }, (_, index) => index - 25.5);

  test.each([0, -0, 1e300, -1e300, 5e-324, 0.1])('%d', (atom) => {
    const sample = sampleOf([...rest, ...Array.from({ length: 50 }, () => atom)]);
    const edges = quantileEdges(sample, 10);
    const bin = binOf(edges, atom);
    expect(Array.from(sample.values).filter((value) => binOf(edges, value) === bin)).toEqual([atom === 0 ? 0 : atom]);
    expect(binCounts(edges, sample)[bin]).toBe(50);
  });

  test('a constant: below it, it, above it', () => {
    const edges = quantileEdges(sampleOf([7, 7, 7]), 20);
    expect(edges).toEqual([nextDown(7), 7]);
    expect([6.9, 7, 7.1].map((value) => binOf(edges, value))).toEqual([0, 1, 2]);
  });

  test('the lowest finite number has nothing below it, and the edges are finite all the same', () => {
    const edges = quantileEdges(sampleOf([-Number.MAX_VALUE, -Number.MAX_VALUE, -Number.MAX_VALUE]), 20);
    expect(edges).toEqual([-Number.MAX_VALUE]);
  });

  test('every value an atom: as many bins as values, and those between', () => {
    const sample = sampleOf([1, 1, 2, 2, 3, 3]);
    const counts = binCounts(quantileEdges(sample, 20), sample);
    expect(counts.filter((count) => count > 0)).toEqual([2, 2, 2]);
  });
});

test('nothing to bin: no edge, one open bin', () => {
  expect(quantileEdges(sampleOf([]), 20)).toEqual([]);
  expect(binLabels([])).toEqual([{ gt: '-Inf', le: '+Inf' }]);
});

test('labels: open ends, each le the next gt, texts that read back as the same number', () => {
  const edges = [-1e300, -0.1, 5e-324, 0.30000000000000004, 1e21];
  const labels = binLabels(edges);
  expect(labels.map(({ gt }) => gt)).toEqual(['-Inf', ...labels.slice(0, -1).map(({ le }) => le)]);
  expect(labels.slice(0, -1).map(({ le }) => Number(le))).toEqual(edges);
  expect(labels.at(-1)?.le).toBe('+Inf');
});
