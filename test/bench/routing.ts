/** Which version a key gets: the router against the clients of Unleash and GrowthBook, each by its public call. */
import { once } from 'node:events';
import { GrowthBookClient } from '@growthbook/growthbook';
import { InMemStorageProvider, Unleash } from 'unleash-client';
import { createRouter } from '../../collector/src/index.ts';
import { compare, type Contender, type Result } from './compare.ts';

const ROUTES = 100_000;
const FLAG = 'churn';
/** What an experiment of the service is salted with: model, name and a number. */
const SALT = 'churn:new-model:1';

/** Two versions, half of the traffic each; keys as user ids are. */
export async function benchRouting(rounds: number): Promise<Result> {
  const keys = Array.from({ length: ROUTES }, (_, user) => `user-${(user * 7_919).toString().padStart(9, '0')}`);
  return compare({
    title: 'The version of a key, one of two with half of the traffic each',
    unit: 'route',
    operations: ROUTES,
    rounds,
    contenders: [
      timed('Plumbline: router.route(key)', keys, await plumbline(), 10),
      timed('Unleash: getVariant(flag, { userId })', keys, await unleash()),
      timed('GrowthBook: evalFeature(flag, { attributes })', keys, growthBook()),
    ],
  });
}

/** A contender whose split is not one half is measured doing something else. */
function timed(name: string, keys: readonly string[], isSecond: (key: string) => boolean, parts = 1): Contender {
  return {
    name,
    parts,
    run: () => {
      let second = 0;
      for (let part = 0; part < parts; part++) for (const key of keys) if (isSecond(key)) second++;
      second /= parts;
      if (Math.abs(second / ROUTES - 0.5) > 0.02) throw new Error(`${name}: ${second} of ${ROUTES}`);
    },
  };
}

async function plumbline(): Promise<(key: string) => boolean> {
  const allocation = [
    { version: '1', start: 0, end: 5_000 },
    { version: '2', start: 5_000, end: 10_000 },
  ];
  const running = { model: FLAG, experiment: 'new-model', epoch: 1, salt: SALT, hash: 'murmur3_32', buckets: 10_000 };
  const answer = { items: [{ ...running, mode: 'weights', allocation, shadows: [] }], models: [] };
  const router = createRouter({
    model: FLAG,
    fallback: '1',
    collector: { url: 'http://127.0.0.1:1', fetch: () => Promise.resolve(Response.json(answer)) },
  });
  await router.ready();
  await router.close();
  return (key) => router.route(key).version === '2';
}

async function unleash(): Promise<(key: string) => boolean> {
  const variant = (name: string) => ({ name, weight: 500, weightType: 'variable', stickiness: 'userId' });
  const parameters = { rollout: '100', stickiness: 'userId', groupId: FLAG };
  const strategies = [{ name: 'flexibleRollout', parameters, constraints: [], variants: [variant('1'), variant('2')] }];
  const client = new Unleash({
    appName: 'bench',
    url: 'http://127.0.0.1:1/',
    refreshInterval: 0,
    disableMetrics: true,
    disableAutoStart: true,
    storageProvider: new InMemStorageProvider(),
    bootstrap: {
      data: [{ name: FLAG, type: 'experiment', enabled: true, project: 'bench', stale: false, strategies } as never],
    },
  });
  // There is no server: what it is given here is all it knows.
  client.on('error', () => undefined);
  await Promise.all([once(client, 'synchronized'), client.start()]);
  client.destroy();
  return (key) => client.getVariant(FLAG, { userId: key }).name === '2';
}

function growthBook(): (key: string) => boolean {
  const rule = {
    variations: ['1', '2'],
    weights: [0.5, 0.5],
    coverage: 1,
    hashAttribute: 'id',
    hashVersion: 2,
    key: FLAG,
  };
  const client = new GrowthBookClient().initSync({
    payload: { features: { [FLAG]: { defaultValue: '1', rules: [rule] } } },
  });
  return (key) => client.evalFeature(FLAG, { attributes: { id: key } }).value === '2';
}
