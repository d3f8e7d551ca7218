/** The order in which keys are compared, over both engines. */
import { ENGINES, useEngines } from '../../support/engines.ts';
import { SECOND } from '../labels/support/replica.ts';
import { MODEL, routed, World } from './support/world.ts';

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
    'batches of one version after the other say what keys say that come in turn, also where all of them get worse',
    async () => {
      await world.start();
      const count = 1_000;
      const from = world.now - 4 * count;
      // The first half of the keys is easy for both, the second hard; the second version is better by 0.12 in both.
      const arm = (version: string, easy: number, hard: number) =>
        [...routed(version, count / 2, easy, { epoch: 1 }), ...routed(version, count / 2, hard, { epoch: 1 })].map(
          (row, index) => ({
            ...row,
            ...{ id: `${version}-${index}`, key: `${version}-${index}` },
            timestamp: from + 4 * index + (version === '1' ? 0 : 2),
          }),
        );
      await world.record(arm('1', 0.8, 0.3));
      world.pass(SECOND);
      await world.record(arm('2', 0.92, 0.42));
      await world.round(world.keeper());
      const [difference] = (await world.experiments.get(MODEL, 'blue')).comparison?.differences ?? [];
      expect(difference).toMatchObject({ version: '2', metric: 'accuracy', keys: count, controlKeys: count });
      expect(difference?.value).toBeCloseTo(0.12, 2);
    },
  );
});
