/** Windows made from two windows, from scores, from counts of classes. */
import type { FeatureWindow } from '../../../collector/src/drift/feature-tests.ts';
import { judgeWindow, type Verdict } from '../../../collector/src/drift/verdict.ts';
import {
  againstPrevious,
  remembered,
  windowOfCounts,
  windowOfSamples,
  windowOfValues,
} from '../../../collector/src/drift/windows.ts';
import { around, POLICY } from './support/windows.ts';

const calm = windowOfSamples('calm', around(0, 1500), around(0));
const risen = windowOfSamples('load', around(0, 1500), around(0.3));

function verdictOf(window: FeatureWindow): Verdict {
  return judgeWindow([window], POLICY).verdict;
}

describe('windows from what is at hand', () => {
  test('against the previous window: its rows are the reference', () => {
    const [first, second] = [
      windowOfSamples('load', around(0), around(0.3)),
      windowOfSamples('load', around(0), around(0.3)),
    ];
    expect(verdictOf(second)).toBe('drifted');
    expect(verdictOf(againstPrevious(first, second))).toBe('stable');
    const calmBefore = windowOfSamples('load', around(0), around(0));
    expect(verdictOf(againstPrevious(calmBefore, second))).toBe('drifted');
    const [a, b] = [
      [1, 2],
      [3, 4],
    ].map((current) => ({ feature: 'd', type: 'categorical', reference: [9, 9], current }) as const);
    expect(againstPrevious(a as FeatureWindow, b as FeatureWindow)).toMatchObject({
      reference: [1, 2],
      current: [3, 4],
    });
  });

  test('a window is remembered by 256 order statistics: D is right to 1/256, what is read from bins exact', () => {
    const first = windowOfSamples('load', around(0), around(0.3));
    const second = windowOfSamples('load', around(0), around(0.1));
    const kept = remembered(first);
    const valuesOf = (window: FeatureWindow) => (window.type === 'numeric' ? window.current : undefined);
    expect(valuesOf(kept)?.values).toHaveLength(256);
    expect(valuesOf(kept)?.total).toBe(valuesOf(first)?.total);
    const testsOf = (before: FeatureWindow) =>
      judgeWindow([againstPrevious(before, second)], POLICY).features[0]?.tests ?? [];
    const [exact, rough] = [testsOf(first), testsOf(kept)];
    expect(exact.length).toBe(7);
    exact.forEach(({ statistic, value }, index) => {
      if (statistic === 'wasserstein') return expect(rough[index]?.value).toBeCloseTo(value as number, 1);
      const slack = statistic === 'ks' ? 1 / 256 : 0;
      expect(Math.abs((rough[index]?.value ?? NaN) - (value as number))).toBeLessThanOrEqual(slack);
    });
    const small = windowOfSamples('load', [1, 2], [3, 3, 4]);
    expect(valuesOf(remembered(small))).toEqual(valuesOf(small));
  });

  test('windows that do not belong together are refused', () => {
    const day = windowOfCounts('load', new Map([['a', 1]]), new Map());
    const other = windowOfCounts('load', new Map(), new Map(Object.entries({ a: 1, b: 2 })));
    for (const [before, now] of [
      [calm, risen],
      [day, risen],
      [day, other],
    ] as const) {
      expect(() => againstPrevious(before, now)).toThrow('does not fit "load"');
    }
    const coarse = windowOfSamples('load', around(0), around(0), 4);
    expect(() => againstPrevious(coarse, risen)).toThrow(expect.objectContaining({ code: 'invalid_configuration' }));
  });

  test('scores against a profile and against a sample agree; what is not finite is left out', () => {
    const scores = [0.1, NaN, 0.9, Infinity, 0.5, 0.5];
    const sampled = windowOfSamples('score', [0, 0.25, 0.5, 1], scores, 2);
    const profile = {
      feature: 'score',
      type: 'numeric',
      n: 4,
      missing: 0,
      edges: [0.25],
      counts: [2, 2],
      values: [0, 0.25, 0.5, 1],
      valueCounts: [1, 1, 1, 1],
    } as const;
    expect(windowOfValues('score', profile, scores)).toEqual(sampled);
    expect(sampled).toMatchObject({ currentBins: [1, 3], referenceBins: [2, 2] });
    expect(sampled.current.total).toBe(4);
    expect(windowOfSamples('score', [], []).current.total).toBe(0);
  });

  test('a class of one side only counts 0 on the other', () => {
    expect(windowOfCounts('prediction', new Map([['a', 3]]), new Map(Object.entries({ b: 2, a: 1 })))).toMatchObject({
      reference: [3, 0],
      current: [1, 2],
    });
  });
});
