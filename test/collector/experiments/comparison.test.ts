/** What a comparison says of keys whose story is known. */
import { compareArms, createComparison, type ComparedMetric } from '../../../collector/src/experiments/comparison.ts';
import { evenly, judged, key } from './support/keys.ts';

/** Keys of a and b in turn; of every 20 of each, so many are right. */
function turns(pairs: number, right: { readonly a: number; readonly b: number }) {
  return Array.from({ length: 2 * pairs }, (_, place) => {
    const version = place % 2 === 0 ? 'a' : 'b';
    return judged(version, Math.floor(place / 2) % 20 < right[version], Math.floor(place / 2));
  });
}

function read(keys: readonly ReturnType<typeof judged>[]) {
  const comparison = evenly();
  for (const each of keys) comparison.addKey(each);
  return comparison.read();
}

function differenceIn(reading: ReturnType<typeof read>, metric: ComparedMetric | 'expired') {
  const found = reading.differences.find((difference) => difference.metric === metric);
  if (found === undefined) throw new Error(`no ${metric}`);
  return found;
}

test('of no key nothing is said', () => {
  const { verdict, arms, differences, sampleRatio } = read([]);
  expect(verdict).toEqual({
    verdict: 'insufficient_data',
    reason: 'each arm needs one labelled key: b 0, control 0; 0 keys wait for labels',
  });
  expect(arms[1]).toMatchObject({
    version: 'b',
    keys: 0,
    expectedKeys: 0,
    labelled: 0,
    probabilityBest: expect.closeTo(0.5),
  });
  expect(arms[1]?.metrics.accuracy).toMatchObject({ value: null, n: 0 });
  expect(differences.map(({ value, low, high }) => [value, low, high])).toEqual(Array(3).fill([null, null, null]));
  expect(sampleRatio).toEqual({ evidence: 1, p: 1, alpha: 0.001, mismatch: false });
});

test('a better arm wins, by accuracy and by F1, and the winner is named with what it rests on', () => {
  const reading = read(turns(3000, { a: 16, b: 18 }));
  expect(reading.verdict).toMatchObject({ verdict: 'winner', winner: 'b' });
  expect(reading.verdict.reason).toMatch(
    /^b is better than a: b − control in accuracy 0\.0999, 95 % always-valid interval 0\.0\d+ to 0\.1\d+$/,
  );
  const accuracy = differenceIn(reading, 'accuracy');
  expect(accuracy).toMatchObject({ armValue: 0.9, controlValue: 0.8, keys: 3000, controlKeys: 3000, level: 0.95 });
  expect(accuracy.value).toBeCloseTo(0.1, 2);
  expect(accuracy.asymptotic).toBe(false);
  expect(differenceIn(reading, 'f1_weighted')).toMatchObject({ asymptotic: true, low: expect.any(Number) });
  expect(reading.arms.map((arm) => arm.metrics.accuracy?.value)).toEqual([0.8, 0.9]);
  expect(reading.arms[1]?.probabilityBest).toBeGreaterThan(0.999);
});

test('where the arm is worse the control wins', () => {
  expect(read(turns(3000, { a: 18, b: 16 })).verdict).toMatchObject({ verdict: 'winner', winner: 'a' });
});

test('arms that are alike have no winner, however probable one is to be best', () => {
  const reading = read(turns(3000, { a: 16, b: 16 }));
  expect(reading.verdict.verdict).toBe('no_difference_yet');
  const close = read([...turns(3000, { a: 16, b: 16 }), ...turns(20, { a: 0, b: 20 })]);
  expect(close.arms[1]?.probabilityBest).toBeGreaterThan(0.7);
  expect(close.verdict.verdict).toBe('no_difference_yet');
});

test('F1 and its interval come with the 500th labelled key of each arm', () => {
  const ends = (pairs: number) => differenceIn(read(turns(pairs, { a: 16, b: 18 })), 'f1_weighted').low;
  expect([ends(499), typeof ends(500)]).toEqual([null, 'number']);
});

test('a ramp over a falling base rate makes no difference out of nothing', () => {
  // 90 : 10 while the model is right in 19 of 20, then 10 : 90 while it is right in 14 of 20; both arms alike.
  const comparison = createComparison({ task: 'classification', control: 'a', arms: ['b'] });
  const fill = (epoch: number, arm: number, right: number): void => {
    comparison.addEpoch({
      epoch,
      shares: [
        { version: 'a', weight: 10 - arm },
        { version: 'b', weight: arm },
      ],
    });
    for (let place = 0; place < 10_000; place++) {
      const version = place % 10 < arm ? 'b' : 'a';
      comparison.addKey(judged(version, Math.floor(place / 10) % 20 < right, place, { epoch }));
    }
  };
  fill(1, 1, 19);
  fill(2, 9, 14);
  const reading = comparison.read();
  const [a, b] = reading.arms.map((arm) => arm.metrics.accuracy?.value as number) as [number, number];
  expect(b - a).toBeLessThan(-0.1);
  const difference = differenceIn(reading, 'accuracy');
  expect(Math.abs(difference.value as number)).toBeLessThan(0.005);
  expect([difference.armValue, difference.controlValue]).toEqual([expect.closeTo(0.825), expect.closeTo(0.825)]);
  expect(reading.verdict.verdict).toBe('no_difference_yet');
});

test('each key weighs 1, however often it comes', () => {
  const outcomes = [
    { actual: 'yes', predicted: 'yes', count: 97 },
    { actual: 'no', predicted: 'yes', count: 3 },
  ];
  const reading = read([
    key('a', 'yes', 'no'),
    key('a', 'yes', 'yes', { predictions: 100, outcomes }),
    key('b', 'yes', 'yes'),
  ]);
  expect(reading.arms[0]).toMatchObject({
    keys: 2,
    labelled: 2,
    metrics: { accuracy: { value: expect.closeTo(0.485), n: 2 } },
  });
});

test('a key that is not closed holds back the outcomes of those after it, but not their number', () => {
  const reading = read([
    judged('a', true, 1),
    judged('b', true, 1),
    judged('b', true, 1, { closed: false }),
    judged('a', false, 1),
  ]);
  expect(reading.waiting).toBe(2);
  expect(reading.arms.map(({ keys, entered, labelled }) => [keys, entered, labelled])).toEqual([
    [2, 1, 1],
    [2, 1, 1],
  ]);
});

test('durations enter once the window is over, whatever the labels do', () => {
  const durations = [0.1, 0.1, 0.1];
  const reading = read([
    judged('a', true, 1, { closed: false, predictions: 3, durations }),
    judged('b', true, 1, { closed: false, windowOver: false, predictions: 3, durations }),
  ]);
  expect(reading.arms.map(({ latency }) => latency.n)).toEqual([3, 0]);
  expect(reading.arms[0]?.latency.p95).toBeCloseTo(0.1, 2);
});

test('labels that expire more often in an arm block the verdict', () => {
  const reading = read(
    turns(3000, { a: 16, b: 18 }).map((each, place) =>
      place % 2 === 1 && place % 10 < 2 ? { ...each, outcomes: [], expired: 1 } : each,
    ),
  );
  expect(reading.verdict).toMatchObject({ verdict: 'blocked', blockedBy: 'label_expiry' });
  expect(reading.verdict.reason).toMatch(/^labels of b expire more often than the control's/);
  expect(differenceIn(reading, 'accuracy').low).toBeGreaterThan(0);
});

test('labels that expire alike block nothing', () => {
  const reading = read(
    turns(3000, { a: 16, b: 18 }).map((each, place) => (place % 10 < 2 ? { ...each, outcomes: [], expired: 1 } : each)),
  );
  expect(reading.verdict).toMatchObject({ verdict: 'winner', winner: 'b' });
  expect(reading.arms.map(({ expired }) => expired.value)).toEqual([0.2, 0.2]);
});

test('keys that do not reach the arms as the weights say block the verdict', () => {
  const reading = read(turns(3000, { a: 16, b: 18 }).filter((_, place) => place % 10 !== 1));
  expect(reading.verdict).toMatchObject({ verdict: 'blocked', blockedBy: 'sample_ratio' });
  expect(reading.sampleRatio.p).toBeLessThan(0.001);
  expect(reading.arms.map(({ keys, expectedKeys }) => [keys, expectedKeys])).toEqual([
    [3000, 2700],
    [2400, 2700],
  ]);
});

test('of two better arms the one with the larger difference wins, and they share alpha', () => {
  const comparison = evenly('b', 'c');
  for (let place = 0; place < 12_000; place++) {
    const version = ['a', 'b', 'c'][place % 3] as 'a' | 'b' | 'c';
    comparison.addKey(judged(version, Math.floor(place / 3) % 20 < { a: 14, b: 17, c: 18 }[version], place));
  }
  const { verdict, differences } = comparison.read();
  expect(verdict).toMatchObject({ verdict: 'winner', winner: 'c' });
  expect(differences.map(({ level }) => level)).toEqual([0.975, 0.975, 0.995, 0.975, 0.975, 0.995]);
});

test('of a regression the smaller error wins, from 500 keys an arm on', () => {
  const run = (pairs: number) =>
    compareArms(
      { task: 'regression', control: 'a', arms: ['b'] },
      [
        {
          epoch: 1,
          shares: [
            { version: 'a', weight: 1 },
            { version: 'b', weight: 1 },
          ],
        },
      ],
      Array.from({ length: 2 * pairs }, (_, place) => {
        const size = 1 + (Math.floor(place / 2) % 7);
        return place % 2 === 0 ? key('a', 0, size) : key('b', 0, -0.8 * size);
      }),
    );
  const { verdict, differences, arms } = run(2100);
  expect(verdict).toMatchObject({ verdict: 'winner', winner: 'b' });
  expect(differences[0]).toMatchObject({ metric: 'mae', asymptotic: true, value: expect.closeTo(-0.8, 1) });
  expect(arms.map(({ metrics }) => metrics.mae?.value)).toEqual([4, expect.closeTo(3.2)]);
  expect(arms[1]?.probabilityBest).toBeGreaterThan(0.999);
  expect(run(499).verdict).toEqual({
    verdict: 'insufficient_data',
    reason: 'each arm needs 500 labelled keys: b 499, control 499; 0 keys wait for labels',
  });
});

test('a key of a version that is not compared, or had no weight, is left out and counted', () => {
  const comparison = evenly();
  comparison.addEpoch({ epoch: 2, shares: [{ version: 'a', weight: 1 }] });
  comparison.addKey(judged('z', true, 1));
  comparison.addKey(judged('b', true, 1, { epoch: 2 }));
  comparison.addKey(judged('a', true, 1, { epoch: 2 }));
  const { ignored, arms, sampleRatio } = comparison.read();
  expect([ignored, arms[0]?.keys, arms[1]?.keys, sampleRatio.evidence]).toEqual([2, 1, 0, 1]);
});

test('a copy goes on by itself', () => {
  const comparison = evenly();
  for (const each of turns(50, { a: 16, b: 18 })) comparison.addKey(each);
  const before = comparison.read();
  const copy = comparison.copy();
  expect(copy.read()).toEqual(before);
  copy.addKey(judged('b', true, 1, { closed: false }));
  expect([copy.read().waiting, comparison.read().waiting]).toEqual([1, 0]);
  expect(comparison.read()).toEqual(before);
});

const twoArms = { task: 'classification', control: 'a', arms: ['b'] } as const;

test.each([
  ['no arm', { ...twoArms, arms: [] }, /^arms: /],
  ['the control as an arm', { ...twoArms, arms: ['a'] }, /^arms: /],
  ['a metric of another task', { ...twoArms, metric: 'mae' as const }, /^metric: expected accuracy or f1_weighted/],
  [
    'a regression by accuracy',
    { ...twoArms, task: 'regression' as const, metric: 'accuracy' as const },
    /^metric: expected mae/,
  ],
  ['alpha', { ...twoArms, alpha: 0 }, /^alpha: /],
])('options that are wrong are named: %s', (_, options, message) => {
  expect(() => createComparison(options)).toThrow(
    expect.objectContaining({ code: 'invalid_request', message: expect.stringMatching(message) }),
  );
});

test.each([
  ['an epoch nobody declared', { epoch: 7 }, /^epoch: /],
  ['no prediction', { predictions: 0 }, /^predictions: /],
  ['more labels than predictions', { expired: 1 }, /^predictions: /],
  ['half a label', { outcomes: [{ actual: 'a', predicted: 'a', count: 0.5 }] }, /^outcomes.count: /],
  ['a negative duration', { durations: [-1] }, /^durations: /],
])('keys that are wrong are named and change nothing: %s', (_, rest, message) => {
  const comparison = evenly();
  const before = comparison.read();
  expect(() => comparison.addKey(judged('b', true, 1, rest))).toThrow(
    expect.objectContaining({ code: 'invalid_request', message: expect.stringMatching(message) }),
  );
  expect(comparison.read()).toEqual(before);
});

test('epochs come in their order', () => {
  const comparison = evenly();
  for (const epoch of [1, 0, 1.5])
    expect(() => comparison.addEpoch({ epoch, shares: [] })).toThrow(
      expect.objectContaining({ code: 'invalid_request' }),
    );
});
