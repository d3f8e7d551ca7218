/** Replicas on one database: never two versions in production, numbers without gaps, one chain. */
import { join } from 'node:path';
import { createLocalArtifacts } from '../../../collector/src/storage/artifacts/local-artifacts.ts';
import { migrate } from '../../../collector/src/storage/migrate.ts';
import { createRegistryStore } from '../../../collector/src/storage/registry-store.ts';
import { verifyStore } from '../../../collector/src/storage/verify/verify-store.ts';
import { ENGINES, useEngines } from '../../support/engines.ts';
import { ACT, control, GOOD } from './support/control.ts';
import { startReplica } from './support/kill-rounds.ts';

const engines = useEngines();

engines.testOn('postgres')('two services in one process race for production, over and over', async () => {
  const place = await engines.place('postgres');
  const [first, second] = [engines.open(place), engines.open(place)];
  await migrate(first);
  const artifacts = await createLocalArtifacts(join(engines.folder, 'raced'));
  const services = [control(first, artifacts), control(second, artifacts)] as const;
  for (const { state } of services) state.live = GOOD;
  const outcomes: string[] = [];
  for (let round = 0; round < 8; round++) {
    const versions = await Promise.all(services.map(async ({ save }) => (await save()).version));
    await Promise.all(versions.map((version, index) => services[index as 0 | 1].move(version, 'staging')));
    // Each its own, then both the same.
    const raced = round % 2 === 0 ? versions : [versions[0] as string, versions[0] as string];
    const results = await Promise.allSettled(
      raced.map((version, index) => services[index as 0 | 1].move(version, 'production')),
    );
    outcomes.push(
      results
        .map((result) => (result.status === 'fulfilled' ? 'moved' : (result.reason as { code: string }).code))
        .sort()
        .join(),
    );
    const rows = await first.db.selectFrom('versions').select('name').where('stage', '=', 'production').execute();
    expect(rows).toHaveLength(1);
  }
  // Two different ones are serial; of two moves of the same one, one is told that it came second.
  expect(outcomes.filter((_, round) => round % 2 === 0)).toEqual(Array(4).fill('moved,moved'));
  for (const outcome of outcomes.filter((_, round) => round % 2 === 1))
    expect(['conflict,moved', 'moved,transition_not_allowed']).toContain(outcome);
  expect(await verifyStore({ database: first, artifacts })).toMatchObject({ sound: true });
});

engines.testOn('postgres')('an alias, a number, a policy and the log under many hands', async () => {
  const place = await engines.place('postgres');
  const databases = [engines.open(place), engines.open(place)];
  await migrate(databases[0] as (typeof databases)[0]);
  const artifacts = await createLocalArtifacts(join(engines.folder, 'hands'));
  const services = databases.map((database) => control(database, artifacts));
  const saved = await Promise.all(
    Array.from({ length: 12 }, (_, index) => services[index % 2]?.save({ aliases: ['champion'] })),
  );
  expect(saved.map((version) => Number(version?.version)).sort((a, b) => a - b)).toEqual(
    Array.from({ length: 12 }, (_, index) => index + 1),
  );
  const { items } = await (services[0] as (typeof services)[0]).registry.versions('churn', { limit: 20 });
  expect(items.filter(({ aliases }) => aliases.length > 0)).toHaveLength(1);
  const changes = await Promise.allSettled(
    Array.from({ length: 6 }, (_, index) =>
      services[index % 2]?.lifecycle.setPolicy('churn', { revision: 0, retentionDays: index + 1 }, ACT),
    ),
  );
  expect(changes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  const report = await verifyStore({ database: databases[0] as (typeof databases)[0], artifacts });
  // 12 saved, 11 aliases moved, one policy.
  expect(report).toMatchObject({ sound: true, audit: { entries: 24, head: { seq: 24 } } });
});

describe.each(ENGINES)('%s', (engine) => {
  engines.testOn(engine)(
    'two processes save, promote, roll back and delete at once',
    async () => {
      const place = await engines.place(engine);
      const database = engines.open(place);
      await migrate(database);
      const folder = join(engines.folder, `two-${engine}`);
      const store = await createLocalArtifacts(folder);
      const replicas = ['a', 'b'].map((prefix) =>
        startReplica({ place, artifacts: folder, model: 'churn', prefix, count: 12 }),
      );
      for (const replica of replicas) expect(await replica.ended).toEqual({ code: 0, errors: '' });
      const report = await verifyStore({ database, artifacts: store });
      expect(report).toMatchObject({ sound: true, orphans: [] });
      const moves = (await createRegistryStore(database).transitions('churn', { limit: 1_000 })).items.toReversed();
      // Told one after the other, at no time were there two.
      let live = 0;
      for (const { to, from } of moves) {
        live += Number(to === 'production') - Number(from === 'production');
        expect(live).toBeLessThanOrEqual(1);
      }
      expect(moves.length).toBeGreaterThan(24);
      expect(replicas.flatMap(({ acknowledged }) => acknowledged).filter(({ did }) => did === 'saved')).toHaveLength(
        24,
      );
    },
    180_000,
  );
});
