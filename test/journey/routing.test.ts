/** A router against the service as it is run, on both engines: the same versions for the same keys, and rows that tell what they were for. */
import { sql } from 'kysely';
import { createRouter, type Router } from '../../collector/src/index.ts';
import { MonitorMetricProducer } from '../../collector/src/telemetry/producer.ts';
import { endChildren } from '../collector/cli/support/plumbline.ts';
import { until } from '../collector/remote/support/remote.ts';
import { ENGINES, useEngines } from '../support/engines.ts';
import { startCollector, type Collector } from './support/collector.ts';

const TOKENS = { ingest: 'routing-ingest-token-long-enough', admin: 'routing-admin-token-long-enough' };
const engines = useEngines();
afterEach(endChildren);

const keys = Array.from({ length: 60 }, (_, user) => `user-${user}`);

async function change(on: Collector, body: object): Promise<void> {
  const answer = await on.call('PUT', '/v1/models/churn/experiments/newer', { reason: 'as planned', ...body });
  expect(answer.status).toBe(200);
}

async function prepare(on: Collector): Promise<void> {
  for (const version of ['1', '2', '3']) {
    const form = new FormData();
    form.append('version', version);
    form.append('files', new Blob([`weights of ${version}`]), 'weights.bin');
    expect((await on.call('POST', '/v1/models/churn/versions', form)).status).toBe(201);
  }
  const arms = ['1', '2'].map((version) => ({ version, weight: 1 }));
  await change(on, { arms, shadows: ['3'], state: 'running' });
}

/** What the service itself says of a key. */
async function assigned(on: Collector, key: string) {
  const { body } = await on.call('GET', `/v1/models/churn/assignment?key=${key}`, undefined, { token: TOKENS.ingest });
  return { version: body['version'], experiment: body['experiment'], reason: body['reason'] };
}

const routed = (router: Pick<Router<never, never>, 'route'>, key: string) => {
  const { version, experiment, reason } = router.route(key);
  return { version, experiment, reason };
};

describe.each(ENGINES)('%s', (engine) => {
  engines.testOn(engine)(
    'routes as the service does, moves only keys that must, and records what a comparison needs',
    async () => {
      const place = await engines.place(engine);
      const on = await startCollector(
        {
          PLUMBLINE_DATA: place.dataFolder,
          ...(place.url !== undefined && { DATABASE_URL: place.url }),
          PLUMBLINE_TOKENS: `ingest:${TOKENS.ingest},admin:${TOKENS.admin}`,
        },
        TOKENS.admin,
      );
      await prepare(on);
      const router = createRouter({
        model: 'churn',
        fallback: '1',
        pollSeconds: 86_400,
        arms: { '1': () => 'stays', '2': (age: number) => (age > 40 ? 'stays' : 'leaves'), '3': () => 'leaves' },
        monitor: { producer: new MonitorMetricProducer() },
        shadows: { queue: keys.length },
        collector: { url: on.url, token: TOKENS.ingest, closeSeconds: 30 },
      });
      expect(await router.ready()).toBe(true);
      for (const key of keys.slice(0, 10)) expect(routed(router, key)).toEqual(await assigned(on, key));
      const before = new Map(keys.map((key) => [key, router.route(key).version]));
      expect(new Set(before.values())).toEqual(new Set(['1', '2']));

      for (const key of keys) {
        const { predictionId, version } = router.predict(41, { key });
        router.recordLabel(predictionId, 'stays', { version });
      }
      await until(() => router.status().counts.shadowsRun === keys.length);
      await Promise.all(['1', '2', '3'].map((version) => router.monitor(version)?.flush()));

      await change(on, {
        arms: [
          { version: '1', weight: 1 },
          { version: '2', weight: 9 },
        ],
      });
      expect(await router.refresh()).toBe(true);
      expect(router.status().experiment).toEqual({ name: 'newer', epoch: 2 });
      for (const key of keys.slice(0, 10)) expect(routed(router, key)).toEqual(await assigned(on, key));
      for (const [key, version] of before) if (version === '2') expect(router.route(key).version).toBe('2');

      await change(on, { state: 'paused' });
      await router.refresh();
      expect(router.route(keys[0])).toMatchObject({ version: '1', experiment: null, reason: 'default', stale: false });
      await router.close();
      on.process.child.kill('SIGTERM');
      await on.process.ended;

      const { db } = engines.open(place);
      const stored = await sql<{ version: string; key: string; experiment: string | null; shadow: number }>`
        select v.name as version, p.routing_key as key, p.experiment, case when p.shadow_of is null then 0 else 1 end as shadow
        from predictions p join versions v on v.id = p.version_id`.execute(db);
      const answers = stored.rows.filter(({ shadow }) => Number(shadow) === 0);
      expect(new Map(answers.map(({ key, version }) => [key, version]))).toEqual(before);
      for (const { experiment } of answers)
        expect(JSON.parse(experiment as string)).toEqual({ name: 'newer', epoch: 1, propensity: 0.5 });
      const shadows = stored.rows.filter(({ shadow }) => Number(shadow) === 1);
      expect(shadows.map(({ key }) => key).sort()).toEqual([...keys].sort());
      expect(new Set(shadows.map(({ version, experiment }) => [version, experiment].join()))).toEqual(new Set(['3,']));
    },
    120_000,
  );
});
