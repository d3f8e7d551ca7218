/** What a remote monitor does with rows that nobody can use. */
import { untyped } from '../support/core.ts';
import { counted, useRemote } from './support/remote.ts';

const { here, remote } = useRemote();

test('nothing of it throws, and each is counted', async () => {
  const made = remote();
  const { monitor } = made;
  const record = (row: unknown) => monitor.recordPrediction(untyped(row));
  record({ prediction: Number.NaN });
  record({});
  record({ prediction: ['a', {}] });
  record({ prediction: 'a', id: {} });
  record({ prediction: 'a', timestamp: 'soon' });
  record({ prediction: 'a', score: 'high', durationSeconds: Number.POSITIVE_INFINITY, segment: {} });
  record({ prediction: 'a', scores: { a: 'x' } });
  record(undefined);
  monitor.recordLabel(untyped({}), 'a');
  monitor.recordLabel('x', untyped({}));
  monitor.recordLabel('x', 'a', { timestamp: 'soon' });
  expect(record(undefined)).toMatch(/^[0-9a-f-]{36}-/);
  await monitor.flush();
  const reasons = ['prediction', 'label', 'id', 'timestamp', 'score', 'duration'].map((field) => `invalid_${field}`);
  expect(await counted(made, 'rejected', [...reasons, 'unknown_segment'])).toEqual({
    invalid_prediction: 3,
    invalid_label: 1,
    invalid_id: 2,
    invalid_timestamp: 2,
    invalid_score: 2,
    invalid_duration: 1,
    unknown_segment: 1,
  });
  expect(await counted(made, 'errors', ['recording_failed', 'callback_failed'])).toEqual({ recording_failed: 2 });
  expect(here.collector.unique('predictions')).toHaveLength(4);
});

test('what a row says of an experiment is sent as the collector will take it, or not at all', async () => {
  const made = remote();
  const record = (row: object) => made.monitor.recordPrediction(untyped({ prediction: 'a', ...row }));
  for (const key of ['', 'a\0b', 'x'.repeat(257), {}, Number.NaN, true]) record({ key });
  const fine = { name: 'e', epoch: 1 };
  const bad = ['e', {}, { ...fine, name: 'a b' }, { ...fine, epoch: -1 }, { ...fine, epoch: '1' }];
  for (const experiment of [...bad, { ...fine, propensity: 0 }, { ...fine, propensity: 2 }]) record({ experiment });
  record({ key: null, experiment: null, shadowOf: null });
  record({ key: 7, experiment: { ...fine, more: 1 } });
  // As a prediction that answered it would count in the wrong place.
  record({ shadowOf: {} });
  await made.monitor.flush();
  const reasons = ['invalid_key', 'invalid_experiment', 'invalid_id'];
  expect(await counted(made, 'rejected', reasons)).toEqual({ invalid_key: 6, invalid_experiment: 7, invalid_id: 1 });
  const sent = here.collector.unique('predictions').filter((row) => 'key' in row || 'experiment' in row);
  expect(here.collector.unique('predictions')).toHaveLength(15);
  expect(sent).toMatchObject([{ key: '7', experiment: fine }]);
  expect(Object.keys(sent[0]?.['experiment'] as object)).toEqual(['name', 'epoch']);
});

test('values JSON has no word for keep their meaning as far as they can', async () => {
  const { monitor } = remote();
  const features = untyped<Record<string, number>>({
    nan: Number.NaN,
    infinite: Number.NEGATIVE_INFINITY,
    big: 5n,
    object: { secret: 1 },
    get broken() {
      throw new Error('no');
    },
    fine: 1,
  });
  monitor.recordPrediction({ prediction: Number.POSITIVE_INFINITY, features });
  monitor.recordPrediction(untyped({ prediction: 7n }));
  await monitor.flush();
  expect(here.collector.unique('predictions')).toMatchObject([
    { prediction: 'Infinity', features: { infinite: '-Infinity', big: {}, object: {}, fine: 1 } },
    { prediction: '7' },
  ]);
  expect(Object.keys(here.collector.unique('predictions')[0]?.['features'] ?? {})).toHaveLength(4);
});

test('a row that takes more than 1 MiB is dropped by itself', async () => {
  const made = remote();
  made.monitor.recordPrediction({ prediction: 'a', features: { text: 'x'.repeat(2 ** 20) } });
  made.monitor.recordPrediction({ id: 'fine', prediction: 'a', features: { text: '\u0001'.repeat(2 ** 19) } });
  await made.monitor.flush();
  expect(await counted(made, 'dropped', ['too_large'])).toEqual({ too_large: 1 });
  expect(here.collector.unique('predictions').map(({ id }) => id)).toEqual(['fine']);
  expect(made.errors.map(({ message }) => message)).toEqual(['1 record was dropped: one takes more than 1 MiB']);
});

test('rows the collector rejects are counted and told, with its reason', async () => {
  here.collector.reject = ({ row }) => (row['prediction'] === 'bad' ? 'unknown_class' : undefined);
  const made = remote();
  for (const prediction of ['good', 'bad', 'good', 'bad']) made.monitor.recordPrediction({ prediction });
  await made.monitor.flush();
  expect(here.collector.unique('predictions')).toHaveLength(2);
  expect(await counted(made, 'dropped', ['rejected', 'refused'])).toEqual({ rejected: 2 });
  expect(made.errors).toMatchObject([
    {
      message: expect.stringContaining('as unknown_class: no unknown_class'),
      details: { rows: 2 },
    },
  ]);
});

test('a batch that will never be taken is given up, told and counted', async () => {
  here.collector.fates.push({
    status: 422,
    body: '{"message":"not like this","code":"invalid_request","help":"Like that."}',
  });
  const made = remote();
  made.monitor.recordPrediction({ prediction: 'a' });
  await made.monitor.flush();
  expect(await counted(made, 'dropped', ['rejected', 'refused'])).toEqual({ refused: 1 });
  expect(made.errors[0]?.message).toContain('1 record was refused: The collector at');
  expect(made.errors[0]?.help).toBe('Like that.');
});

test('a callback that fails is counted', async () => {
  here.collector.fates.push({ status: 422 }, { status: 400 });
  const made = remote({
    onError: () => {
      throw new Error('of the user');
    },
  });
  made.monitor.recordPrediction({ prediction: 'a' });
  await made.monitor.flush();
  expect(await counted(made, 'errors', ['callback_failed'])).toEqual({ callback_failed: 1 });
});
