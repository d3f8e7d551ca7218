/** Two replicas on one PostgreSQL: any takes any batch, labels join wherever they arrive, metrics add up, one version wins, one goes on alone. */
import { endChildren, plumbline, temporaryFolder } from '../collector/cli/support/plumbline.ts';
import { parseExposition, type Sample } from '../contract/support/exposition.ts';
import { findPostgres, POSTGRES_MISSING, startPostgres, type Postgres } from '../support/postgres.ts';
import { startCollector, type Answer, type Collector } from './support/collector.ts';

const binaries = findPostgres();
if (binaries === undefined) process.stderr.write(`${POSTGRES_MISSING}\n`);
const given = binaries === undefined ? test.skip : test;

const BATCH = 250;
const BATCHES = 24;
const ROWS = BATCH * BATCHES;
const CLASSES = ['yes', 'no'] as const;
const prediction = (row: number) => ({
  model: 'churn',
  version: '1',
  id: `r${row}`,
  prediction: CLASSES[row % 2],
  score: 0.6,
});
/** Wrong in one of ten. */
const label = (row: number) => ({
  model: 'churn',
  id: `r${row}`,
  label: CLASSES[(row + (row % 10 === 0 ? 1 : 0)) % 2],
});

const folder = temporaryFolder();
let postgres: Postgres;
let env: NodeJS.ProcessEnv;
let replicas: readonly [Collector, Collector];

beforeAll(async () => {
  if (binaries === undefined) return;
  postgres = await startPostgres(binaries);
  env = {
    PLUMBLINE_DATA: folder.path('data'),
    PLUMBLINE_ZERO_HOLD: '0',
    DATABASE_URL: await postgres.createDatabase(),
  };
  // Started together: both would migrate, and one of them waits for the other.
  replicas = await Promise.all([startCollector(env), startCollector(env)]);
}, 120_000);
afterAll(async () => {
  await endChildren();
  await postgres?.stop();
  folder.remove();
});

const rowsOf = <Row>(batch: number, make: (row: number) => Row) =>
  Array.from({ length: BATCH }, (_, row) => make(batch * BATCH + row));
const replica = (index: number): Collector => replicas[index % 2] as Collector;

const move = (index: number, version: string, to: string) =>
  replica(index).call('POST', `/v1/models/churn/versions/${version}/transition`, { to, reason: 'race' });

async function samples(name: string): Promise<readonly Sample[]> {
  const texts = await Promise.all(
    replicas.map(async ({ call }) => {
      // The first look shows a new series as 0.
      await call('GET', '/metrics');
      return (await call('GET', '/metrics')).body as unknown as string;
    }),
  );
  return texts.flatMap((text) => parseExposition(text).samples.filter((sample) => sample.name === name));
}
const sum = (found: readonly Sample[], labels: Readonly<Record<string, string>> = {}) =>
  found
    .filter((sample) => Object.entries(labels).every(([key, value]) => sample.labels[key] === value))
    .reduce((total, { value }) => total + value, 0);

given('batches to either, each sent to both, and labels to the other one: every row counts once', async () => {
  const answers: Answer[] = [];
  const batches = Array.from({ length: BATCHES }, (_, batch) => batch);
  await Promise.all(
    batches.map(async (batch) => {
      const predictions = rowsOf(batch, prediction);
      const send = (index: number) => replica(index).call('POST', '/v1/predictions', predictions);
      // As a client does that did not get its answer: the same batch again, to whom the balancer sends it; at times both at once.
      if (batch % 3 === 0) answers.push(...(await Promise.all([send(batch), send(batch + 1)])));
      else answers.push(await send(batch), await send(batch + 1));
      answers.push(await replica(batch + 1).call('POST', '/v1/labels', rowsOf(batch, label)));
    }),
  );
  expect(answers.filter(({ status, body }) => status !== 200 || (body['accepted'] as number) !== BATCH)).toEqual([]);
  const predictions = await samples('ml_predictions_total');
  expect([sum(predictions), sum(predictions, { prediction: 'yes' })]).toEqual([ROWS, ROWS / 2]);
  const exact = await samples('ml_outcomes_exact_total');
  expect([sum(exact, { result: 'correct' }), sum(exact, { result: 'incorrect' })]).toEqual([ROWS * 0.9, ROWS * 0.1]);
  expect(sum(await samples('ml_labels_total'), { status: 'joined' })).toBe(ROWS);
  // Both took part, or nothing would have been added up.
  expect(predictions.filter(({ value, labels }) => labels['prediction'] === 'yes' && value > 0)).toHaveLength(2);
});

given('either answers for all', async () => {
  const [first, second] = await Promise.all(
    replicas.map(({ call }) => call('GET', '/v1/models/churn/performance?version=1')),
  );
  expect(first?.body).toMatchObject({
    predictions: ROWS,
    labeled: ROWS,
    metrics: { accuracy: { value: 0.9, n: ROWS } },
  });
  expect(second?.body).toEqual(first?.body);
});

given('two promotions that race leave one version in production, and a sound log', async () => {
  for (const version of ['2', '3']) {
    const form = new FormData();
    for (const [name, value] of Object.entries({ version, metrics: '{"accuracy":0.95,"stability":0.99,"n":5000}' }))
      form.append(name, value);
    form.append('files', new Blob([version]), 'model.bin');
    expect((await replica(0).call('POST', '/v1/models/churn/versions', form)).status).toBe(201);
  }
  await move(0, '2', 'staging');
  await move(1, '3', 'staging');
  const moved = await Promise.all([move(0, '2', 'production'), move(1, '3', 'production')]);
  const promoted = moved.filter(({ status }) => status === 200).length;
  expect(moved.filter(({ status, body }) => status !== 200 && body['code'] !== 'conflict')).toEqual([]);
  const { body } = await replica(1).call('GET', '/v1/models/churn/versions');
  const stages = (body['items'] as { stage: string }[]).map(({ stage }) => stage);
  expect(stages.filter((stage) => stage === 'production')).toHaveLength(1);
  expect(stages.filter((stage) => stage === 'deprecated')).toHaveLength(promoted - 1);
  expect(await plumbline(['verify'], env)).toMatchObject({ code: 0 });
});

given('the same act sent to both with one key is done once', async () => {
  const inStage = async (stage: string) => {
    const { body } = await replica(0).call('GET', '/v1/models/churn/versions');
    return (body['items'] as { version: string; stage: string }[]).find((item) => item.stage === stage)?.version;
  };
  // Where the race was lost by one, it has not been in production yet.
  const late = await inStage('staging');
  if (late !== undefined) await move(0, late, 'production');
  const other = await inStage('deprecated');
  const headers = { 'idempotency-key': 'one-rollback' };
  const back = (index: number) =>
    replica(index).call('POST', '/v1/models/churn/rollback', { to: other, reason: 'race' }, { headers });
  const answers = await Promise.all([back(0), back(1), back(0), back(1)]);
  expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(1);
  expect(answers.filter(({ status }) => status !== 200 && status !== 409)).toEqual([]);
  expect((await back(1)).headers.get('idempotency-replayed')).toBe('true');
  const { body } = await replica(0).call('GET', '/v1/audit?model=churn&action=version.rolled_back');
  expect(body['items']).toHaveLength(1);
});

given('one goes on where the other was killed', async () => {
  const [killed, left] = replicas;
  const rows = rowsOf(BATCHES, prediction);
  expect((await killed.call('POST', '/v1/predictions', rows)).body['accepted']).toBe(BATCH);
  killed.process.child.kill('SIGKILL');
  await killed.process.ended;
  expect((await left.call('POST', '/v1/labels', rowsOf(BATCHES, label))).body['accepted']).toBe(BATCH);
  const { body } = await left.call('GET', '/v1/models/churn/performance?version=1');
  expect(body).toMatchObject({
    ...{ predictions: ROWS + BATCH, labeled: ROWS + BATCH, pending: 0, final: true },
    metrics: { accuracy: { value: 0.9, n: ROWS + BATCH } },
  });
});
