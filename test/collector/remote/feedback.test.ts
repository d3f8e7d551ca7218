/** Feedback on its way to a collector. */
import { untyped } from '../support/core.ts';
import { counted, until, useRemote } from './support/remote.ts';

const { here, remote } = useRemote();

test('arrives after the prediction and the label it speaks of, with all a row can hold', async () => {
  const { monitor } = remote();
  const row = {
    id: 'p1',
    correct: false,
    correctedLabel: 'b',
    input: { question: 'how old?', numbers: [1, 2] },
    explanation: 'it is older',
    annotator: { kind: 'human', name: 'ada' } as const,
    score: -0.5,
    identifier: 'first look',
    timestamp: 7,
  };
  monitor.recordFeedback(row);
  monitor.recordFeedback({ id: 'p1', correct: true, annotator: 'code', correctedLabel: ['x', 'y'] });
  monitor.recordLabel('p1', 'a');
  monitor.recordPrediction({ id: 'p1', prediction: 'a' });
  await monitor.flush();
  expect(here.collector.requests.map(({ url }) => url)).toEqual(['/v1/predictions', '/v1/labels', '/v1/feedback']);
  expect(here.collector.unique('feedback')).toEqual([
    { model: 'm', ...row },
    {
      ...{ model: 'm', id: 'p1', correct: true, annotator: { kind: 'code' } },
      ...{ correctedLabel: ['x', 'y'], timestamp: expect.any(Number) },
    },
  ]);
});

test('is copied: the program may use its object again', async () => {
  const { monitor } = remote();
  const input = { age: 41 };
  monitor.recordFeedback({ id: 'p', correct: true, input });
  input.age = 42;
  await monitor.flush();
  expect(here.collector.unique('feedback')).toMatchObject([{ input: { age: 41 } }]);
});

test('a batch goes at a thousand rows without a flush, and alone', async () => {
  const { monitor, value } = remote({ flushSeconds: 3_600 });
  for (let row = 0; row < 1_001; row++) monitor.recordFeedback({ id: `p${row}`, correct: true });
  await until(async () => (await value('queueDepth', { place: 'memory' })) === 1);
  expect(here.collector.requests.map(({ url, rows }) => [url, rows])).toEqual([['/v1/feedback', 1_000]]);
});

test('what is marked as personal does not leave in clear text by the input either', async () => {
  const { monitor } = remote(
    { piiKey: 'sixteen bytes or more' },
    { features: { name: { pii: 'drop' }, postcode: { pii: 'hash' } } },
  );
  monitor.recordFeedback({ id: 'p', correct: true, input: { name: 'Ada', postcode: 'W1A', age: 41 } });
  await monitor.flush();
  const [sent] = here.collector.unique('feedback');
  expect(sent?.['input']).toEqual({ postcode: expect.stringMatching(/^[0-9a-f]{32}$/), age: 41 });
});

test('a name that would make the collector refuse the whole request is left out, however deep it stands', async () => {
  const { monitor } = remote();
  const input: unknown = JSON.parse(
    '{"a": {"__proto__": {"b": 1}, "constructor": {"prototype": {}}, "c": [{"__proto__": 1}]}}',
  );
  monitor.recordFeedback({ id: 'p', correct: true, input });
  await monitor.flush();
  expect(JSON.stringify(here.collector.unique('feedback')[0]?.['input'])).toBe('{"a":{"c":[{}]}}');
});

const CIRCLE: Record<string, unknown> = {};
CIRCLE['self'] = CIRCLE;

test.each<[string, unknown]>([
  ['nothing', undefined],
  ['no id', { correct: true }],
  ['a verdict that is none', { id: 'p', correct: 'yes' }],
  ['an annotator nobody knows', { id: 'p', correct: true, annotator: 'cat' }],
  ['a name of an annotator that is none', { id: 'p', correct: true, annotator: { kind: 'human', name: '' } }],
  ['a score that is none', { id: 'p', correct: true, score: Number.NaN }],
  ['an explanation that is too long', { id: 'p', correct: true, explanation: 'x'.repeat(4_097) }],
  ['an input that is too long', { id: 'p', correct: true, input: 'x'.repeat(16_383) }],
  ['an input without an end', { id: 'p', correct: true, input: CIRCLE }],
  ['an input that is no JSON', { id: 'p', correct: true, input: 1n }],
  ['a label that is none', { id: 'p', correct: false, correctedLabel: {} }],
  ['a time that is none', { id: 'p', correct: true, timestamp: 'soon' }],
  [
    'a getter that throws',
    {
      id: 'p',
      get correct(): boolean {
        throw new Error('no');
      },
    },
  ],
])('%s is counted, and neither thrown nor sent', async (name, row) => {
  const made = remote();
  expect(() => made.monitor.recordFeedback(untyped(row))).not.toThrow();
  await made.monitor.flush();
  expect(here.collector.requests).toEqual([]);
  const threw = ['nothing', 'a getter that throws'].includes(name);
  expect(await counted(made, 'rejected', ['invalid_feedback'])).toEqual(threw ? {} : { invalid_feedback: 1 });
  expect(await counted(made, 'errors', ['recording_failed'])).toEqual(threw ? { recording_failed: 1 } : {});
});

test('after close it is dropped and counted; what the collector rejects too', async () => {
  const made = remote();
  here.collector.reject = () => 'contradictory_feedback';
  made.monitor.recordFeedback({ id: 'p', correct: true });
  await made.monitor.flush();
  await made.monitor.close();
  made.monitor.recordFeedback({ id: 'p', correct: true });
  expect(made.errors.map(({ message }) => message).join()).toContain('contradictory_feedback');
});
