/** What an experiment may be: each rule that can be broken, the field the refusal names, and what holds by default. */
import type { ExperimentChange } from '../../../collector/src/assignments/experiment.ts';
import { closeUnit, cutUnit, type ClosingRules } from '../../../collector/src/assignments/close-unit.ts';
import { exposuresOf, inOrderMade, MAX_COUNTED, type Candidate } from '../../../collector/src/assignments/exposures.ts';
import { changedRules, newRules } from '../../../collector/src/assignments/rules.ts';

const arms = [
  { version: '1', weight: 9 },
  { version: '2', weight: 1 },
];
const make = (change: ExperimentChange, task: 'classification' | 'regression' | 'multilabel' = 'classification') =>
  newRules({ arms, ...change }, { task, labelWaitSeconds: 600 });

test('defaults', () => {
  expect(make({})).toEqual({
    ...{ description: '', mode: 'weights', metric: 'accuracy', control: '1', arms, shadows: [], ramp: [] },
    ...{ guardrails: [], bandit: null, keyWindowSeconds: 3_600, labelWaitSeconds: 600 },
  });
  expect(make({}, 'regression').metric).toBe('mae');
  expect(make({ mode: 'bandit' }).bandit).toEqual({ floor: 0.05, everySeconds: 3_600 });
});

const step = (afterSeconds: number, weights: Record<string, number> = { '1': 1 }) => ({ afterSeconds, weights });
test.each<[ExperimentChange, RegExp, ('regression' | 'multilabel')?]>([
  [{ arms: [] }, /^arms/],
  [{ arms: [{ version: '1', weight: 0 }] }, /^arms: all weights are 0/],
  [{ arms: [{ version: '1', weight: -1 }] }, /^arms\[0\]\.weight/],
  [{ arms: [{ version: '1', weight: Number.NaN }] }, /^arms\[0\]\.weight/],
  [{ arms: [{ version: '../x', weight: 1 }] }, /^arms\[0\]\.version/],
  [{ arms: [...arms, { version: '1', weight: 1 }] }, /^arms: "1" is named twice/],
  [
    { arms: Array.from({ length: 11 }, (_, index) => ({ version: `v${index}`, weight: 1 })) },
    /^arms: expected 1 to 10/,
  ],
  [{ control: '3' }, /^control: "3" is none of the arms/],
  [{ shadows: ['2'] }, /^shadows\[0\]: "2" is an arm/],
  [{ shadows: ['3', '3'] }, /^shadows: "3" is named twice/],
  [{ metric: 'mae' }, /^metric: a classification has no mae/],
  [{ metric: 'accuracy' }, /^metric: a regression has no accuracy/, 'regression'],
  [{ metric: 'f1_weighted' }, /^metric: a multilabel has no f1_weighted/, 'multilabel'],
  [{ ramp: [step(5), step(5)] }, /^ramp\[1\]\.afterSeconds/],
  [{ ramp: [step(5, { '3': 1 })] }, /^ramp\[0\]\.weights\.3/],
  [{ ramp: [step(5, { '1': 0 })] }, /^ramp\[0\]\.weights: all are 0/],
  [{ ramp: [step(5)], mode: 'bandit' }, /^ramp: a bandit/],
  [{ mode: 'bandit', bandit: { floor: 0.6, everySeconds: 60 } }, /^bandit\.floor/],
  [{ mode: 'bandit', bandit: { floor: 0.1, everySeconds: 0 } }, /^bandit\.everySeconds/],
  [{ guardrails: [{ metric: 'accuracy' }] }, /^guardrails\[0\]: expected either limit or margin/],
  [{ guardrails: [{ metric: 'accuracy', limit: 1, margin: 1 }] }, /^guardrails\[0\]: expected either/],
  [{ guardrails: [{ metric: 'mae', limit: 1 }] }, /^guardrails\[0\]\.metric: a classification has no mae/],
  [{ guardrails: [{ metric: 'latency_p95', margin: 0.5 }] }, /^guardrails\[0\]\.margin/],
  [{ arms: arms.slice(0, 1), guardrails: [{ metric: 'accuracy', limit: 1 }] }, /^guardrails: arms are watched/],
  [{ keyWindowSeconds: -1 }, /^keyWindowSeconds/],
  [{ labelWaitSeconds: 0 }, /^labelWaitSeconds/],
])('%j is refused: %s', (change, message, task = undefined) => {
  const refusal = expect.objectContaining({ code: 'invalid_request', message: expect.stringMatching(message) });
  expect(() => make(change, task)).toThrow(refusal);
});

test('once it has run weights, ramp, guardrails and shadows change, and nothing else', () => {
  const before = make({});
  const after = (change: ExperimentChange) => changedRules(before, change, { task: 'classification', hasRun: true });
  expect(after({ shadows: ['3'], ramp: [step(1)], arms: [...arms].reverse() })).toMatchObject({ shadows: ['3'] });
  for (const change of [
    { control: '2' },
    { mode: 'bandit' as const, bandit: { floor: 0.1, everySeconds: 9 } },
    { keyWindowSeconds: 1 },
  ])
    expect(() => after(change)).toThrow(expect.objectContaining({ code: 'conflict' }));
});

const candidate = (seq: number, arrived: number, more: Partial<Candidate> = {}): Candidate => ({
  ...{ seq, arrived, time: arrived, unit: 'u', version: '1', epoch: 1, key: 'k', experiment: null, isShadow: false },
  ...more,
});
const rules = (keyWindowSeconds: number) => ({
  experiment: { name: 'blue', salt: 's', rules: { keyWindowSeconds } },
  epochs: [],
});

test('a key counts what its version did in its epoch within the window, the end included, and at most so much', () => {
  const rows = [
    candidate(1, 0),
    candidate(2, 500, { version: '2' }),
    candidate(3, 600, { epoch: 2 }),
    candidate(4, 1_000),
    candidate(5, 1_001),
  ];
  expect(exposuresOf(rows, new Map(), rules(1)).made).toMatchObject([{ version: '1', predictions: [1, 4] }]);
  expect(exposuresOf(rows, new Map(), rules(0)).made).toMatchObject([{ predictions: [1] }]);
  const many = Array.from({ length: MAX_COUNTED + 5 }, (_, seq) => candidate(seq, 0));
  const [first, ...rest] = exposuresOf(many.slice(0, 3), new Map(), rules(1)).made;
  expect(rest).toEqual([]);
  const { made, grown } = exposuresOf(many.slice(3), new Map([['u', first as NonNullable<typeof first>]]), rules(1));
  expect([made, grown.map(({ predictions }) => predictions.length)]).toEqual([[], [MAX_COUNTED]]);
});

test('predictions take their place by when they were made, never before what has been gone through', () => {
  const rows = [
    candidate(1, 5_000, { time: 4_000 }),
    candidate(2, 5_000, { time: 3_000 }),
    candidate(3, 5_000, { time: 9_000 }),
    candidate(4, 5_000, { time: 10 }),
  ];
  expect(inOrderMade(rows, 3_500).map(({ seq, arrived }) => [seq, arrived])).toEqual([
    [2, 3_501],
    [4, 3_501],
    [1, 4_000],
    [3, 5_000],
  ]);
});

test('a unit is cut when what was made within its window has had the time to come', () => {
  const exposure = { seq: 1, arrived: 0, unit: 'u', version: '1', epoch: 1, predictions: [1], isClosed: false };
  const rules = { task: 'classification', keyWindow: 2_000, labelWait: 10_000, epochs: [], sendingGrace: 500 } as const;
  expect(cutUnit(exposure, new Map(), { ...rules, horizon: 2_500 })).toBeUndefined();
  expect(cutUnit(exposure, new Map(), { ...rules, horizon: 2_501 })).toEqual([]);
});

test('without a key each prediction is a unit', () => {
  const rows = [candidate(1, 0, { unit: null }), candidate(2, 0, { unit: null })];
  expect(exposuresOf(rows, new Map(), rules(9)).made.map(({ predictions }) => predictions)).toEqual([[1], [2]]);
});

test('a unit is cut at the end of its window, or a minute after its epoch; a label counts only in time, whenever one looks', () => {
  const exposure = { seq: 1, arrived: 0, unit: 'u', version: '1', epoch: 1, predictions: [1], isClosed: false };
  const epoch = { number: 1, since: 0, until: 2_000, cause: 'started', weights: {}, ranges: [] } as const;
  const at = (horizon: number): ClosingRules => ({
    ...{ task: 'classification', keyWindow: 90_000, labelWait: 10_000, epochs: [epoch], horizon, sendingGrace: 500 },
  });
  const found = (labelTime: number | null) =>
    new Map([
      [
        1,
        {
          seq: 1,
          arrived: 0,
          prediction: 'yes',
          duration: 0.123456,
          label: labelTime === null ? null : 'yes',
          labelSeq: labelTime === null ? null : 1,
          labelTime,
        },
      ],
    ]);
  expect(cutUnit(exposure, found(5_000), at(62_000))).toBeUndefined();
  expect(cutUnit(exposure, found(5_000), at(62_001))).toEqual([0.1235]);
  expect(closeUnit(exposure, found(null), at(10_000))).toBeUndefined();
  expect(closeUnit(exposure, found(null), at(10_001))).toEqual({ predictions: 1, expired: 1, outcomes: [] });
  expect(closeUnit(exposure, found(10_000), at(99_000))).toMatchObject({
    expired: 0,
    outcomes: [{ actual: 'yes', count: 1 }],
  });
  expect(closeUnit(exposure, found(10_001), at(99_000))).toMatchObject({ expired: 1, outcomes: [] });
});
