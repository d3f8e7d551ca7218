/** What may stand in a row: every fault names the field and what to do, and costs no other row. */
import { useEngines } from '../../support/engines.ts';
import { DAY, declare, Replica, START } from './support/replica.ts';

const engines = useEngines();
const good = { model: 'churn', version: '1', prediction: 'yes' };

async function given(declaration = {}) {
  const database = await engines.database('sqlite');
  await declare(database, declaration);
  return { database, replica: new Replica(database) };
}

test.each([
  ['no object', 'invalid_row', /^row: expected an object, got a text/],
  [{ ...good, model: 'a/b' }, 'invalid_name', /^model: is not a usable name; use 1 to 128/],
  [{ version: '1', prediction: 'yes' }, 'invalid_name', /^model: is missing/],
  [{ ...good, version: '..' }, 'invalid_name', /^version/],
  [{ ...good, id: '' }, 'invalid_id', /^id: got a text; expected a text of 1 to 256/],
  [{ ...good, id: 'x'.repeat(257) }, 'invalid_id', /^id/],
  [{ ...good, id: 'a\u0000b' }, 'invalid_id', /NUL/],
  [{ ...good, id: {} }, 'invalid_id', /^id: got an object/],
  [{ ...good, prediction: undefined }, 'invalid_prediction', /^prediction: got nothing; expected a class/],
  [{ ...good, prediction: ['a'] }, 'invalid_prediction', /^prediction: got a list.*Declare `task`/],
  [{ ...good, prediction: Number.NaN }, 'invalid_prediction', /^prediction/],
  [{ ...good, timestamp: 'yesterday' }, 'invalid_timestamp', /^timestamp: expected RFC 3339/],
  [{ ...good, timestamp: START + 2 * DAY }, 'invalid_timestamp', /more than a day ahead/],
  [{ ...good, score: 1.5 }, 'invalid_score', /^score: expected the probability/],
  [{ ...good, scores: { yes: 2 } }, 'invalid_score', /^scores/],
  [{ ...good, durationSeconds: -1 }, 'invalid_duration', /^durationSeconds/],
  [{ ...good, segment: {} }, 'invalid_segment', /^segment: got an object/],
  [{ ...good, features: [1] }, 'invalid_features', /^features: got a list/],
  [{ ...good, features: { age: { years: 4 } } }, 'invalid_features', /^features\.age: got an object/],
  [{ ...good, features: { note: 'x'.repeat(4_097) } }, 'invalid_features', /^features\.note: got a text.*4096/],
  [{ ...good, experiment: { name: 'e', epoch: -1 } }, 'invalid_experiment', /^experiment\.epoch/],
  [{ ...good, experiment: { name: '', epoch: 1 } }, 'invalid_experiment', /^experiment\.name/],
  [{ ...good, experiment: 'e' }, 'invalid_experiment', /^experiment/],
  [{ ...good, id: 'p', shadowOf: 'p' }, 'invalid_id', /^shadowOf: names the prediction itself/],
])('%j is rejected as %s', async (row, code, message) => {
  const { replica } = await given();
  const result = await replica.service.predictions([{ ...good, id: 'before' }, row, { ...good, id: 'after' }]);
  expect(result).toEqual({
    accepted: 2,
    ids: ['before', 'after'],
    rejected: [{ index: 1, code, message: expect.stringMatching(message) as string }],
  });
  expect(replica.value('predictions')).toBe(2);
  await replica.close();
});

test('labels have their faults too', async () => {
  const { replica } = await given({ task: 'regression' });
  await replica.service.predictions([{ ...good, id: 'p', prediction: 1.5 }]);
  const rows = [
    { model: 'churn', id: 'p', label: '2' },
    { model: 'nobody', id: 'p', label: 2 },
    { model: 'churn', label: 2 },
    { model: 'churn', id: 'p', label: 2, timestamp: 'soon' },
    { model: 'churn', id: 'p', label: 2 },
  ];
  const { accepted, ids, rejected } = await replica.service.labels(rows);
  expect([accepted, ids]).toEqual([1, ['p']]);
  expect(rejected.map(({ index, code }) => [index, code])).toEqual([
    [0, 'invalid_label'],
    [1, 'unknown_model'],
    [2, 'invalid_id'],
    [3, 'invalid_timestamp'],
  ]);
  expect(rejected[0]?.message).toMatch(/^label: got a text; this model is a regression/);
  expect(replica.value('rejected', { reason: 'invalid_label' })).toBe(1);
  await replica.close();
});

test('an id that is missing is made, one that is a number is its text', async () => {
  const { replica } = await given();
  const { ids } = await replica.service.predictions([good, { ...good, id: 7 }, { ...good, id: null }]);
  expect(ids).toEqual(['a-made-1', '7', 'a-made-2']);
  await replica.close();
});

test('personal features are neither stored nor counted', async () => {
  const features = { name: { pii: 'drop' }, mail: { pii: 'hash' } } as const;
  const { database, replica } = await given({ features });
  const secret = { name: 'Ada Lovelace', mail: 'ada@example.org', age: 36 };
  await replica.service.predictions([
    { ...good, features: secret },
    { ...good, features: { ...secret, age: 37 } },
  ]);
  const rows = await database.db.selectFrom('predictions').select('features').execute();
  const stored = rows.map((row) => JSON.parse(row.features as string) as Record<string, unknown>);
  expect(stored[0]).toEqual({ mail: expect.stringMatching(/^[0-9a-f]{16}$/) as string, age: 36 });
  expect(stored[1]?.['mail']).toBe(stored[0]?.['mail']);
  await replica.close();
});

test('features are not stored where the model says so; labels join all the same', async () => {
  const { database, replica } = await given({ storeFeatures: false });
  await replica.service.predictions([{ ...good, id: 'p', features: { age: 36 } }]);
  await replica.service.labels([{ model: 'churn', id: 'p', label: 'yes' }]);
  expect(await database.db.selectFrom('predictions').select('features').execute()).toEqual([{ features: null }]);
  expect(replica.labels()).toEqual({ joined: 1 });
  await replica.close();
});

test('unknown models and versions are made, unregistered, and not without end', async () => {
  const { database, replica } = await given();
  await replica.service.predictions([{ ...good, model: 'new', version: '2026-01' }]);
  const made = await database.db
    .selectFrom('versions')
    .innerJoin('models', 'models.id', 'model_id')
    .select(['models.name', 'versions.name as version', 'versions.registered', 'stage'])
    .where('models.name', '=', 'new')
    .execute();
  expect(made.map((row) => ({ ...row }))).toEqual([{ name: 'new', version: '2026-01', registered: 0, stage: null }]);
  const many = Array.from({ length: 1_001 }, (_, version) => ({ ...good, model: 'many', version: `v${version}` }));
  const { accepted, rejected } = await replica.service.predictions(many);
  expect([accepted, rejected.map(({ code }) => code)]).toEqual([1_000, ['too_many_versions']]);
  await replica.close();
});
