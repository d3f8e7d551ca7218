/** What the service exports of experiments, over both engines. */
import { ExperimentMetrics } from '../../../collector/src/assignments/experiment-metrics.ts';
import { checkPrediction } from '../../../collector/src/labels/check-prediction.ts';
import type { KnownVersion } from '../../../collector/src/labels/declared-model.ts';
import { createIngestStore } from '../../../collector/src/storage/ingest/ingest-store.ts';
import { ENGINES, useEngines } from '../../support/engines.ts';
import { ACT } from '../registry/support/control.ts';
import { MODEL, World } from './support/world.ts';

const engines = useEngines();

describe.each(ENGINES)('%s', (engine) => {
  const given = engines.testOn(engine);
  let world: World;
  beforeEach(async () => {
    world = new World(await engines.database(engine));
    await world.versions('1', '2', '3');
  });
  afterEach(() => world.close());

  given(
    'series of an experiment: weights, assignments without shadows, guardrails; names nobody made have none',
    async () => {
      const metrics = new ExperimentMetrics({ store: world.store, now: () => world.now, zeroHold: 0 });
      const series = () => {
        metrics.store.collect();
        return metrics.store
          .collect()
          .flatMap((family) =>
            family.kind === 'histogram'
              ? []
              : family.points
                  .filter(({ value }) => !Number.isNaN(value))
                  .map(({ attributes, value }) => `${family.spec.name} ${attributes['version']} ${value}`),
          );
      };
      await world.start();
      const [known] = (await createIngestStore(world.database).versionsOf(MODEL))?.slice(1) ?? [];
      const row = (experiment: object | undefined, shadowOf?: string) =>
        checkPrediction(
          { prediction: 'yes', ...(experiment && { experiment }), ...(shadowOf !== undefined && { shadowOf }) },
          { version: known as KnownVersion, now: world.now, makeId: () => 'id', piiKey: '' },
        );
      const blue = { name: 'blue', epoch: 1 };
      // The first ones come before this replica has heard of the experiment.
      metrics.counted([row(blue), row({ name: 'made-up', epoch: 1 }), row(undefined), row(blue, 'x')]);
      await metrics.refresh();
      metrics.counted([row(blue)]);
      metrics.stopped({ model: MODEL, experiment: 'blue', version: '2' });
      expect(series().sort()).toEqual([
        'ml.experiment.assignments 1 0',
        'ml.experiment.assignments 2 2',
        'ml.experiment.guardrail 1 0',
        'ml.experiment.guardrail 2 1',
        'ml.experiment.weight 1 0.5',
        'ml.experiment.weight 2 0.5',
      ]);
      await world.experiments.end(MODEL, 'blue', 'x', ACT);
      await metrics.refresh();
      expect(series().filter((line) => line.includes('weight'))).toEqual([]);
    },
  );
});
