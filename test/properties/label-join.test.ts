/** Any history of predictions, labels, duplicates, corrections and passing time: the counts add up, and a naive join agrees. */
import fc from 'fast-check';
import { LabelJoin, type LabelOutcome } from '../../collector/src/joining/label-join.ts';
import { TestCore } from '../collector/support/core.ts';

const CAPACITY = 5;
const MAX_AGE = 50;
const DEADLINE = 10;

type Step =
  | { readonly do: 'predict'; readonly id: string; readonly prediction: string }
  | { readonly do: 'label'; readonly id: string; readonly label: string }
  | { readonly do: 'wait'; readonly time: number };

// Few ids and classes, so that they meet; times on both sides of every bound.
const id = fc.integer({ min: 0, max: 11 }).map((number) => `id-${number}`);
const name = fc.constantFrom('a', 'b', 'c', '__proto__');
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ do: fc.constant('predict' as const), id, prediction: name }) },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('label' as const), id, label: name }) },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constant('wait' as const), time: fc.constantFrom(1, 10, 11, 49, 50, 51) }),
    },
  ),
  { maxLength: 120 },
);

/** The join as one would write it without a thought for speed: a list in order of arrival. */
class NaiveJoin {
  entries: { id: string; predicted: string; time: number; label?: string }[] = [];

  expire(now: number): number {
    return this.#leave(this.entries.filter(({ time }) => now - time > MAX_AGE));
  }

  put(key: string, predicted: string, now: number): number | false {
    if (this.entries.some((entry) => entry.id === key)) return false;
    const expired = this.entries.length === CAPACITY ? this.#leave(this.entries.slice(0, 1)) : 0;
    this.entries.push({ id: key, predicted, time: now });
    return expired;
  }

  label(key: string, label: string, now: number): LabelOutcome {
    const entry = this.entries.find((item) => item.id === key);
    if (!entry) return { status: 'unknown' };
    const { label: former, predicted } = entry;
    if (former === label) return { status: 'duplicate' };
    entry.label = label;
    if (former !== undefined) return { status: 'corrected', predicted, former };
    const delay = now - entry.time;
    return { status: delay > DEADLINE ? 'late' : 'joined', predicted, delay };
  }

  #leave(gone: readonly { label?: string }[]): number {
    this.entries = this.entries.filter((entry) => !gone.includes(entry));
    return gone.filter(({ label }) => label === undefined).length;
  }
}

test('the join does what the naive one does, step by step', () => {
  fc.assert(
    fc.property(steps, (history) => {
      const join = new LabelJoin({ capacity: CAPACITY, maxAge: MAX_AGE, deadline: DEADLINE }, [1, 2]);
      const naive = new NaiveJoin();
      let now = 0;
      for (const step of history) {
        if (step.do === 'wait') now += step.time;
        expect(join.expire(now)).toBe(naive.expire(now));
        if (step.do === 'predict')
          expect(join.put(step.id, step.prediction, now, now)).toBe(naive.put(step.id, step.prediction, now));
        if (step.do === 'label')
          expect(join.label(step.id, step.label, now)).toEqual(naive.label(step.id, step.label, now));
        expect(join.size).toBe(naive.entries.length);
        expect(join.size).toBeLessThanOrEqual(CAPACITY);
        expect(join.pending).toBe(naive.entries.filter(({ label }) => label === undefined).length);
      }
    }),
    { numRuns: 300 },
  );
});

const CLASSES = ['a', 'b', '__proto__']; // `c` is never declared

function replay(history: readonly Step[]): TestCore {
  const monitor = new TestCore({
    classes: CLASSES,
    capacity: CAPACITY,
    maxAgeSeconds: MAX_AGE / 1_000,
    labelDeadlineSeconds: DEADLINE / 1_000,
  });
  for (const step of history) {
    if (step.do === 'wait') monitor.now += step.time;
    if (step.do === 'predict') monitor.core.recordPrediction({ id: step.id, prediction: step.prediction });
    if (step.do === 'label') monitor.core.recordLabel(step.id, step.label);
  }
  return monitor;
}

test('every prediction waits, is labelled or has expired; every label has one status', () => {
  fc.assert(
    fc.property(steps, (history) => {
      const monitor = replay(history);
      const labels = monitor.counted('labels');
      const of = (status: string) => labels[status] ?? 0;
      const report = monitor.core.performance();
      expect(report.pending + report.labeled + of('expired')).toBe(report.predictions);
      expect(of('joined') + of('late')).toBe(report.labeled);
      const calls = history.filter((step) => step.do === 'label').length;
      expect(of('joined') + of('late') + of('duplicate') + of('corrected') + of('unknown')).toBe(calls);
      const made = history.filter((step) => step.do === 'predict').length;
      expect(report.predictions + (monitor.counted('rejected')['duplicate_id'] ?? 0)).toBe(made);
      expect(report.pending).toBeLessThanOrEqual(CAPACITY);
    }),
  );
});

test('counted minus revoked is what is labelled now, in every counter, and the report says the same', () => {
  fc.assert(
    fc.property(steps, (history) => {
      const monitor = replay(history);
      const snapshots = monitor.export();
      const total = (metric: string, only: (attributes: Record<string, unknown>) => boolean = () => true) =>
        snapshots
          .filter(({ spec }) => spec.name === metric)
          .flatMap(({ kind, points }) => (kind === 'histogram' ? [] : points))
          .filter(({ attributes }) => only(attributes))
          .reduce((sum, { value }) => sum + value, 0);
      const net = (metric: string, only?: (attributes: Record<string, unknown>) => boolean) =>
        total(metric, only) - total(`${metric}.revoked`, only);
      const { labeled, metrics, confusion } = monitor.core.performance();
      expect(net('ml.outcomes.exact')).toBe(labeled);
      expect(net('ml.confusion')).toBe(labeled);
      expect(net('ml.outcomes', ({ outcome }) => outcome === 'tp' || outcome === 'fn')).toBe(labeled);
      expect(net('ml.outcomes', ({ outcome }) => outcome === 'tp' || outcome === 'fp')).toBe(labeled);
      const correct = net('ml.outcomes.exact', ({ result }) => result === 'correct');
      expect(metrics.accuracy.value).toBe(labeled === 0 ? null : correct / labeled);
      expect(total('ml.outcomes.exact.revoked')).toBe(monitor.counted('labels')['corrected'] ?? 0);
      const cells = Object.values(confusion ?? {}).flatMap((row) => Object.values(row));
      expect(Math.min(...cells)).toBeGreaterThanOrEqual(0);
      expect(cells.reduce((sum, cell) => sum + cell, 0)).toBe(labeled);
    }),
  );
});
