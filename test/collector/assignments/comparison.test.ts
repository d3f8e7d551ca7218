/** Experiments that are looked after: compared, ramped, guarded, led by a bandit; over both engines. */
import type { ExperimentReport } from '../../../collector/src/assignments/report.ts';
import { createIngestStore } from '../../../collector/src/storage/ingest/ingest-store.ts';
import { createUnitStore } from '../../../collector/src/storage/experiments/unit-store.ts';
import { auditWalk } from '../../../collector/src/storage/verify/audit-walk.ts';
import { ENGINES, useEngines } from '../../support/engines.ts';
import { ACT } from '../registry/support/control.ts';
import { DAY, SECOND } from '../labels/support/replica.ts';
import { MODEL, mixed, routed, World } from './support/world.ts';

const engines = useEngines();
const HOUR = 3_600 * SECOND;

describe.each(ENGINES)('%s', (engine) => {
  const given = engines.testOn(engine);
  let world: World;
  beforeEach(async () => {
    world = new World(await engines.database(engine));
    await world.versions('1', '2', '3');
  });
  afterEach(() => world.close());

  const report = (name = 'blue'): Promise<ExperimentReport> => world.experiments.get(MODEL, name);
  const armsOf = async () =>
    (await report()).comparison?.arms.map(({ version, keys, entered, labelled }) => [version, keys, entered, labelled]);

  given('an arm that is better wins; a restarted process and another replica come to the same numbers', async () => {
    await world.start();
    const keeper = world.keeper();
    await world.round(keeper);
    expect((await report()).comparison?.verdict.verdict).toBe('insufficient_data');
    const rows = mixed(routed('1', 400, 0.6, { seconds: 0.1 }), routed('2', 400, 0.9, { seconds: 0.2 }));
    await world.record(rows.slice(0, 300));
    await world.round(keeper);
    await world.record(rows.slice(300));
    await world.round(keeper);
    const { comparison, comparedAt } = await report();
    expect(comparison?.verdict).toMatchObject({ verdict: 'winner', winner: '2' });
    expect(comparison?.arms).toMatchObject([
      { version: '1', keys: 400, labelled: 400, metrics: { accuracy: { value: 0.6, n: 400 } } },
      { version: '2', keys: 400, labelled: 400, metrics: { accuracy: { value: 0.9, n: 400 } } },
    ]);
    expect(comparison?.arms[1]?.latency.p95).toBeCloseTo(0.2, 2);
    expect(comparison?.differences).toContainEqual(
      expect.objectContaining({ version: '2', metric: 'accuracy', value: expect.closeTo(0.3, 1) }),
    );
    expect(comparedAt).toBe(new Date(world.now).toISOString());
    await world.round(world.keeper());
    expect((await report()).comparison).toEqual(comparison);
  });

  given('a key belongs to its first exposure, and counts with what it did within its window', async () => {
    await world.start({ keyWindowSeconds: 3_600 });
    const keeper = world.keeper();
    await world.record([
      { id: 'a1', key: 'a', version: '1', label: 'yes' },
      { id: 'a2', key: 'a', version: '1', label: 'no' },
      { id: 'b1', key: 'b', version: '2', label: 'yes' },
      { id: 'none', version: '2', label: 'no' },
      { id: 'stray', key: 'c', version: '2', label: 'yes', epoch: 9 },
      { id: 'other', key: 'd', version: '2', label: 'yes', experiment: 'green' },
      { id: 'shadow', key: 'e', version: '2', label: 'yes', shadowOf: 'a1' },
    ]);
    await world.round(keeper);
    expect(await armsOf()).toEqual([
      ['1', 1, 0, 0],
      ['2', 2, 0, 0],
    ]);
    await world.record([
      { id: 'a3', key: 'a', version: '2', label: 'no' },
      { id: 'a4', key: 'a', version: '1', label: 'yes' },
    ]);
    world.pass(HOUR);
    await world.record([{ id: 'a5', key: 'a', version: '1', label: 'yes' }]);
    await world.round(keeper);
    expect(await armsOf()).toEqual([
      ['1', 1, 1, 1],
      ['2', 2, 2, 2],
    ]);
    const { comparison } = await report();
    // Of a1, a2 and a4 two were right; a3 was another version's, a5 too late.
    expect(comparison?.arms.map(({ metrics }) => metrics.accuracy?.value)).toEqual([2 / 3, 0.5]);
  });

  given(
    'units enter in the order of first exposure, once labelled or waited for long enough; later labels change nothing',
    async () => {
      await world.start({ labelWaitSeconds: 7_200 });
      const keeper = world.keeper();
      await world.record([{ id: 'a', key: 'a', version: '1' }, ...routed('2', 3, 1)]);
      await world.round(keeper);
      expect(await armsOf()).toEqual([
        ['1', 1, 0, 0],
        ['2', 3, 0, 0],
      ]);
      expect((await report()).comparison?.waiting).toBe(4);
      world.pass(2 * HOUR);
      await world.label([{ id: 'a', label: 'yes' }]);
      await world.round(keeper);
      expect(await armsOf()).toEqual([
        ['1', 1, 1, 0],
        ['2', 3, 3, 3],
      ]);
      await world.label([{ id: '2-1-0', label: 'no' }]);
      await world.round(world.keeper());
      expect((await report()).comparison?.arms[1]?.metrics.accuracy?.value).toBe(1);
    },
  );

  given('what retention removed changes no verdict', async () => {
    await world.start();
    const keeper = world.keeper();
    await world.record(mixed(routed('1', 200, 0.5), routed('2', 200, 0.9)));
    await world.round(keeper);
    const { comparison } = await report();
    world.pass(200 * DAY);
    for (let round = 0; round < 10; round++) await world.ingest.service.keepHouse();
    const left = await world.database.db.selectFrom('predictions').select('seq').execute();
    expect(left.length).toBeLessThan(400);
    await world.round(world.keeper());
    expect((await report()).comparison).toEqual(comparison);
    expect((await report()).comparison?.verdict).toMatchObject({ verdict: 'winner', winner: '2' });
  });

  given('traffic that does not come as the weights say blocks the verdict', async () => {
    await world.start();
    await world.record(mixed(routed('1', 500, 0.6), routed('2', 300, 0.9)));
    await world.round(world.keeper());
    expect((await report()).comparison).toMatchObject({
      verdict: { verdict: 'blocked', blockedBy: 'sample_ratio' },
      sampleRatio: { mismatch: true },
    });
  });

  given('an arm that breaks a guardrail loses its weight once, whichever of two replicas looks', async () => {
    await world.start({ guardrails: [{ metric: 'accuracy', limit: 0.5 }], shadows: ['3'] });
    await world.record(mixed(routed('1', 300, 0.8), routed('2', 300, 0.2)));
    await Promise.all([world.round(world.keeper()), world.round(world.keeper())]);
    const after = await report();
    expect(after).toMatchObject({ state: 'running', epoch: { number: 2, weights: { '1': 1 }, cause: 'guardrail' } });
    expect(after.stopped).toMatchObject([{ version: '2', why: expect.stringMatching(/^accuracy of 2 is 0.2/) }]);
    expect(world.breaches.map(({ experiment, version }) => [experiment, version])).toEqual([['blue', '2']]);
    const entries = await world.audit();
    expect(entries.map(({ action }) => action)).toEqual([
      'experiment.created',
      'experiment.started',
      'experiment.guardrail',
    ]);
    expect(entries.at(-1)).toMatchObject({ actor: { name: 'plumbline' }, evidence: { breached: true, bound: 0.5 } });
    await world.round(world.keeper());
    expect((await report()).revision).toBe(after.revision);
    expect((await auditWalk(world.database.db)).problems).toEqual([]);
  });

  given('an experiment whose last arm breaks its guardrail is paused', async () => {
    await world.start({ guardrails: [{ metric: 'accuracy', limit: 0.9 }] });
    await world.record(mixed(routed('1', 400, 0.2), routed('2', 400, 0.2)));
    await world.round(world.keeper());
    expect(await report()).toMatchObject({ state: 'paused', epoch: { until: expect.any(String) } });
    expect((await world.audit()).at(-1)).toMatchObject({ action: 'experiment.paused', actor: { name: 'plumbline' } });
  });

  given(
    'a ramp takes its steps in time that it runs, moves no key that need not move, and an arm that was stopped stays so',
    async () => {
      const ramp = [
        { afterSeconds: 0, weights: { '1': 9, '2': 1 } },
        { afterSeconds: 3_600, weights: { '1': 1, '2': 1 } },
      ];
      const first = await world.start({ ramp });
      expect(first.epoch).toMatchObject({ number: 1, weights: { '1': 0.9, '2': 0.1 } });
      await world.experiments.pause(MODEL, 'blue', 'x', ACT);
      world.pass(2 * HOUR);
      await world.experiments.start(MODEL, 'blue', 'x', ACT);
      const keepers = [world.keeper(), world.keeper()] as const;
      await world.round(keepers[0]);
      expect((await report()).epoch).toMatchObject({ number: 2, cause: 'resumed', weights: { '1': 0.9, '2': 0.1 } });
      world.pass(HOUR);
      await Promise.all(keepers.map((keeper) => world.round(keeper)));
      const { epoch } = await report();
      expect(epoch).toMatchObject({ number: 3, cause: 'ramp', weights: { '1': 0.5, '2': 0.5 } });
      expect(epoch?.allocation.at(-1)).toMatchObject({ version: '2', end: 10_000 });
      expect((await world.audit()).filter(({ reason }) => reason === 'Step 2 of the ramp.').length).toBe(1);
    },
  );

  given('a bandit moves weights to what does better, keeps the floor, and not more often than it should', async () => {
    await world.start({ mode: 'bandit', bandit: { floor: 0.1, everySeconds: 3_600 } });
    await world.record(mixed(routed('1', 300, 0.5), routed('2', 300, 0.9)));
    const keeper = world.keeper();
    await world.round(keeper);
    const { epoch } = await report();
    expect(epoch).toMatchObject({ number: 2, cause: 'bandit', weights: { '1': 0.1, '2': 0.9 } });
    await world.record(mixed(routed('1', 50, 1, { epoch: 2 }), routed('2', 450, 0.5, { epoch: 2 })));
    await world.round(keeper);
    expect((await report()).epoch?.number).toBe(2);
    const audited = (await world.audit()).at(-1);
    expect(audited).toMatchObject({ action: 'experiment.changed', actor: { name: 'plumbline' } });
  });

  given('only who leads acts; a replica that lost the lead begins anew', async () => {
    await world.start();
    await world.record(mixed(routed('1', 50, 0.5), routed('2', 50, 0.5)));
    let leads = false;
    const keeper = world.keeper(() => Promise.resolve(leads));
    await world.round(keeper);
    expect((await report()).comparison).toBeNull();
    leads = true;
    await world.round(keeper);
    expect((await report()).comparison?.arms.map(({ keys }) => keys)).toEqual([50, 50]);
    expect(createIngestStore(world.database).settled).toBe(createUnitStore(world.database).settled);
  });

  given('an ended experiment is looked at until all its labels are there, and then no more', async () => {
    await world.start({ labelWaitSeconds: 3_600 });
    await world.record([...routed('1', 2, 1), { id: 'late', key: 'late', version: '2' }]);
    await world.experiments.end(MODEL, 'blue', 'x', ACT);
    const keeper = world.keeper();
    await world.round(keeper);
    expect((await createUnitStore(world.database).unfinished()).length).toBe(1);
    world.pass(2 * HOUR);
    await world.round(keeper);
    expect(await armsOf()).toEqual([
      ['1', 2, 2, 2],
      ['2', 1, 1, 0],
    ]);
    expect(await createUnitStore(world.database).unfinished()).toEqual([]);
  });
});
