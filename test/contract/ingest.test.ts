/** What ingest promises of its store, on both engines: once, durably, whichever replica takes it. */
import { DAY, declare, Replica, SECOND, START } from '../collector/labels/support/replica.ts';
import { ENGINES, useEngines } from '../support/engines.ts';

const engines = useEngines();
const row = { model: 'churn', version: '1', prediction: 'yes', timestamp: START };
const label = (id: string, value: unknown, more = {}) => ({ model: 'churn', id, label: value, ...more });

describe.each(ENGINES)('%s', (engine) => {
  const given = engines.testOn(engine);
  const replicas = async (declaration: Parameters<typeof declare>[1] = {}) => {
    const database = await engines.database(engine);
    await declare(database, declaration);
    const [a, b] = [new Replica(database), new Replica(database, { name: 'b', stripe: 1 })];
    return { database, a, b };
  };

  given('the same row again is accepted and counted once, another one under its id is rejected', async () => {
    const { database, a, b } = await replicas();
    const rows = [
      { ...row, id: 'p1' },
      { ...row, id: 'p2', score: 0.5 },
      { ...row, id: 'p1' },
    ];
    expect(await a.service.predictions(rows)).toEqual({ accepted: 3, ids: ['p1', 'p2', 'p1'], rejected: [] });
    const again = [...rows, { ...row, id: 'p1', prediction: 'no' }, { ...row, id: 'p2' }, { ...row, id: 'p3' }];
    const result = await b.service.predictions([...again, { ...row, id: 'p3', prediction: 'no' }]);
    expect(result.ids).toEqual(['p1', 'p2', 'p1', 'p3']);
    expect(result.rejected.map(({ index, code }) => [index, code])).toEqual(
      [3, 4, 6].map((at) => [at, 'duplicate_id']),
    );
    expect(result.rejected[0]?.message).toMatch(/^id: another prediction of this model has it/);
    expect([a.value('predictions'), b.value('predictions')]).toEqual([2, 1]);
    expect(b.value('rejected', { reason: 'duplicate_id' })).toBe(3);
    expect(await database.db.selectFrom('predictions').select('id').orderBy('seq').execute()).toHaveLength(3);
    await Promise.all([a.close(), b.close()]);
  });

  given('a row that does not say when it was made may be sent again later', async () => {
    const { a } = await replicas();
    const { timestamp: _, ...untimed } = { ...row, id: 'p' };
    await a.service.predictions([untimed]);
    a.now += SECOND;
    expect(await a.service.predictions([untimed])).toMatchObject({ accepted: 1, rejected: [] });
    expect(a.value('predictions')).toBe(1);
    await a.close();
  });

  given('labels join, come late, come again, correct, and find nothing; in the order of the batch', async () => {
    const { a, b } = await replicas({ policy: { labelDeadlineSeconds: 3_600 } });
    await a.service.predictions(['p1', 'p2', 'p3'].map((id) => ({ ...row, id })));
    b.now = START + 60 * SECOND;
    await b.service.labels([
      label('p1', 'yes'),
      label('p1', 'yes'),
      label('p1', 'no'),
      label('p1', 'yes'),
      label('p9', 'no'),
    ]);
    expect(b.labels()).toEqual({ joined: 1, duplicate: 1, corrected: 2, unknown: 1 });
    expect(b.counters().get('ml.label.delay.seconds_sum {"model":"churn","version":"1"}')).toBe(60);
    b.now = START + 2 * 3_600 * SECOND;
    await b.service.labels([label('p2', 'yes', { timestamp: START + SECOND }), label('p3', 'no')]);
    expect(b.labels()).toEqual({ joined: 2, late: 1, duplicate: 1, corrected: 2, unknown: 1 });
    await a.service.labels([label('p2', 'no')]);
    expect(a.labels()).toEqual({ corrected: 1 });
    const { confusion, coverage } = await a.service.performance({ model: 'churn' });
    expect(confusion).toEqual({ yes: { yes: 1 }, no: { yes: 2 } });
    expect(coverage).toBe(1);
    await Promise.all([a.close(), b.close()]);
  });

  given('a label joins the shadows of the prediction it names, in either order', async () => {
    const { a } = await replicas();
    const shadow = { ...row, version: '2', prediction: 'no' };
    await a.service.predictions([
      { ...row, id: 'p' },
      { ...shadow, id: 's1', shadowOf: 'p' },
    ]);
    await a.service.labels([label('p', 'no')]);
    await a.service.predictions([
      { ...shadow, id: 's2', shadowOf: 'p' },
      { ...shadow, id: 's3', shadowOf: 'unknown' },
    ]);
    expect([a.labels('1'), a.labels('2')]).toEqual([{ joined: 1 }, { joined: 2 }]);
    await a.service.labels([label('p', 'yes')]);
    expect([a.labels('1'), a.labels('2')]).toEqual([
      { joined: 1, corrected: 1 },
      { joined: 2, corrected: 2 },
    ]);
    const { metrics, labeled } = await a.service.performance({ model: 'churn', version: '2' });
    expect([metrics.accuracy.value, labeled]).toEqual([0, 2]);
    await a.close();
  });

  given('a prediction without a label expires once; what comes later finds nothing', async () => {
    const { a, b } = await replicas({ policy: { labelDeadlineSeconds: 3_600, labelExpirySeconds: 7_200 } });
    await a.service.predictions(Array.from({ length: 2_500 }, (_, at) => ({ ...row, id: `p${at}` })));
    await a.service.labels([label('p7', 'yes')]);
    await a.service.keepHouse();
    expect([a.value('pending'), a.labels()]).toEqual([2_499, { joined: 1 }]);
    a.now = b.now = START + 3 * 3_600 * SECOND;
    await a.service.keepHouse();
    await b.service.keepHouse();
    expect([a.labels(), b.labels()]).toEqual([{ joined: 1, expired: 2_499 }, {}]);
    await b.service.labels([label('p8', 'yes'), label('p7', 'no')]);
    expect(b.labels()).toEqual({ unknown: 1, corrected: 1 });
    await a.service.keepHouse();
    expect([a.value('pending'), a.labels().expired]).toEqual([0, 2_499]);
    await Promise.all([a.close(), b.close()]);
  });

  given('one replica says how many wait, another takes over when it is gone', async () => {
    const { a, b } = await replicas();
    await b.service.predictions([
      { ...row, id: 'p1' },
      { ...row, id: 'p2', version: '2' },
    ]);
    await a.service.keepHouse();
    await b.service.keepHouse();
    expect([a.value('pending'), b.value('pending')]).toEqual([2, undefined]);
    await a.close();
    b.now += 31 * SECOND;
    await b.service.keepHouse();
    expect(b.value('pending')).toBe(2);
    await b.close();
  });

  given('what waits for a label is kept beyond retention until it has expired', async () => {
    const { database, a } = await replicas({ policy: { retentionDays: 1, labelExpirySeconds: 10 * 86_400 } });
    await a.service.predictions(Array.from({ length: 450 }, (_, at) => ({ ...row, id: `p${at}` })));
    await a.service.labels([label('p0', 'no')]);
    const count = async () => {
      const [rows, labels] = [
        await database.db.selectFrom('predictions').select('seq').execute(),
        await database.db.selectFrom('labels').select('seq').execute(),
      ];
      return [rows.length, labels.length];
    };
    a.now += 2 * DAY;
    await a.service.keepHouse();
    expect(await count()).toEqual([450, 1]);
    a.now += 9 * DAY;
    await a.service.keepHouse();
    expect([await count(), a.labels()]).toEqual([[0, 0], { joined: 1, expired: 449 }]);
    await a.service.labels([label('p0', 'yes')]);
    expect(a.labels().unknown).toBe(1);
    expect(await a.service.performance({ model: 'churn' })).toMatchObject({
      ...{
        predictions: 450,
        labeled: 1,
        final: true,
        confusion: { no: { yes: 1 } },
        from: new Date(START).toISOString(),
      },
    });
    // The same id may come again: nothing is left that knows it.
    await a.service.predictions([{ ...row, id: 'p0', prediction: 'no' }]);
    await a.service.labels([label('p0', 'no')]);
    expect(await a.service.performance({ model: 'churn' })).toMatchObject({ predictions: 451, labeled: 2 });
    await a.close();
  });

  given('text that is hard to store comes back as it was', async () => {
    const { database, a } = await replicas({ classes: ['ja "doch"\\', 'ñ😀', '{}'] });
    const features = { 'näme "x"': 'ü\n\t"\\', broken: '\ud800', nul: 'a\u0000b' };
    const result = await a.service.predictions([
      { ...row, id: '😀 "quoted" \\ {a,b}', prediction: 'ja "doch"\\', features, segment: 'NULL', key: "o'key" },
    ]);
    expect(result).toMatchObject({ accepted: 1, ids: ['😀 "quoted" \\ {a,b}'] });
    await a.service.labels([label('😀 "quoted" \\ {a,b}', 'ñ😀')]);
    const [stored] = await database.db.selectFrom('predictions').selectAll().execute();
    expect(JSON.parse(stored?.features as string)).toEqual(features);
    expect(stored).toMatchObject({ prediction: 'ja "doch"\\', segment: 'NULL', routing_key: "o'key" });
    expect((await a.service.performance({ model: 'churn' })).confusion?.['ñ😀']?.['ja "doch"\\']).toBe(1);
    await a.close();
  });
});
