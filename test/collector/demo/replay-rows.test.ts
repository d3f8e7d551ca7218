import { LateLabels } from '../../../collector/src/demo/late-labels.ts';
import { Pacer } from '../../../collector/src/demo/pacer.ts';
import { replayRows, type ReplayRow } from '../../../collector/src/demo/replay-rows.ts';
import { createMonitor, MonitorMetricProducer } from '../../../collector/src/index.ts';

describe('late labels', () => {
  test.each([0, 1, 48])('a delay of %i rows keeps the order and loses none', (delay) => {
    const late = new LateLabels<number>(delay);
    const items = Array.from({ length: 500 }, (_, index) => index);
    const due = items.map((item) => late.push(item));
    expect(due).toEqual(items.map((item) => (item < delay ? undefined : item - delay)));
    expect(late.drain()).toEqual(items.slice(items.length - delay));
    expect(late.drain()).toEqual([]);
  });
});

describe('a pacer', () => {
  test('keeps the rate: no row passes before its time', async () => {
    const pacer = new Pacer(200, new AbortController().signal, () => performance.now());
    const start = performance.now();
    for (let row = 0; row < 20; row++) expect(await pacer.next()).toBe(true);
    expect(performance.now() - start).toBeGreaterThanOrEqual(85); // 19 intervals of 5 ms, less the tolerance and a timer's
  });

  test('a signal ends the waiting', async () => {
    const controller = new AbortController();
    const pacer = new Pacer(0.001, controller.signal, () => 0);
    expect(await pacer.next()).toBe(true);
    const second = pacer.next();
    controller.abort();
    expect(await second).toBe(false);
    expect(await pacer.next()).toBe(false);
  });

  test('as fast as possible still gives the event loop its turns', async () => {
    let time = 0;
    let turns = 0;
    const pacer = new Pacer(Number.POSITIVE_INFINITY, new AbortController().signal, () => (time += 1));
    const count = () => void (turns++, (other = setImmediate(count)));
    let other = setImmediate(count);
    for (let row = 0; row < 200; row++) await pacer.next();
    clearImmediate(other);
    expect(turns).toBeGreaterThanOrEqual(5);
  });
});

describe('replaying rows', () => {
  const now = () => performance.now();
  const rows: ReplayRow[] = Array.from({ length: 10 }, (_, index) => ({
    id: `r${index}`,
    timestamp: index * 1_000,
    prediction: 'yes',
    ...(index !== 3 && { label: index < 5 ? 'yes' : 'no' }),
  }));

  function monitorAndPacer(signal = new AbortController().signal) {
    const monitor = createMonitor({ model: 'm', version: '1', producer: new MonitorMetricProducer() });
    return { monitor, pacer: new Pacer(Number.POSITIVE_INFINITY, signal, now) };
  }

  test('every label arrives in the end, and a row without one stays pending', async () => {
    const { monitor, pacer } = monitorAndPacer();
    const order: string[] = [];
    const whole = await replayRows(rows, {
      monitor,
      pacer,
      labelDelay: 4,
      onPredicted: (row) => order.push(`+${row.id}`),
      onLabelled: (row) => order.push(`=${row.id}`),
    });
    expect(whole).toBe(true);
    expect(order.slice(3, 7)).toEqual(['+r3', '+r4', '=r0', '+r5']);
    const report = await monitor.performance();
    expect(report).toMatchObject({ predictions: 10, labeled: 9, pending: 1 });
    expect(report.metrics.accuracy.value).toBeCloseTo(4 / 9, 12);
    await monitor.close();
  });

  test('a stop in between leaves the labels that had not arrived pending', async () => {
    const controller = new AbortController();
    const { monitor, pacer } = monitorAndPacer(controller.signal);
    let seen = 0;
    const whole = await replayRows(rows, {
      monitor,
      pacer,
      labelDelay: 2,
      onPredicted: () => void (++seen === 5 && controller.abort()),
    });
    expect(whole).toBe(false);
    expect(await monitor.performance()).toMatchObject({ predictions: 5, labeled: 3, pending: 2 });
    await monitor.close();
  });
});
