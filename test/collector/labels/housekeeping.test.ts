/** What happens beside ingest: windows that outlive a restart, references of first predictions, changes of a declaration, cores let go. */
import { profileReference } from '../../../collector/src/distribution/profile.ts';
import { ENGINES, useEngines } from '../../support/engines.ts';
import { declare, Replica, SECOND, START } from './support/replica.ts';

const engines = useEngines();
const WINDOW = 50;
const predictionsOf = (count: number, first = 0, shift = 0) =>
  Array.from({ length: count }, (_, at) => ({
    ...{ model: 'churn', version: '1', id: `p${first + at}`, timestamp: START },
    prediction: (first + at) % 2 ? 'yes' : 'no',
    features: { age: ((first + at) * 17) % 40, plan: (first + at) % 3 ? 'basic' : 'gold' },
    ...(shift > 0 && { features: { age: shift + (at % 5), plan: 'basic' } }),
  }));
const reference = profileReference(predictionsOf(500).map(({ features }) => features));

describe.each(ENGINES)('%s', (engine) => {
  const given = engines.testOn(engine);

  given('a window goes on over a restart, and nothing is counted twice', async () => {
    const database = await engines.database(engine);
    await declare(database, { reference, window: WINDOW });
    const before = new Replica(database);
    await before.service.predictions(predictionsOf(70));
    before.now += 10 * SECOND;
    await before.service.keepHouse();
    await before.close();
    const after = new Replica(database, { name: 'after' });
    after.now = before.now + 60 * SECOND;
    await after.service.predictions(predictionsOf(30, 70));
    after.now += 10 * SECOND;
    await after.service.keepHouse();
    const windows = await database.db.selectFrom('drift_windows').selectAll().orderBy('number').execute();
    expect(windows.map(({ number, start_position, end_position }) => [number, start_position, end_position])).toEqual([
      [0, 0, 50],
      [1, 50, 100],
    ]);
    expect(await after.service.drift({ model: 'churn' })).toMatchObject({ window: { index: 1, start: 50, end: 100 } });
    expect(await after.service.drift({ model: 'churn', to: before.now + SECOND })).toMatchObject({
      window: { index: 0 },
    });
    expect(after.value('predictions')).toBe(30);
    expect(after.value('bucket', { feature: 'age', le: '+Inf' })).toBe(30);
    await after.close();
  });

  given('before the first window closes the reference it will be judged against is named', async () => {
    const database = await engines.database(engine);
    await declare(database, { reference, window: WINDOW });
    await declare(database, {}, { version: '2', stage: 'staging' });
    const replica = new Replica(database);
    const named = { reference: reference.digest.slice(0, 12), verdict: 'insufficient_data', window: null };
    expect(await replica.service.drift({ model: 'churn', version: '1' })).toMatchObject(named);
    await replica.service.predictions(predictionsOf(1));
    expect(await replica.service.drift({ model: 'churn', version: '1', window: 10 })).toMatchObject({
      reference: reference.digest.slice(0, 12),
    });
    expect(await replica.service.drift({ model: 'churn', version: '2' })).toMatchObject({ reference: null });
    await replica.close();
  });

  given('series of a version in staging or production are born before its first row, and count it', async () => {
    const database = await engines.database(engine);
    await declare(database, { reference, classes: ['yes', 'no'] }, { stage: 'staging' });
    await declare(database, {}, { version: '2', stage: 'development' });
    const replica = new Replica(database);
    await replica.service.keepHouse();
    const count = (version: string) => replica.value('predictions', { version, prediction: 'yes' });
    expect([count('1'), replica.value('labels', { version: '1', status: 'joined' }), count('2')]).toEqual([
      ...[0, 0, undefined],
    ]);
    expect(replica.value('bucket', { version: '1', feature: 'age', le: '+Inf' })).toBe(0);
    // What Prometheus makes of it: 0 before the batch, all of it after.
    await replica.service.predictions(predictionsOf(10));
    expect(count('1')).toBe(5);
    await database.db.updateTable('versions').set({ stage: 'production' }).where('name', '=', '2').execute();
    await replica.service.keepHouse();
    expect(replica.value('predictions', { version: '2' })).toBe(0);
    await replica.close();
  });

  given('a replica that did not judge shows the verdict too', async () => {
    const database = await engines.database(engine);
    await declare(database, { reference, window: 100 });
    const [a, b] = [new Replica(database), new Replica(database, { name: 'b', stripe: 1 })];
    await a.service.predictions(predictionsOf(60, 0, 100));
    await b.service.predictions(predictionsOf(60, 60, 100));
    a.now = b.now = START + 60 * SECOND;
    await a.service.keepHouse();
    await b.service.keepHouse();
    expect([a, b].map((replica) => replica.value('drifted', { feature: 'age' }))).toEqual([1, 1]);
    const [seen, told] = [await a.service.drift({ model: 'churn' }), await b.service.drift({ model: 'churn' })];
    expect(seen).toMatchObject({ verdict: 'drifted', window: { start: 0, end: 100 } });
    expect(told).toEqual(seen);
    await Promise.all([a.close(), b.close()]);
  });

  given('without a reference the first 5,000 predictions become it, for every replica', async () => {
    const database = await engines.database(engine);
    const [a, b] = [new Replica(database), new Replica(database, { name: 'b', stripe: 1 })];
    for (const [at, replica] of [a, b, a, b, a].entries())
      await replica.service.predictions(predictionsOf(1_000, at * 1_000));
    a.now = b.now = START + 60 * SECOND;
    await a.service.keepHouse();
    // Found with the next look at what is known of the version.
    for (const replica of [a, b, a]) await replica.service.keepHouse();
    // Taken in while the counters go on.
    expect([a.value('predictions'), b.value('predictions'), a.value('pending')]).toEqual([3_000, 2_000, 5_000]);
    await b.service.predictions(predictionsOf(5_000, 5_000, 100));
    a.now = b.now = START + 120 * SECOND;
    await a.service.keepHouse();
    const drift = await b.service.drift({ model: 'churn' });
    expect(drift).toMatchObject({ verdict: 'drifted', window: { index: 1, start: 5_000, end: 10_000 } });
    const kept = await database.db.selectFrom('self_references').select('reference').execute();
    const { digest, rows } = JSON.parse(kept[0]?.reference ?? '') as { digest: string; rows: number };
    expect([kept.length, rows, drift.reference]).toEqual([1, 5_000, digest.slice(0, 12)]);
    expect(b.value('bucket', { feature: 'age', le: '+Inf', reference: digest.slice(0, 12) })).toBe(5_000);
    expect(await b.service.distribution({ model: 'churn' })).toMatchObject({
      n: 5_000,
      reference_shift: { verdict: 'stable' },
    });
    await Promise.all([a.close(), b.close()]);
  });

  given('another declaration holds from the next round on; its counters begin at 0', async () => {
    const database = await engines.database(engine);
    await declare(database, {});
    const replica = new Replica(database);
    await replica.service.predictions(predictionsOf(10));
    const declaration = JSON.stringify({ task: 'regression' });
    await database.db.updateTable('models').set({ declaration }).execute();
    await database.db.updateTable('versions').set({ stage: 'deprecated' }).execute();
    await replica.service.keepHouse();
    const { rejected } = await replica.service.predictions([
      ...predictionsOf(1, 10),
      { ...predictionsOf(1, 11)[0], prediction: 1.5 },
    ]);
    expect(rejected.map(({ code }) => code)).toEqual(['invalid_prediction']);
    await replica.service.labels([{ model: 'churn', id: 'p11', label: 1 }]);
    expect([replica.value('regressionCount'), replica.value('predictions')]).toEqual([1, undefined]);
    expect(replica.value('info', { stage: 'deprecated' })).toBe(1);
    await database.db.updateTable('versions').set({ stage: 'production' }).execute();
    await replica.service.keepHouse();
    expect([replica.value('info', { stage: 'production' }), replica.value('info')]).toEqual([1, 1]);
    expect(replica.value('regressionCount')).toBe(1);
    await replica.close();
  });

  given('features that are not kept are judged as they come', async () => {
    const database = await engines.database(engine);
    await declare(database, { reference, window: 100, storeFeatures: false });
    const replica = new Replica(database);
    await replica.service.predictions(predictionsOf(100, 0, 100));
    replica.now += 60 * SECOND;
    // The verdict is made feature by feature, in turns of the event loop, and then kept.
    const kept = () => database.db.selectFrom('drift_windows').select('number').where('source', '=', 'live').execute();
    while ((await kept()).length === 0) await new Promise((resolve) => setImmediate(resolve));
    await replica.service.keepHouse();
    expect(await replica.service.drift({ model: 'churn' })).toMatchObject({
      ...{ verdict: 'drifted', reference: reference.digest.slice(0, 12) },
    });
    expect(await replica.service.distribution({ model: 'churn' })).toMatchObject({ n: 100, closed: true });
    await replica.close();
  });

  given('a declaration or a reference that cannot be used is told of, and stops nothing', async () => {
    const database = await engines.database(engine);
    await declare(database, { classes: ['only'], reference: { ...reference, rows: 1 } });
    const replica = new Replica(database);
    expect(await replica.service.predictions(predictionsOf(3))).toMatchObject({ accepted: 3 });
    expect(replica.errors).toEqual([
      expect.stringMatching(/^the reference of model "churn" version "1" cannot be used/),
      expect.stringMatching(/^the declaration of model "churn" version "1" cannot be used: .*classes/),
    ]);
    await replica.close();
  });
});

test('beyond so many versions the core least recently used is let go, and comes back', async () => {
  const database = await engines.database('sqlite');
  const replica = new Replica(database, { maxCores: 2 });
  const send = (version: string, id: string) =>
    replica.service.predictions([{ model: 'churn', version, id, prediction: 'yes' }]);
  await send('1', 'p1');
  await send('2', 'p2');
  await send('1', 'p3');
  await send('3', 'p4');
  const shown = () => [...replica.stores].map(({ version }) => version).sort();
  expect(shown()).toEqual(['1', '3']);
  await send('2', 'p5');
  expect([shown(), replica.value('predictions', { version: '2' })]).toEqual([['2', '3'], 1]);
  await replica.close();
});

test('closing waits for what is being written, and ends the series', async () => {
  const database = await engines.database('sqlite');
  const replica = new Replica(database);
  const writing = replica.service.predictions(predictionsOf(10));
  await replica.close();
  expect(await writing).toMatchObject({ accepted: 10 });
  expect(replica.stores.size).toBe(0);
  await expect(replica.service.predictions(predictionsOf(1))).rejects.toMatchObject({ code: 'unavailable' });
});
