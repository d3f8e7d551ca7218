/** Whatever batches feedback comes in, and however often each is sent: every item is there once, and counted as what it says now. */
import fc from 'fast-check';
import { FeedbackDesk } from '../collector/feedback/support/desk.ts';
import { declare } from '../collector/labels/support/replica.ts';
import { useEngines } from '../support/engines.ts';

const engines = useEngines();

const row = fc.record(
  {
    id: fc.constantFrom('a', 'b', 'not there'),
    correct: fc.boolean(),
    identifier: fc.constantFrom('x', 'y'),
    timestamp: fc.integer({ min: 1, max: 4 }),
    score: fc.constantFrom(1, 2),
    correctedLabel: fc.constantFrom('yes', 'no'),
  },
  { requiredKeys: ['id', 'correct', 'timestamp'] },
);
type Row = typeof row extends fc.Arbitrary<infer Made> ? Made : never;

const batch = fc.record({ rows: fc.array(row, { minLength: 1, maxLength: 6 }), times: fc.integer({ min: 1, max: 2 }) });

interface Kept {
  readonly said: string;
  readonly correct: boolean;
  readonly time: number;
}

const nameOf = ({ id, identifier, ...rest }: Row) => JSON.stringify([id, identifier ?? rest]);
const saidOf = ({ correct, score, correctedLabel }: Row) => JSON.stringify([correct, score, correctedLabel]);
/** `a` and `b` were predicted as yes. */
const contradicts = ({ id, correct, correctedLabel }: Row) =>
  id !== 'not there' && correctedLabel !== undefined && correct !== (correctedLabel === 'yes');

/** What should be there: written anew, row by row, without batches. */
function expected(rows: readonly Row[]): Map<string, Kept> {
  const kept = new Map<string, Kept>();
  for (const one of rows) {
    const before = kept.get(nameOf(one));
    if (contradicts(one) || before?.said === saidOf(one) || (before && one.timestamp < before.time)) continue;
    kept.set(nameOf(one), { said: saidOf(one), correct: one.correct, time: one.timestamp });
  }
  return kept;
}

test('items and counters are those of the rows one by one', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(batch, { minLength: 1, maxLength: 5 }), async (batches) => {
      const database = await engines.database('sqlite');
      await declare(database, { task: 'classification', classes: ['yes', 'no'] });
      const desk = new FeedbackDesk(database);
      await desk.predict(['a', 'b']);
      const sent: Row[] = [];
      for (const { rows, times } of batches)
        for (let time = 0; time < times; time++) {
          const { accepted, rejected } = await desk.take(rows);
          expect([accepted, rejected.length]).toEqual([
            rows.filter((one) => !contradicts(one)).length,
            rows.filter(contradicts).length,
          ]);
          sent.push(...rows);
        }
      const kept = [...expected(sent).values()];
      const items = await desk.items();
      expect(items.map(({ correct, score, timestamp }) => [correct, score, Date.parse(timestamp)]).sort()).toEqual(
        kept.map(({ said, correct, time }) => [correct, (JSON.parse(said) as unknown[])[1], time]).sort(),
      );
      const right = kept.filter(({ correct }) => correct).length;
      expect(desk.counted()).toEqual([right, kept.length - right]);
      await desk.replica.close();
    }),
    { numRuns: 40 },
  );
}, 120_000);
