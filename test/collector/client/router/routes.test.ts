/** Routes of one state. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RouteTable } from '../../../../collector/src/client/router/routes.ts';
import { bucketOf } from '../../../../collector/src/experiments/allocation.ts';
import { readAssignments } from '../../../../collector/src/remote/assignments/assignments.ts';
import { REPOSITORY } from '../../cli/support/plumbline.ts';
import { assignments, type Shown } from '../support/routing.ts';

const table = (shown: Shown, deployed?: readonly string[], stale = false) =>
  new RouteTable(
    readAssignments(assignments(shown), 'm'),
    { deployed: deployed && new Set(deployed), fallback: '0' },
    stale,
  );
const thirds = { split: { '1': 2_500, '2': 7_500, '3': 10_000 } };

test('a key goes where its bucket lies, with how probable that was', () => {
  const routes = table(thirds);
  for (let user = 0; user < 200; user++) {
    const bucket = bucketOf(`user-${user}`, 's');
    const [version, propensity] = bucket < 2_500 ? ['1', 0.25] : bucket < 7_500 ? ['2', 0.5] : ['3', 0.25];
    expect(routes.byKey(`user-${user}`)).toEqual({
      ...{ version, experiment: { name: 'e', epoch: 1, propensity }, reason: 'split', stale: false },
    });
  }
});

test('the pinned vectors: other languages find the same versions', () => {
  const file = join(REPOSITORY, 'test/golden/experiments/assignment.json');
  const { buckets } = JSON.parse(readFileSync(file, 'utf8')) as {
    readonly buckets: readonly { readonly salt: string; readonly key: string; readonly bucket: number }[];
  };
  expect(buckets.length).toBeGreaterThan(50);
  for (const { salt, key, bucket } of buckets) {
    const split = { below: bucket, own: bucket + 1, above: 10_000 };
    expect(table({ split, more: { salt } }).byKey(key).version).toBe('own');
  }
});

test('without a key the number drawn is the bucket', () => {
  const routes = table(thirds);
  const versions = [0, 0.2499, 0.25, 0.7499, 0.75, 0.9999].map((random) => routes.drawn(random).version);
  expect(versions).toEqual(['1', '1', '2', '2', '3', '3']);
  expect(routes.drawn(0.5)).toMatchObject({ reason: 'random', experiment: { name: 'e', propensity: 0.5 } });
});

test.each([1, 2, -1, Number.NaN, Number.POSITIVE_INFINITY])('a source that gives %d still gets an answer', (random) => {
  expect(['1', '3']).toContain(table(thirds).drawn(random).version);
});

test('a version with no bucket is never reached', () => {
  const routes = table({ split: { '1': 0, '2': 10_000 } });
  expect(routes.drawn(0).version).toBe('2');
});

test('a version may hold several ranges, and its propensity is their sum', () => {
  const ranges = [
    { version: '1', start: 0, end: 1_000 },
    { version: '2', start: 1_000, end: 9_000 },
    { version: '1', start: 9_000, end: 10_000 },
  ];
  const routes = table({ split: { '1': 10_000 }, more: { allocation: ranges } });
  expect(routes.drawn(0)).toMatchObject({ version: '1', experiment: { propensity: 0.2 } });
  expect(routes.drawn(0.95)).toMatchObject({ version: '1', experiment: { propensity: 0.2 } });
});

test('no running experiment: production; nothing in production, or nothing known: the fallback', () => {
  expect(table({}).byKey('a')).toEqual({ version: '1', experiment: null, reason: 'production', stale: false });
  expect(table({}).drawn(0.5)).toMatchObject({ version: '1', reason: 'production' });
  expect(table({ production: null }).byKey('a')).toMatchObject({ version: '0', reason: 'default' });
  const unknown = new RouteTable(undefined, { deployed: undefined, fallback: '0' }, true);
  expect(unknown.byKey('a')).toEqual({ version: '0', experiment: null, reason: 'default', stale: true });
});

describe('a version that has no function in this process', () => {
  test('is answered for by production, outside the experiment', () => {
    const routes = table(thirds, ['0', '1', '3']);
    expect(routes.drawn(0.5)).toEqual({ version: '1', experiment: null, reason: 'not_deployed', stale: false });
    expect(routes.drawn(0)).toMatchObject({ version: '1', reason: 'random', experiment: { propensity: 0.25 } });
    expect(routes.notDeployed).toEqual(['2']);
  });

  test('by the fallback, where production is not here either', () => {
    expect(table({}, ['0']).byKey('a')).toMatchObject({ version: '0', reason: 'not_deployed' });
    expect(table(thirds, ['0', '3']).drawn(0.5)).toMatchObject({ version: '0', reason: 'not_deployed' });
  });
});

test('routes cannot be changed by who gets them: one is handed out for all keys', () => {
  const route = table(thirds).byKey('a');
  expect(Object.isFrozen(route) && Object.isFrozen(route.experiment)).toBe(true);
});
