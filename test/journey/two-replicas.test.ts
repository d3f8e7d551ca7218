/** Two collectors on one PostgreSQL: either takes anything, their metrics add up, and one goes on where the other was killed. */
import { endChildren, temporaryFolder } from '../collector/cli/support/plumbline.ts';
import { findPostgres, POSTGRES_MISSING, startPostgres, type Postgres } from '../support/postgres.ts';
import { startCollector, type Collector } from './support/collector.ts';

const folder = temporaryFolder();
const binaries = findPostgres();
let postgres: Postgres | undefined;
if (binaries === undefined) process.stderr.write(`${POSTGRES_MISSING}\n`);
beforeAll(async () => {
  if (binaries !== undefined) postgres = await startPostgres(binaries);
});
afterAll(async () => {
  await endChildren();
  await postgres?.stop();
  folder.remove();
});

const [BATCHES, ROWS] = [24, 100];
const idsOf = (batch: number) => Array.from({ length: ROWS }, (_, row) => `p${batch * ROWS + row}`);
const predictions = (batch: number) =>
  idsOf(batch).map((id, row) => ({ model: 'churn', version: '1', id, prediction: row % 2 ? 'yes' : 'no' }));
/** One in four is wrong. */
const labels = (batch: number) =>
  idsOf(batch).map((id, row) => ({ model: 'churn', id, label: (row % 2 === 1) === row % 4 > 0 ? 'yes' : 'no' }));

/** The sum of the series of a metric that carry a label, over replicas, as `sum()` of PromQL. */
async function total(collectors: readonly Collector[], metric: string, label: string): Promise<number> {
  let sum = 0;
  for (const collector of collectors) {
    await collector.call('GET', '/metrics');
    const text = (await collector.call('GET', '/metrics')).body as unknown as string;
    for (const line of text.split('\n'))
      if (line.startsWith(`${metric}{`) && line.includes(label))
        sum += Number(line.slice(line.indexOf('} ') + 2).split(' ')[0]);
  }
  return sum;
}

(binaries === undefined ? test.skip : test)(
  'two replicas',
  async () => {
    const env = { DATABASE_URL: await (postgres as Postgres).createDatabase(), PLUMBLINE_ZERO_HOLD: '0' };
    const [a, b] = [
      await startCollector({ ...env, PLUMBLINE_DATA: folder.path('a') }),
      await startCollector({ ...env, PLUMBLINE_DATA: folder.path('b') }),
    ];
    const both = [a, b];
    const other = { [a.url]: b, [b.url]: a };
    await Promise.all(
      both.map(async (collector, lane) => {
        for (let batch = lane; batch < BATCHES; batch += 2) {
          const taken = await collector.call('POST', '/v1/predictions', predictions(batch));
          // The client did not hear of it, and asks the other one.
          const again = await (other[collector.url] as Collector).call('POST', '/v1/predictions', predictions(batch));
          const joined = await (other[collector.url] as Collector).call('POST', '/v1/labels', labels(batch));
          expect([taken, again, joined].map(({ body }) => body['accepted'])).toEqual([ROWS, ROWS, ROWS]);
        }
      }),
    );
    const all = BATCHES * ROWS;
    expect(await total(both, 'ml_predictions_total', 'version="1"')).toBe(all);
    expect(await total(both, 'ml_labels_total', 'status="joined"')).toBe(all);
    expect(await total(both, 'ml_outcomes_exact_total', 'result="incorrect"')).toBe(all / 4);

    await a.call('POST', '/v1/predictions', predictions(BATCHES));
    a.process.child.kill('SIGKILL');
    await a.process.ended;
    expect((await b.call('POST', '/v1/labels', labels(BATCHES))).body['accepted']).toBe(ROWS);
    const { body } = await b.call('GET', '/v1/models/churn/performance');
    expect(body).toMatchObject({
      ...{ predictions: all + ROWS, labeled: all + ROWS, pending: 0, final: true },
      metrics: { accuracy: { value: 0.75, n: all + ROWS } },
    });
  },
  120_000,
);
