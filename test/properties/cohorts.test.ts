/** Cohorts add up: the whole is what one count of everything would be, whatever the windows and the history. */
import fc from 'fast-check';
import { Cohorts } from '../../collector/src/monitor/cohorts.ts';

interface Sum {
  total: number;
}
const algebra = {
  create: (): Sum => ({ total: 0 }),
  merge: (track: Sum, other: Sum) => void (track.total += other.total),
};

test('the whole is the sum, windows do not overlap, each label lands in its own', () => {
  const step = fc.record({ wait: fc.nat(40), label: fc.nat(60), worth: fc.integer({ min: -5, max: 5 }) });
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 150 }),
      fc.integer({ min: 1, max: 8 }),
      fc.integer({ min: 10, max: 200 }),
      fc.nat(5),
      (steps, rows, duration, history) => {
        const cohorts = new Cohorts(algebra, { rows, duration }, history);
        const indices: number[] = [];
        const expected = new Map<number, number>();
        let [now, total, labeled] = [0, 0, 0];
        for (const { wait, label, worth } of steps) {
          now += wait;
          indices.push(cohorts.predict(now, now).index);
          const index = indices[label % indices.length] as number;
          const cohort = cohorts.of(index);
          cohort.track.total += worth;
          cohort.labeled++;
          total += worth;
          labeled++;
          expected.set(index, (expected.get(index) ?? 0) + worth);
        }
        const all = cohorts.lifetime();
        expect([all.predictions, all.labeled, all.track.total]).toEqual([steps.length, labeled, total]);
        const recent = cohorts.recent();
        expect(recent.length).toBeLessThanOrEqual(history + 1);
        expect(recent.every(({ predictions }) => predictions >= 1 && predictions <= rows)).toBe(true);
        recent.slice(1).forEach(({ index, start }, at) => {
          expect(index).toBe((recent[at]?.index ?? 0) + 1);
          expect(start).toBe((recent[at]?.start ?? 0) + (recent[at]?.predictions ?? 0));
        });
        expect(indices).toEqual([...indices].sort((a, b) => a - b));
      },
    ),
  );
});
