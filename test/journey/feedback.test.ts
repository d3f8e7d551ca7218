/** Feedback as users meet it: from the SDK through the queue to the label and the training examples, the service killed in the middle. */
import { createMonitor } from '../../collector/src/index.ts';
import { endChildren, plumbline, temporaryFolder } from '../collector/cli/support/plumbline.ts';
import { startCollector, type Collector } from './support/collector.ts';

const folder = temporaryFolder();
afterEach(endChildren);
afterAll(folder.remove);

const ROWS = 120;
const QUEUE = '/v1/models/churn/feedback';
const env = { PLUMBLINE_DATA: folder.path('data'), PLUMBLINE_RATE_LIMIT: '0', PLUMBLINE_ZERO_HOLD: '0' };

interface Item {
  readonly id: string;
  readonly predictionId: string;
  readonly status: string;
  readonly label: string | null;
}

async function items(on: Collector, query = ''): Promise<readonly Item[]> {
  const { body } = await on.call('GET', `${QUEUE}?limit=500${query}`);
  return body['items'] as readonly Item[];
}

/** Accepts one after the other; @returns ids the service acknowledged, until it was gone */
async function reviewAll(
  on: Collector,
  ids: readonly string[],
  onAccepted: (count: number) => void,
): Promise<string[]> {
  const accepted: string[] = [];
  for (const id of ids) {
    const answer = await on.call('POST', `${QUEUE}/${id}/review`, { decision: 'accepted' }).catch(() => undefined);
    if (answer === undefined) return accepted;
    expect([answer.status, answer.body]).toEqual([200, expect.objectContaining({ status: 'accepted' })]);
    onAccepted(accepted.push(id));
  }
  return accepted;
}

test('from recordFeedback to training examples, with kill -9 during the review', async () => {
  const first = await startCollector(env);
  const monitor = createMonitor({ model: 'churn', version: '1', collector: { url: first.url } });
  for (let row = 0; row < ROWS; row++) {
    const id = monitor.recordPrediction({ id: `p${row}`, prediction: 'stays', features: { age: row } });
    monitor.recordFeedback({ id, correct: row % 4 > 0, ...(row % 4 === 0 && { correctedLabel: 'leaves' }) });
  }
  await monitor.flush();
  await monitor.close();
  const pending = await items(first, '&order=oldest');
  expect(pending.map(({ predictionId }) => predictionId)).toEqual(Array.from({ length: ROWS }, (_, row) => `p${row}`));

  const kill = (count: number) => void (count === 30 && first.process.child.kill('SIGKILL'));
  const acknowledged = await reviewAll(
    first,
    pending.map(({ id }) => id),
    kill,
  );
  expect(acknowledged.length).toBeGreaterThanOrEqual(30);
  await first.process.ended;

  const second = await startCollector(env);
  const found = await items(second);
  const accepted = new Set(found.filter(({ status }) => status === 'accepted').map(({ id }) => id));
  for (const id of acknowledged) expect(accepted.has(id)).toBe(true);
  expect(accepted.size).toBeLessThanOrEqual(acknowledged.length + 1);
  const tooFew = await second.call('POST', `${QUEUE}/export`, {});
  expect([tooFew.status, tooFew.body]).toMatchObject([409, { code: 'too_little_feedback', minCount: 100 }]);
  // All of them again: what was decided stays as it is.
  await reviewAll(
    second,
    pending.map(({ id }) => id),
    () => {},
  );

  const { body } = await second.call('GET', '/v1/models/churn/performance?version=1');
  expect(body).toMatchObject({ labeled: ROWS, metrics: { accuracy: { value: 0.75, n: ROWS } } });
  const exported = await second.call('POST', `${QUEUE}/export`, {});
  const examples = String(exported.body).trimEnd().split('\n');
  expect(examples.map((line) => JSON.parse(line) as object)).toMatchObject(
    Array.from({ length: ROWS }, (_, row) => ({
      ...{ id: `p${row}`, features: { age: row }, prediction: 'stays', label: row % 4 > 0 ? 'stays' : 'leaves' },
      source: 'feedback',
    })),
  );
  const audit = await second.call('GET', '/v1/audit?action=feedback.reviewed&limit=500');
  const subjects = (audit.body['items'] as readonly { subject: string }[]).map(({ subject }) => subject);
  expect(subjects.toSorted()).toEqual(pending.map(({ id }) => id).sort());
  second.process.child.kill('SIGTERM');
  expect(await second.process.ended).toMatchObject({ code: 0 });
  expect(await plumbline(['verify'], env)).toMatchObject({ code: 0 });
}, 120_000);
