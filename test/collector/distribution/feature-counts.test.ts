/** Counts of a feature: what goes where, what merges, and that the sum is judged as the monitor judges its window. */
import fc from 'fast-check';
import { featureCountsAlgebra, type FeatureCounts } from '../../../collector/src/distribution/feature-counts.ts';
import { profileReference } from '../../../collector/src/distribution/profile.ts';
import type { FeatureReference } from '../../../collector/src/distribution/reference.ts';
import { judgeWindow } from '../../../collector/src/drift/verdict.ts';
import { windowOfBins } from '../../../collector/src/drift/windows.ts';
import type { FeatureValue } from '../../../collector/src/prediction.ts';
import { TestCore, untyped } from '../support/core.ts';

const reference = profileReference(
  Array.from({ length: 1_000 }, (_, row) => ({ load: (row * 7919) % 1000, day: row % 3 === 0 ? 'sat' : 'mon' })),
);
const [load, day] = reference.features as [FeatureReference, FeatureReference];
const algebras = { load: featureCountsAlgebra(load), day: featureCountsAlgebra(day) };

function counted(name: 'load' | 'day', values: readonly unknown[]): FeatureCounts {
  const state = algebras[name].create();
  for (const value of values) algebras[name].record(state, untyped<FeatureValue>(value));
  return state;
}

test.each([
  ['nothing', [], { missing: 0, type: 0, range: 0, unseen: 0 }, 0],
  ['numbers', [0, -1e300, 1e300, 5e-324], { missing: 0, type: 0, range: 0, unseen: 0 }, 4],
  ['none at all', [null, undefined, NaN], { missing: 3, type: 0, range: 0, unseen: 0 }, 0],
  ['infinite', [Infinity, -Infinity], { missing: 0, type: 0, range: 2, unseen: 0 }, 0],
  ['of another type', ['1', true, {}, [], Symbol('1'), 1n, () => 1], { missing: 0, type: 7, range: 0, unseen: 0 }, 0],
])('a number: %s', (_name, values, faults, n) => {
  expect(algebras.load.read(counted('load', values))).toMatchObject({ faults, n, rows: values.length });
});

test.each([
  ['nothing', [], { missing: 0, type: 0, range: 0, unseen: 0 }, [0, 0, 0]],
  ['known ones', ['mon', 'sat', 'mon'], { missing: 0, type: 0, range: 0, unseen: 0 }, [2, 1, 0]],
  ['unseen ones', ['sun', 7, true, 1n, '__proto__'], { missing: 0, type: 0, range: 0, unseen: 5 }, [0, 0, 5]],
  ['none at all', [null, undefined, NaN], { missing: 3, type: 0, range: 0, unseen: 0 }, [0, 0, 0]],
  ['of another type', [{}, [], () => 1], { missing: 0, type: 3, range: 0, unseen: 0 }, [0, 0, 0]],
])('a category: %s', (_name, values, faults, counts) => {
  const reading = algebras.day.read(counted('day', values));
  expect(reading).toMatchObject({ faults, rows: values.length });
  expect(Array.from(reading.counts)).toEqual(counts);
});

test('merge of any split in any order equals one pass, also with itself; a state survives JSON', () => {
  const anything = fc.oneof(fc.double(), fc.constantFrom('mon', 'sat', 'sun', null, undefined, true));
  fc.assert(
    fc.property(fc.array(fc.array(anything, { maxLength: 20 }), { maxLength: 5 }), (parts) => {
      for (const name of ['load', 'day'] as const) {
        const { create, merge, serialise, parse } = algebras[name];
        const merged = create();
        for (const part of parts.toReversed())
          merge(merged, parse(JSON.parse(JSON.stringify(serialise(counted(name, part))))));
        merge(merged, create());
        expect(merged).toEqual(counted(name, parts.flat()));
        merge(merged, merged);
        expect(merged).toEqual(counted(name, [...parts.flat(), ...parts.flat()]));
      }
    }),
  );
});

test('three replicas together are judged as one monitor that keeps bins alone', () => {
  const rows = Array.from({ length: 900 }, (_, row) => ({ load: (row * 37) % 1200, day: row % 2 ? 'mon' : 'sun' }));
  const monitor = new TestCore({ reference, window: rows.length, exact: false });
  for (const features of rows) monitor.core.recordPrediction({ prediction: 'a', features });
  monitor.settle();
  const windows = ([load, day] as const).map((profile) => {
    const name = profile.feature as 'load' | 'day';
    const total = algebras[name].create();
    for (const replica of [2, 0, 1])
      algebras[name].merge(
        total,
        counted(
          name,
          rows.filter((_, row) => row % 3 === replica).map((row) => row[name]),
        ),
      );
    return windowOfBins(profile, total);
  });
  const { features } = judgeWindow(windows);
  expect(features.map(({ verdict }) => verdict)).toEqual(['drifted', 'drifted']);
  expect(features).toEqual(monitor.windows[0]?.features.map(({ serial: _s, quality: _q, ...judged }) => judged));
});

test('foreign states are refused, naming what differs; counts of other bins are not judged', () => {
  const { serialise, create, parse, merge } = algebras.load;
  const own = serialise(create());
  const data = own.data as Record<string, unknown>;
  for (const [broken, message] of [
    [null, 'format'],
    [{ ...own, format: 'plumbline.scores' }, 'format'],
    [{ ...own, version: 2 }, 'version 2'],
    [{ ...own, data: null }, 'data'],
    [{ ...own, data: { ...data, feature: 'other' } }, 'bounds'],
    [{ ...own, data: { ...data, bounds: [1] } }, 'bounds'],
    [{ ...own, data: { ...data, counts: [1] } }, 'counts'],
    [{ ...own, data: { ...data, counts: (data['counts'] as number[]).map(() => -1) } }, 'counts'],
    [{ ...own, data: { ...data, faults: { missing: 0, type: 0.5 } } }, 'faults.type'],
    [{ ...own, data: { ...data, faults: 7 } }, 'faults'],
    [algebras.day.serialise(algebras.day.create()), 'bounds'],
  ] as const) {
    expect(() => parse(broken)).toThrow(expect.objectContaining({ code: 'foreign_state' }));
    expect(() => parse(broken)).toThrow(message);
  }
  expect(() => merge(create(), algebras.day.create())).toThrow('other bins');
  expect(() => windowOfBins(load, algebras.day.create())).toThrow('do not fit the reference of "load"');
});
