/** Any history of batches, repeats, corrections and replicas: the store and the counters of all replicas say what a naive model says. */
import fc from 'fast-check';
import { declare, Replica, START } from '../collector/labels/support/replica.ts';
import { ENGINES, useEngines } from '../support/engines.ts';

const engines = useEngines();

interface Step {
  readonly replica: 0 | 1;
  readonly kind: 'predictions' | 'labels';
  readonly rows: readonly { readonly id: string; readonly value: string }[];
}

const id = fc.integer({ min: 0, max: 11 }).map((number) => `p${number}`);
const step = fc.record({
  replica: fc.constantFrom(0, 1) as fc.Arbitrary<0 | 1>,
  kind: fc.constantFrom('predictions', 'labels') as fc.Arbitrary<Step['kind']>,
  rows: fc.array(fc.record({ id, value: fc.constantFrom('a', 'b', 'c') }), { minLength: 1, maxLength: 8 }),
});

/** What a list of rows in a drawer would say. */
class Naive {
  readonly predictions = new Map<string, string>();
  readonly labels = new Map<string, string>();
  readonly statuses: Record<string, number> = {};
  conflicts = 0;

  apply({ kind, rows }: Step): void {
    for (const { id: key, value } of rows) {
      if (kind === 'labels') this.#label(key, value);
      else if (!this.predictions.has(key)) this.predictions.set(key, value);
      else if (this.predictions.get(key) !== value) this.conflicts++;
    }
  }

  #label(key: string, value: string): void {
    const before = this.labels.get(key);
    const known = this.predictions.has(key);
    const status = !known ? 'unknown' : before === undefined ? 'joined' : before === value ? 'duplicate' : 'corrected';
    this.statuses[status] = (this.statuses[status] ?? 0) + 1;
    if (known) this.labels.set(key, value);
  }
}

async function run(replicas: readonly Replica[], { replica, kind, rows }: Step): Promise<void> {
  const { service } = replicas[replica] as Replica;
  const given = { model: 'churn', version: '1', timestamp: START };
  await (kind === 'predictions'
    ? service.predictions(rows.map(({ id: key, value }) => ({ ...given, id: key, prediction: value })))
    : service.labels(rows.map(({ id: key, value }) => ({ ...given, id: key, label: value }))));
}

const total = (replicas: readonly Replica[], ...asked: Parameters<Replica['value']>): number =>
  replicas.reduce((sum, replica) => sum + (replica.value(...asked) ?? 0), 0);

/** Counted and not taken back, by label and prediction. */
function confusion(replicas: readonly Replica[]): Record<string, number> {
  const cells = ['a', 'b', 'c'].flatMap((actual) => ['a', 'b', 'c'].map((predicted) => ({ actual, predicted })));
  const net = cells.map((cell): [string, number] => [
    `${cell.actual}${cell.predicted}`,
    total(replicas, 'confusion', cell) - total(replicas, 'confusionRevoked', cell),
  ]);
  return Object.fromEntries(net.filter(([, count]) => count !== 0));
}

function confusionOf(rows: Iterable<readonly [string, string]>): Record<string, number> {
  const cells: Record<string, number> = {};
  for (const [actual, predicted] of rows) cells[actual + predicted] = (cells[actual + predicted] ?? 0) + 1;
  return cells;
}

async function twoReplicas(engine: (typeof ENGINES)[number]) {
  const database = await engines.database(engine);
  await declare(database, { classes: ['a', 'b', 'c'] });
  const replicas = [new Replica(database), new Replica(database, { name: 'b', stripe: 1 })];
  const stored = () =>
    database.db
      .selectFrom('predictions')
      .leftJoin('labels', 'labels.seq', 'predictions.seq')
      .select(['id', 'prediction', 'label'])
      .execute();
  const end = async () => {
    for (const replica of replicas) await replica.close();
    await database.close();
  };
  return { database, replicas, stored, end };
}

describe.each(ENGINES)('%s', (engine) => {
  const given = engines.testOn(engine);
  const numRuns = engine === 'sqlite' ? 25 : 12;

  given('one batch after the other is what the naive model says', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 15 }), async (steps) => {
        const { replicas, stored, end } = await twoReplicas(engine);
        const naive = new Naive();
        for (const next of steps) {
          naive.apply(next);
          await run(replicas, next);
        }
        const rows = await stored();
        expect(Object.fromEntries(rows.map(({ id: key, prediction }) => [key, prediction]))).toEqual(
          Object.fromEntries(naive.predictions),
        );
        const labelled = rows.flatMap(({ id: key, label }) => (label === null ? [] : [[key, label]]));
        expect(Object.fromEntries(labelled)).toEqual(Object.fromEntries(naive.labels));
        for (const status of ['joined', 'duplicate', 'corrected'] as const)
          expect([status, total(replicas, 'labels', { status })]).toEqual([status, naive.statuses[status] ?? 0]);
        // Before its first prediction a model is known from its registration: unknown labels count for its version.
        expect(total(replicas, 'labels', { status: 'unknown' })).toBe(naive.statuses['unknown'] ?? 0);
        expect(total(replicas, 'rejected', { reason: 'duplicate_id' })).toBe(naive.conflicts);
        expect(total(replicas, 'predictions')).toBe(naive.predictions.size);
        const pairs = [...naive.labels].map(([key, label]) => [label, naive.predictions.get(key) as string] as const);
        expect(confusion(replicas)).toEqual(confusionOf(pairs));
        await end();
      }),
      { numRuns },
    );
  });

  given('batches at the same moment end in one of their orders, and every counter agrees with the store', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(step, { minLength: 1, maxLength: 6 }), { maxLength: 4 }), async (rounds) => {
        const { database, replicas, stored, end } = await twoReplicas(engine);
        for (const steps of rounds) await Promise.all(steps.map((next) => run(replicas, next)));
        const rows = await stored();
        const sent = rounds.flat().filter(({ kind }) => kind === 'predictions');
        expect(new Set(rows.map(({ id: key }) => key))).toEqual(
          new Set(sent.flatMap(({ rows: some }) => some.map(({ id: key }) => key))),
        );
        expect(rows).toHaveLength(new Set(rows.map(({ id: key }) => key)).size);
        const labelled = rows.filter(({ label }) => label !== null);
        expect(total(replicas, 'predictions')).toBe(rows.length);
        expect(total(replicas, 'labels', { status: 'joined' })).toBe(labelled.length);
        const pairs = labelled.map(({ label, prediction }) => [label as string, prediction] as const);
        expect(confusion(replicas)).toEqual(confusionOf(pairs));
        const tallies = await database.db.selectFrom('tallies').select(['predictions', 'labeled']).execute();
        const sum = (field: 'predictions' | 'labeled') => tallies.reduce((all, tally) => all + tally[field], 0);
        expect([sum('predictions'), sum('labeled')]).toEqual([rows.length, labelled.length]);
        expect(replicas.flatMap(({ errors }) => errors)).toEqual([]);
        await end();
      }),
      { numRuns },
    );
  });
});
