/** Experiments as they are made, started, changed and ended, over both engines; two replicas at once. */
import { join } from 'node:path';
import { createLocalArtifacts } from '../../../collector/src/storage/artifacts/local-artifacts.ts';
import { bucketOf, versionAt } from '../../../collector/src/experiments/allocation.ts';
import { ENGINES, useEngines } from '../../support/engines.ts';
import { ACT, control, GOOD, type Control } from '../registry/support/control.ts';
import { MODEL, World } from './support/world.ts';

const engines = useEngines();
const refused = (code: string, message: RegExp) => ({ code, message: expect.stringMatching(message) });

describe.each(ENGINES)('%s', (engine) => {
  const given = engines.testOn(engine);
  let world: World;
  beforeEach(async () => {
    world = new World(await engines.database(engine));
    await world.versions('1', '2', '3');
  });
  afterEach(() => world.close());

  given('from draft to the end: states, epochs, salt, audit', async () => {
    const draft = await world.start({ state: 'draft', shadows: ['3'] });
    expect(draft).toMatchObject({ state: 'draft', revision: 1, control: '1', metric: 'accuracy', epoch: null });
    expect(draft).toMatchObject({ labelWaitSeconds: 7 * 86_400, salt: 'salt-1', startedAt: null });
    expect((await world.experiments.assignments()).items).toEqual([]);
    const running = await world.experiments.start(MODEL, 'blue', 'ready', ACT);
    expect(running).toMatchObject({ state: 'running', salt: 'salt-1', epoch: { number: 1, cause: 'started' } });
    world.pass(1_000);
    const shifted = await world.put({
      arms: [
        { version: '1', weight: 1 },
        { version: '2', weight: 3 },
      ],
    });
    expect(shifted.epoch).toMatchObject({ number: 2, weights: { '1': 0.25, '2': 0.75 }, cause: 'weights' });
    world.pass(1_000);
    expect(await world.experiments.pause(MODEL, 'blue', 'lunch', ACT)).toMatchObject({ state: 'paused' });
    world.pass(1_000);
    const resumed = await world.experiments.start(MODEL, 'blue', 'on', ACT);
    expect(resumed.epoch).toMatchObject({ number: 3, allocation: shifted.epoch?.allocation, cause: 'resumed' });
    world.pass(1_000);
    const ended = await world.experiments.end(MODEL, 'blue', 'done', ACT);
    expect(ended).toMatchObject({ state: 'ended', endedAt: new Date(world.now).toISOString() });
    const { epochs } = await world.experiments.get(MODEL, 'blue');
    const seconds = epochs.map(({ since, until }) => [since, until].map((time) => Date.parse(time ?? '') / 1_000));
    const start = Date.parse(running.startedAt ?? '') / 1_000;
    expect(seconds).toEqual([
      [start, start + 1],
      [start + 1, start + 2],
      [start + 3, start + 4],
    ]);
    expect((await world.audit()).map(({ action, reason, actor }) => [action, reason, actor.name])).toEqual([
      ['experiment.created', 'go', 'anna'],
      ['experiment.started', 'ready', 'anna'],
      ['experiment.changed', null, 'anna'],
      ['experiment.paused', 'lunch', 'anna'],
      ['experiment.started', 'on', 'anna'],
      ['experiment.ended', 'done', 'anna'],
    ]);
  });

  given('what changes nothing writes nothing; what cannot be is refused and leaves nothing behind', async () => {
    const first = await world.start();
    expect(await world.start()).toEqual(first);
    const audited = (await world.audit()).length;
    const blue = (change: Parameters<World['put']>[0]) => world.put(change);
    await expect(blue({ state: 'draft', reason: 'x' })).rejects.toMatchObject(
      refused('transition_not_allowed', /^state: .*running to draft/),
    );
    await expect(blue({ state: 'paused' })).rejects.toMatchObject(refused('invalid_request', /^reason/));
    await expect(blue({ revision: 7, description: 'x' })).rejects.toMatchObject(refused('conflict', /^revision/));
    await expect(blue({ metric: 'f1_weighted' })).rejects.toMatchObject(refused('conflict', /^metric/));
    await expect(blue({ arms: [{ version: '1', weight: 1 }] })).rejects.toMatchObject(refused('conflict', /^arms/));
    await expect(world.start({}, 'green')).rejects.toMatchObject(refused('conflict', /"blue" of "churn" runs already/));
    await expect(world.experiments.get(MODEL, 'green')).rejects.toMatchObject(refused('not_found', /"green"/));
    await expect(world.experiments.start(MODEL, 'green', 'x', ACT)).rejects.toMatchObject({ code: 'not_found' });
    await expect(world.experiments.put('nobody', 'blue', {}, ACT)).rejects.toMatchObject({ code: 'not_found' });
    const arms = [
      { version: '1', weight: 1 },
      { version: '9', weight: 1 },
    ];
    await world.put({ arms }, 'green');
    await world.experiments.pause(MODEL, 'blue', 'x', ACT);
    await expect(world.experiments.start(MODEL, 'green', 'x', ACT)).rejects.toMatchObject(
      refused('not_found', /version "9"/),
    );
    await world.experiments.end(MODEL, 'blue', 'x', ACT);
    await expect(world.experiments.start(MODEL, 'blue', 'x', ACT)).rejects.toMatchObject({
      code: 'transition_not_allowed',
    });
    await expect(blue({ description: 'x' })).rejects.toMatchObject(refused('conflict', /has ended/));
    expect((await world.audit()).length).toBe(audited + 3);
  });

  given('keys go where the allocation says, and to production where nothing runs', async () => {
    expect(await world.experiments.assignment(MODEL, 'k')).toEqual({
      ...{ model: MODEL, version: '1', experiment: null, reason: 'production', shadows: [] },
    });
    await world.start({ shadows: ['3'] });
    const { items, models } = await world.experiments.assignments([MODEL, 'nobody']);
    expect(models).toEqual([{ model: MODEL, production: '1' }]);
    const [running] = items;
    expect(running).toMatchObject({
      experiment: 'blue',
      epoch: 1,
      hash: 'murmur3_32',
      buckets: 10_000,
      shadows: ['3'],
    });
    for (const key of ['a', 'ü', '42']) {
      const version = versionAt(running?.allocation ?? [], bucketOf(key, running?.salt ?? ''));
      expect(await world.experiments.assignment(MODEL, key)).toMatchObject({
        ...{ version, reason: 'split', shadows: ['3'], experiment: { name: 'blue', epoch: 1, propensity: 0.5 } },
      });
    }
    world.random = 0.999;
    expect(await world.experiments.assignment(MODEL)).toMatchObject({ version: '2', reason: 'random' });
    await expect(world.experiments.assignment('nobody', 'k')).rejects.toMatchObject({ code: 'not_found' });
    expect(await world.experiments.assignments([])).toEqual({ items: [], models: [] });
  });

  given(
    'two replicas that start two experiments at once: one runs, and the database itself allows no second',
    async () => {
      await world.start({ state: 'draft' }, 'blue');
      await world.start({ state: 'draft' }, 'green');
      const other = new World(world.database);
      const outcomes = await Promise.allSettled([
        world.experiments.start(MODEL, 'blue', 'x', ACT),
        other.experiments.start(MODEL, 'green', 'x', ACT),
      ]);
      expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      expect((await world.store.running()).length).toBe(1);
      const forced = world.database.db.updateTable('experiments').set({ state: 'running' }).execute();
      await expect(forced).rejects.toThrow(/unique/i);
      await other.close();
    },
  );

  given('fifty puts of one new experiment at once make one, with one salt', async () => {
    const made = await Promise.all(Array.from({ length: 50 }, () => world.start()));
    expect(new Set(made.map(({ salt }) => salt)).size).toBe(1);
    expect((await world.experiments.list(MODEL, { limit: 10 })).items.length).toBe(1);
    expect((await world.audit()).length).toBe(2);
  });

  given('pages of a list, newest first', async () => {
    for (const name of ['a', 'b', 'c']) await world.start({ state: 'draft' }, name);
    const first = await world.experiments.list(MODEL, { limit: 2 });
    const second = await world.experiments.list(MODEL, { limit: 2, after: first.next ?? '' });
    expect([first.items, second.items].map((items) => items.map(({ experiment }) => experiment))).toEqual([
      ['c', 'b'],
      ['a'],
    ]);
    expect(second.next).toBeNull();
  });

  describe('a version that leaves', () => {
    let service: Control;
    beforeEach(async () => {
      service = control(world.database, await createLocalArtifacts(join(engines.folder, `leaving-${engine}`)));
      service.state.live = GOOD;
      service.state.now = world.now;
    });

    given('deprecated, its weight goes to 0 in the same transaction, and shadows lose it', async () => {
      for (const version of ['11', '12', '13']) await service.save({ version });
      await service.move('11', 'staging');
      await service.move('11', 'production');
      await service.move('12', 'staging');
      const arms = [
        { version: '11', weight: 1 },
        { version: '12', weight: 1 },
      ];
      await world.start({ arms, shadows: ['13'] });
      await service.move('12', 'production');
      const after = await world.experiments.get(MODEL, 'blue');
      expect(after).toMatchObject({ state: 'running', epoch: { number: 2, weights: { '12': 1 }, cause: 'withdrawn' } });
      expect(after.stopped).toMatchObject([{ version: '11', why: 'The version was deprecated.' }]);
      expect((await world.audit()).at(-1)).toMatchObject({ action: 'experiment.changed', actor: { name: 'anna' } });
      await expect(world.put({ arms })).rejects.toMatchObject(refused('conflict', /"11" is deprecated/));
      await expect(service.registry.remove(MODEL, '13', ACT)).rejects.toMatchObject(
        refused('conflict', /experiment "blue"/),
      );
      await service.move('12', 'deprecated');
      expect(await world.experiments.get(MODEL, 'blue')).toMatchObject({
        state: 'paused',
        epoch: { until: expect.any(String) },
      });
      expect((await world.audit()).at(-1)).toMatchObject({ action: 'experiment.paused' });
      await world.experiments.end(MODEL, 'blue', 'x', ACT);
      await service.registry.remove(MODEL, '13', ACT);
    });
  });
});
