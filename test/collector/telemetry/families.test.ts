/** Families of series: additions in, points out, zeros first. */
import { SeriesBudget } from '../../../collector/src/telemetry/budget.ts';
import { CounterFamily, GaugeFamily, HistogramFamily } from '../../../collector/src/telemetry/families.ts';
import { ZeroHold } from '../../../collector/src/telemetry/hold.ts';
import { METRICS } from '../../../collector/src/telemetry/names.ts';

const base = { model: 'm' };
const attributesOf = (labels: object) => ({ ...base, ...labels });
const context = (limit = 100, zeroHold = 0) => ({ base, attributesOf, budget: new SeriesBudget(limit), zeroHold });
const valuesOf = (points: readonly { readonly value: number }[]) => points.map(({ value }) => value);

describe('ZeroHold', () => {
  test('a series is shown once it was seen and the hold has passed since', () => {
    const hold = new ZeroHold(15);
    hold.born();
    expect([100, 114, 115, 116, 0].map((now) => hold.released(0, now))).toEqual([false, false, true, true, true]);
  });

  test('each series waits on its own, and at least one collection long even without a hold', () => {
    const hold = new ZeroHold(0);
    hold.born();
    expect([hold.released(0, 1), hold.released(0, 1)]).toEqual([false, true]);
    hold.born();
    expect([hold.released(1, 1), hold.released(0, 1), hold.released(1, 1)]).toEqual([false, true, true]);
  });
});

describe('counters', () => {
  test('grow past any initial size without losing a count', () => {
    const family = new CounterFamily(METRICS.labels, context(10_000));
    const series = Array.from({ length: 1_000 }, (_, index) => family.declare({ status: `${index}` }));
    for (const index of series) family.increment(index, index);
    family.collect(0);
    expect(valuesOf(family.collect(0))).toEqual(series);
    expect(family.collect(0)[7]).toEqual({ attributes: { model: 'm', status: '7' }, value: 7 });
  });

  test('the budget refuses what turns up late, never what is declared', () => {
    const { budget, ...rest } = context(2);
    const family = new CounterFamily(METRICS.labels, { budget, ...rest });
    expect([family.admit({ status: 'a' }), family.admit({ status: 'b' }), family.admit({ status: 'c' })]).toEqual([
      0, 1, -1,
    ]);
    expect([family.declare({ status: 'd' }), budget.used]).toEqual([2, 3]);
  });

  test('cumulative series sum up within their own group only', () => {
    const family = new CounterFamily(METRICS.bucket, context());
    const le = (texts: string[]) => texts.map((text) => ({ le: text }));
    const first = family.declareCumulative(le(['1', '2', '+Inf']));
    const second = family.declareCumulative(le(['5', '+Inf']));
    const alone = family.declare({ le: 'alone' });
    [first, first + 1, first + 2, second, second + 1, alone].forEach((series) => family.increment(series));
    family.collect(0);
    expect(valuesOf(family.collect(0))).toEqual([1, 2, 3, 1, 2, 1]);
    expect(family.value(first + 2)).toBe(1);
  });
});

test('gauges: NaN is no value, and comes and goes', () => {
  const family = new GaugeFamily(METRICS.drift, context());
  const series = family.declare({ statistic: 'ks' });
  expect(family.collect()).toEqual([]);
  family.set(series, 0.3);
  expect(valuesOf(family.collect())).toEqual([0.3]);
  family.set(series, Number.NaN);
  expect(family.collect()).toEqual([]);
});

describe('histograms', () => {
  const make = (zeroHold = 0) =>
    new HistogramFamily({ ...METRICS.duration, boundaries: [1, 2] }, context(100, zeroHold));

  test('a value on a boundary belongs to the bucket below', () => {
    const family = make();
    for (const value of [0, 1, 1.5, 2, 3]) family.observe(value);
    family.collect(0);
    expect(family.collect(0)).toEqual([{ attributes: { model: 'm' }, counts: [2, 2, 1], sum: 7.5, count: 5 }]);
  });

  test('does not exist before it is declared or gets a value, then starts at zero', () => {
    const family = make();
    expect(family.collect(0)).toEqual([]);
    family.observe(1);
    expect(family.collect(0)).toMatchObject([{ counts: [0, 0, 0], sum: 0, count: 0 }]);
    expect(family.collect(0)).toMatchObject([{ count: 1 }]);
  });

  test('what was handed out does not change afterwards', () => {
    const family = make();
    family.observe(1);
    family.collect(0);
    const [before] = family.collect(0);
    family.observe(1);
    expect(before).toMatchObject({ counts: [1, 0, 0], count: 1 });
  });

  test('costs the budget its buckets, count and sum, once', () => {
    const { budget, ...rest } = context();
    const family = new HistogramFamily({ ...METRICS.duration, boundaries: [1, 2] }, { budget, ...rest });
    family.declare();
    family.declare();
    expect(budget.used).toBe(5);
  });
});
