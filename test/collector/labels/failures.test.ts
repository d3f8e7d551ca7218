/** A disk that is full, a database that goes away: a clear error, nothing acknowledged that is not there, and on it goes afterwards. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from '../../../collector/src/storage/database.ts';
import { ENGINES, useEngines } from '../../support/engines.ts';
import { mountSmallDisk, NO_SMALL_DISK, type SmallDisk } from '../../support/small-disk.ts';
import { migrate } from '../../../collector/src/storage/migrate.ts';
import type { IngestStore } from '../../../collector/src/labels/ingest-store.ts';
import { declare, Replica, SECOND, START } from './support/replica.ts';

const engines = useEngines();
const small = mountSmallDisk(12);
if (small === undefined) process.stderr.write(`${NO_SMALL_DISK}\n`);
afterAll(() => small?.remove());

const batch = (number: number) =>
  Array.from({ length: 500 }, (_, at) => ({
    ...{ model: 'churn', version: '1', id: `p${number}-${at}`, prediction: 'yes', timestamp: START },
    features: { note: 'x'.repeat(200) },
  }));

const stored = async ({ db }: Database): Promise<number> =>
  (await db.selectFrom('predictions').select('seq').execute()).length;

(small === undefined ? test.skip : test)('a full disk', async () => {
  const { folder } = small as SmallDisk;
  const ballast = join(folder, 'ballast');
  writeFileSync(ballast, new Uint8Array(6 * 2 ** 20));
  const database = engines.open({ dataFolder: join(folder, 'data') });
  await migrate(database);
  const replica = new Replica(database);
  let accepted = 0;
  let problem: unknown;
  for (let number = 0; problem === undefined; number++)
    accepted += await replica.service.predictions(batch(number)).then(
      (result) => result.accepted,
      (error: unknown) => ((problem = error), 0),
    );
  expect(problem).toMatchObject({ code: 'unavailable', status: 503, message: 'The disk of the database is full.' });
  expect(replica.service.healthy()).toBe('The disk of the database is full.');
  expect([await stored(database), replica.value('predictions')]).toEqual([accepted, accepted]);
  rmSync(ballast);
  await replica.service.keepHouse();
  expect(replica.service.healthy()).toBeUndefined();
  expect(await replica.service.predictions(batch(10_000))).toMatchObject({ accepted: 500, rejected: [] });
  expect(await stored(database)).toBe(accepted + 500);
  await replica.close();
});

engines.testOn('postgres')('PostgreSQL crashes and comes back', async () => {
  const database = await engines.database('postgres');
  await declare(database, {});
  const replica = new Replica(database);
  expect(await replica.service.predictions(batch(0))).toMatchObject({ accepted: 500 });
  await engines.postgres().kill();
  for (const asked of [
    replica.service.predictions(batch(1)),
    replica.service.labels([{ model: 'churn', id: 'p0-0', label: 'no' }]),
    replica.service.performance({ model: 'churn' }),
    // A version that is not known yet has to be looked up first.
    replica.service.predictions([{ ...batch(2)[0], version: '2' }]),
  ])
    await expect(asked).rejects.toMatchObject({ code: 'unavailable', message: 'The database does not answer.' });
  await replica.service.keepHouse();
  expect(replica.service.healthy()).toBe('The database does not answer.');
  await engines.postgres().start();
  await replica.service.keepHouse();
  expect(replica.service.healthy()).toBeUndefined();
  expect(await replica.service.predictions(batch(1))).toMatchObject({ accepted: 500, rejected: [] });
  await replica.service.labels([{ model: 'churn', id: 'p0-0', label: 'no' }]);
  expect([await stored(database), replica.value('predictions'), replica.labels()]).toEqual([
    1_000,
    1_000,
    { joined: 1 },
  ]);
  await replica.close();
});

describe.each(ENGINES)('%s', (engine) => {
  engines.testOn(engine)(
    'labels that are stored while their version cannot be looked up are counted later',
    async () => {
      const database = await engines.database(engine);
      await declare(database, {});
      const [a, isAway] = [new Replica(database), { value: false }];
      const away = <Answer>(answer: () => Promise<Answer>): Promise<Answer> =>
        isAway.value ? Promise.reject(Object.assign(new Error('away'), { code: 'ECONNREFUSED' })) : answer();
      const store = (made: IngestStore): IngestStore => ({
        ...made,
        versionById: (versionId) => away(() => made.versionById(versionId)),
        referenceOf: (versionId) => away(() => made.referenceOf(versionId)),
      });
      const b = new Replica(database, { name: 'b', stripe: 1, store });
      await b.service.predictions([{ model: 'churn', version: '1', id: 'p1', prediction: 'yes' }]);
      await a.service.predictions([{ model: 'churn', version: '2', id: 'p2', prediction: 'yes' }]);
      isAway.value = true;
      expect(await b.service.labels([{ model: 'churn', id: 'p2', label: 'yes' }])).toMatchObject({ accepted: 1 });
      expect([b.labels('2'), b.errors]).toEqual([
        {},
        [expect.stringContaining('counted once the database answers again')],
      ]);
      isAway.value = false;
      b.now += 5 * SECOND;
      await b.service.keepHouse();
      expect(b.labels('2')).toEqual({ joined: 1 });
      await Promise.all([a.close(), b.close()]);
    },
  );
});
