/** `plumbline replay --collector`: history sent to a service, at the speed it takes it. */
import { writeFileSync } from 'node:fs';
import type { PredictedValue, PredictionRow } from '../../../collector/src/index.ts';
import { FakeCollector } from '../remote/support/fake-collector.ts';
import { TestCore } from '../support/core.ts';
import { endChildren, plumbline, startPlumbline, temporaryFolder } from './support/plumbline.ts';

const folder = temporaryFolder();
let collector: FakeCollector;
beforeEach(async () => {
  collector = await new FakeCollector().listen();
  collector.answer = (path) => ({ status: 200, body: JSON.stringify(answer(path)) });
});
afterEach(async () => {
  await endChildren();
  await collector.close();
});
afterAll(folder.remove);

/** Answers over what was received, as a service with the same core would give. */
function answer(path: string): unknown {
  const { core } = new TestCore({ model: 'm', version: '3', capacity: 100_000 });
  const sent = (kind: 'predictions' | 'labels') => collector.unique(kind) as unknown as readonly PredictionRow[];
  for (const row of sent('predictions')) core.recordPrediction(row);
  for (const row of sent('labels') as unknown as { id: string; label: PredictedValue }[])
    core.recordLabel(row.id, row.label);
  const name = /\/(performance|drift|distribution)\?version=3$/.exec(path)?.[1] as 'drift';
  return core[name]();
}

/** Right in 3 of 4 rows. */
function history(rows: number): string {
  const lines = Array.from({ length: rows }, (_, row) => {
    const said = row % 2 === 0 ? 'up' : 'down';
    return [row, row % 3 === 0 ? 'red' : 'blue', said, row % 4 === 3 ? 'up' : said, `k${row}`].join(',');
  });
  const path = folder.path(`history-${rows}.csv`);
  writeFileSync(path, ['x,colour,said,truth,key', ...lines, 'oops,red,up,up,bad'].join('\n'));
  return path;
}

const FLAGS = ['--model', 'm', '--version', '3', '--prediction', 'said', '--label', 'truth', '--id', 'key'];
const replay = (rows: number, ...more: readonly string[]) => [
  ...['replay', history(rows), ...FLAGS, '--collector', collector.url],
  ...more,
];

test('sends the rows and prints the service’s report; the token is in no list of processes', async () => {
  const { code, stdout, stderr } = await plumbline(replay(2_000, '--label-delay', '60', '--json'), {
    PLUMBLINE_TOKEN: 'from-the-environment',
  });
  expect(stderr).toContain('line 2002, column x: "oops" is not a number; the row is skipped.');
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    model: 'm',
    version: '3',
    rows: { replayed: 2_000, skipped: 1 },
    performance: { labeled: 2_000, pending: 0, metrics: { accuracy: { value: 0.75, n: 2_000 } } },
    drift: { reference: null, total: 0, windows: [] },
    records: { dropped: { queue_full: 0, closed: 0 }, errors: { send_failed: 0 } },
  });
  expect(collector.unique('predictions')[1]).toMatchObject({
    id: 'k1',
    prediction: 'down',
    features: { x: 1, colour: 'blue' },
  });
  expect(new Set(collector.requests.map(({ headers }) => headers.authorization))).toEqual(
    new Set(['Bearer from-the-environment']),
  );
});

test('more rows than the queue holds, with all labels at the end and failures between: it waits and loses nothing', async () => {
  const failures = Array.from({ length: 60 }, (_, at) => (at % 3 === 1 ? { status: 503 } : ('taken' as const)));
  collector.fates.push('taken', ...failures, 'lost', 'reset');
  const { code, stdout } = await plumbline(replay(60_000, '--label-delay', '60000', '--token', 't'));
  expect(code).toBe(0);
  expect(stdout).toContain('60,000 of 60,000 predictions labelled, 0 pending');
  expect(stdout).not.toContain('queue_full');
  const ids = collector.unique('predictions').map(({ id }) => id);
  expect(ids).toEqual(Array.from({ length: 60_000 }, (_, row) => `k${row}`));
  expect(collector.unique('labels')).toHaveLength(60_000);
}, 120_000);

test('nobody there: one sentence and exit 1', async () => {
  const args = replay(10);
  await collector.close();
  const { code, stdout, stderr } = await plumbline(args);
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr.trimEnd().split('\n').at(-1)).toBe(
    `plumbline: The collector at ${collector.url} cannot be reached (ECONNREFUSED). Check that it runs and that collector.url is right.`,
  );
});

test('a refused token: at once, with what the collector says', async () => {
  const body = '{"message":"The token is unknown.","code":"unauthorized","help":"Make one."}';
  collector.fates.push(...Array.from({ length: 20 }, () => ({ status: 401, body })));
  const { code, stderr } = await plumbline(replay(10, '--token', 'wrong'));
  expect(code).toBe(1);
  expect(stderr).toContain('refused the token: The token is unknown. Make one.');
  expect(stderr).not.toContain('wrong');
});

test('SIGINT while the collector is away ends it with 130', async () => {
  const running = startPlumbline(replay(60_000, '--speed', '5000'));
  while (collector.requests.length < 3) await new Promise((resolve) => setImmediate(resolve));
  await collector.close();
  await running.printed(/cannot be reached/, 'stderr');
  running.child.kill('SIGINT');
  const { code, stdout, stderr } = await running.ended;
  expect([code, stdout]).toEqual([130, '']);
  expect(stderr).toContain('records were dropped: the monitor was closed');
  expect(stderr).toContain('Stopped before the end.');
});
