/**
 * Once round the loop as a user goes round it, on both engines: the service, the trainer and the predictor in processes of their own, everything
 * else over HTTP and the SDK, and each step to be seen in `/metrics` and in the audit.
 */
import { ELECTRICITY_FILE, loadElectricity, type ElectricityStream } from '../../collector/src/demo/electricity.ts';
import { loadModel, trainFirst, type FirstVersion } from '../../collector/src/demo/loop/electricity-program.ts';
import { loopPolicy } from '../../collector/src/demo/loop/loop-policy.ts';
import type { PolicyChanges } from '../../collector/src/lifecycle/policy.ts';
import { endChildren, plumbline, temporaryFolder } from '../collector/cli/support/plumbline.ts';
import { ENGINES, useEngines, type Engine } from '../support/engines.ts';
import { startCollector } from './support/collector.ts';
import { auditOf, expectedAudit } from './support/loop-audit.ts';
import { MODEL, TOKENS, type Loop } from './support/loop.ts';
import { acceptFeedback, promote, rollBack } from './support/loop-end.ts';
import { bringLive, compare, drift, retrain } from './support/loop-steps.ts';
import { Market } from './support/market.ts';

const engines = useEngines();
const folder = temporaryFolder();
afterEach(endChildren);
afterAll(folder.remove);

let stream: ElectricityStream;
let first: FirstVersion;
beforeAll(async () => {
  stream = await loadElectricity(ELECTRICITY_FILE, () => {});
  first = await trainFirst(stream, folder.path('.'));
}, 120_000);

/** What the webhook starts is not to be started by something else before. */
const ALERTS_ALONE: PolicyChanges = {
  ...loopPolicy(1),
  retraining: { ...loopPolicy(1).retraining, triggers: { accuracy: null, drift: null, feedback: null } },
};

async function environmentOf(engine: Engine): Promise<Readonly<Record<string, string>>> {
  const { dataFolder, url } = await engines.place(engine);
  const tokens = Object.entries(TOKENS).map(([scope, token]) => `${scope}:${token}`);
  return {
    ...(url !== undefined && { DATABASE_URL: url }),
    ...{ PLUMBLINE_DATA: dataFolder, PLUMBLINE_TOKENS: tokens.join(','), PLUMBLINE_ALERT_HMAC: 'signed-by-grafana' },
    ...{ PLUMBLINE_ZERO_HOLD: '0', PLUMBLINE_RATE_LIMIT: '0' },
  };
}

describe.each(ENGINES)('%s', (engine) => {
  engines.testOn(engine)(
    'from predictions to a promotion',
    async () => {
      const environment = await environmentOf(engine);
      const on = await startCollector(environment, TOKENS.operate);
      const market = new Market({ model: MODEL, url: on.url, token: TOKENS.ingest, stream });
      const loop: Loop = { on, market, secret: environment['PLUMBLINE_ALERT_HMAC'] as string };

      await bringLive(loop, { ...first, predict: await loadModel(JSON.parse(first.content)) }, ALERTS_ALONE);
      await drift(loop);
      const run = await retrain(loop);
      const load = async (content: unknown) => market.deploy('2', await loadModel(content));
      const experiment = await compare(loop, run, load);
      const item = await acceptFeedback(loop);
      await promote(loop, experiment);
      await rollBack(loop);

      expect(await auditOf(on)).toMatchObject(expectedAudit(run, experiment, item));
      await market.close();
      on.process.child.kill('SIGTERM');
      expect(await on.process.ended).toMatchObject({ code: 0, stderr: '' });
      expect(await plumbline(['verify'], environment)).toMatchObject({ code: 0 });
    },
    240_000,
  );
});
