/** Feedback over HTTP: in, the queue, decisions, patterns, examples. */
import type { ExportRequest } from '../../../collector/src/feedback/training-example.ts';
import { fakeFeedback } from './support/fake-feedback.ts';
import { act, FakeIngest, type Call } from './support/fakes.ts';
import { errorBody, startApp, type TestApp } from './support/test-app.ts';

let on: TestApp;
beforeEach(async () => void (on = await startApp()));
afterEach(() => on.app.close());

const QUEUE = '/v1/models/churn/feedback';
const ITEM = `${QUEUE}/${'a'.repeat(32)}`;
const json = async (response: Response) => (await response.json()) as Record<string, unknown>;
const called = (name: string) => on.calls.filter((call) => call.name === name).map(({ args }) => args);

describe('POST /v1/feedback', () => {
  test.each<[string, unknown, Record<string, string>]>([
    ['a row', { id: 'a', correct: true }, {}],
    ['a list', [{ id: 'a', correct: true }], {}],
    ['columns', { model: 'churn', columns: { id: ['a'], correct: [true] } }, {}],
    ['lines', '{"id":"a","correct":true}\n\n', { 'content-type': 'application/x-ndjson' }],
  ])('takes %s', async (_name, body, headers) => {
    const answer = await on.send('POST', '/v1/feedback', body, headers);
    expect([answer.status, await json(answer)]).toEqual([200, { accepted: 1, ids: ['a'], rejected: [] }]);
    expect(on.ingest.batches).toEqual([[expect.objectContaining({ id: 'a', correct: true })]]);
  });

  test('one bad row does not lose the others; all of them bad are a 400; ids can be left out', async () => {
    const mixed = await on.send('POST', '/v1/feedback', [{ id: 'a' }, {}], { prefer: 'return=minimal' });
    expect(await json(mixed)).toEqual({
      accepted: 1,
      rejected: [{ index: 1, code: 'invalid_row', message: 'id: is missing.' }],
    });
    const none = await on.send('POST', '/v1/feedback', [{}]);
    expect([none.status, await json(none)]).toEqual([400, expect.objectContaining(errorBody('invalid_request'))]);
  });
});

describe('the queue', () => {
  test('by pages, newest first unless asked otherwise; a cursor is of one list with its filters', async () => {
    const first = await json(await on.get(`${QUEUE}?limit=2`));
    expect(first['items']).toHaveLength(2);
    const next = String(first['next']);
    expect(await json(await on.get(`${QUEUE}?limit=2&cursor=${next}`))).toMatchObject({ next: null });
    for (const filter of ['status=pending', 'order=oldest'])
      expect((await on.get(`${QUEUE}?${filter}&cursor=${next}`)).status).toBe(400);
    await on.get(`${QUEUE}?status=accepted&order=oldest`);
    expect(called('feedback')).toEqual([
      ['churn', { order: 'newest', limit: 2 }],
      ['churn', { order: 'newest', limit: 2, after: 'b'.repeat(32) }],
      ['churn', { order: 'oldest', limit: 100, status: 'accepted' }],
    ]);
  });

  test('is kept by nobody in between: users wrote it', async () => {
    const answer = await on.get(QUEUE);
    expect([answer.headers.get('cache-control'), answer.headers.get('etag')]).toEqual(['no-store', null]);
  });

  test.each(['status=open', 'order=up', 'limit=501', 'who=me'])('refuses ?%s', async (query) => {
    const answer = await on.get(`${QUEUE}?${query}`);
    expect([answer.status, await json(answer)]).toEqual([400, errorBody('invalid_request')]);
  });
});

describe('a decision', () => {
  test('is passed on with who made it', async () => {
    const body = { decision: 'accepted', correctedLabel: 'b', reason: 'seen' };
    const answer = await on.send('POST', `${ITEM}/review`, body);
    expect([answer.status, await json(answer)]).toEqual([200, expect.objectContaining({ status: 'accepted' })]);
    expect(called('review')).toEqual([['churn', 'a'.repeat(32), body, expect.anything()]]);
    expect(act(on.calls, 'review')).toMatchObject({
      actor: { name: 'anonymous' },
      requestId: answer.headers.get('x-request-id'),
    });
  });

  test('with an Idempotency-Key is made once', async () => {
    const key = { 'idempotency-key': 'k1' };
    for (let attempt = 0; attempt < 3; attempt++) {
      const answer = await on.send('POST', `${ITEM}/review`, { decision: 'rejected' }, key);
      expect(await json(answer)).toMatchObject({ status: 'rejected' });
    }
    expect(called('review')).toHaveLength(1);
    expect((await on.send('POST', `${ITEM}/review`, { decision: 'accepted' }, key)).status).toBe(422);
  });

  test.each<[string, unknown]>([
    ['none', {}],
    ['another one', { decision: 'pending' }],
    ['a label that is none', { decision: 'accepted', correctedLabel: { a: 1 } }],
    ['a field nobody knows', { decision: 'accepted', label: 'b' }],
    ['a reason without an end', { decision: 'accepted', reason: 'x'.repeat(2_001) }],
  ])('%s is refused', async (_name, body) => {
    const answer = await on.send('POST', `${ITEM}/review`, body);
    expect([answer.status, await json(answer)]).toEqual([400, errorBody('invalid_request')]);
  });

  test('of an id that is none is refused', async () => {
    expect((await on.send('POST', `${QUEUE}/p1/review`, { decision: 'accepted' })).status).toBe(400);
  });
});

test('patterns: of a version and a stretch of time', async () => {
  const answer = await on.get(`${QUEUE}/patterns?version=2&from=2026-01-01&to=1767312000000`);
  expect([answer.status, await json(answer)]).toEqual([200, expect.objectContaining({ verdict: 'tested' })]);
  expect(called('patterns')).toEqual([
    [{ model: 'churn', version: '2', from: 1_767_225_600_000, to: 1_767_312_000_000 }],
  ]);
  expect(answer.headers.get('etag')).toMatch(/^"/);
  expect((await on.get(`${QUEUE}/patterns?from=yesterday`)).status).toBe(400);
});

describe('examples', () => {
  const ask = (body: object) => on.send('POST', `${QUEUE}/export`, body);

  test('are streamed, as the feedback alone unless asked otherwise', async () => {
    const answer = await ask({});
    expect([answer.status, await answer.text()]).toEqual([200, '{"id":"p1"}\n{"id":"p2"}\n']);
    expect(answer.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8');
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="churn.jsonl"');
    expect([answer.headers.get('content-length'), answer.headers.get('cache-control')]).toEqual([null, 'no-store']);
    await ask({
      format: 'csv',
      source: 'all',
      from: '2026-01-01',
      features: ['x'],
      after: '1-2',
      minCount: 5,
      feedbackWeight: 2,
    });
    expect(called('export').map(([request]) => request)).toEqual([
      { model: 'churn', format: 'jsonl', source: 'feedback' } satisfies ExportRequest,
      {
        ...{ model: 'churn', format: 'csv', source: 'all', from: 1_767_225_600_000, features: ['x'] },
        ...{ after: '1-2', minCount: 5, feedbackWeight: 2 },
      } satisfies ExportRequest,
    ]);
  });

  test('with an Idempotency-Key are streamed anew each time: there is no answer to keep', async () => {
    for (let attempt = 0; attempt < 2; attempt++) {
      const answer = await on.send('POST', `${QUEUE}/export`, {}, { 'idempotency-key': 'k1' });
      expect([answer.status, await answer.text()]).toEqual([200, '{"id":"p1"}\n{"id":"p2"}\n']);
    }
  });

  test('too few of them are a 409 with how many there are and are needed', async () => {
    const answer = await ask({ minCount: 1_000 });
    expect([answer.status, await json(answer)]).toEqual([
      409,
      { ...errorBody('too_little_feedback'), accepted: 3, minCount: 1_000 },
    ]);
  });

  test.each<[string, object]>([
    ['a format nobody knows', { format: 'xml' }],
    ['a time that is none', { from: 'soon' }],
    ['a weight of nothing', { feedbackWeight: 0 }],
    ['no columns', { features: [] }],
  ])('%s is refused before anything is sent', async (_name, body) => {
    const answer = await ask(body);
    expect([answer.status, await json(answer)]).toEqual([400, errorBody('invalid_request')]);
    expect(called('export')).toEqual([]);
  });

  test('a failure in the middle breaks off: nobody takes half of it for all', async () => {
    const calls: Call[] = [];
    async function* half() {
      yield '{"id":"p1"}\n';
      await new Promise((resolve) => setImmediate(resolve));
      throw new Error('the database went away');
    }
    const broken = await startApp({
      feedback: {
        ...fakeFeedback(calls, new FakeIngest()),
        exportExamples: async () => ({ contentType: 'application/x-ndjson', fileName: 'x.jsonl', text: half() }),
      },
    });
    const answer = await broken.send('POST', `${QUEUE}/export`, {});
    await expect(answer.text()).rejects.toThrow();
    await broken.app.close();
  });
});
