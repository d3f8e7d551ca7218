/** The chore that starts runs by themselves, the dry run beside it, and what becomes of runs whose replica is gone; on both engines. */
import { mkdirSync, mkdtempSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { RetrainingMetrics } from '../../../collector/src/retraining/retraining-metrics.ts';
import { startRun } from '../../../collector/src/retraining/start-run.ts';
import { verifyStore } from '../../../collector/src/storage/verify/verify-store.ts';
import type { MetricStore } from '../../../collector/src/telemetry/store.ts';
import type { Database } from '../../../collector/src/storage/database.ts';
import { ENGINES, useEngines } from '../../support/engines.ts';
import { ACT } from '../registry/support/control.ts';
import { MODEL, openRoom, PATIENCE, POLICY, START, type Room } from './support/room.ts';

const engines = useEngines();
const HOUR = 3_600_000;
const LOW = { task: 'classification', metrics: { accuracy: { value: 0.5, n: 1_000 } } };

describe.each(ENGINES)('on %s', (engine) => {
  const test = engines.testOn(engine);
  let database: Database;
  let folder: string;
  let room: Room;

  const open = async (changes: Parameters<Room['setPolicy']>[0] = {}) => {
    database = await engines.database(engine);
    folder = mkdtempSync(join(engines.folder, 't-'));
    room = await openRoom(database, folder);
    await room.registry.declare(MODEL, { task: 'classification', classes: ['no', 'yes'] }, ACT);
    await room.setPolicy({ ...POLICY, ...changes }, { predictCommand: ['predict'] });
  };
  const runs = async () => (await room.retraining.runs(MODEL, { limit: 100 })).items;
  const allEnded = async () => {
    for (const { run } of await runs()) await room.desk.ended(run);
  };
  const refused = async () => (await room.audit.list({ action: 'retraining.refused', limit: 100 })).items;

  test('nothing is met: nothing happens; accuracy falls: a run, as the plan says', async () => {
    await open();
    await room.look();
    expect([await runs(), (await room.retraining.plan(MODEL)).would]).toEqual([[], 'wait']);
    room.state.performance = LOW;
    const plan = await room.retraining.plan(MODEL);
    expect(plan).toMatchObject({
      would: 'start',
      trigger: 'accuracy',
      why: expect.stringContaining('0.5 on 1000 labels is below 0.85'),
    });
    await room.look();
    expect(await runs()).toEqual([
      expect.objectContaining({
        trigger: 'accuracy',
        reason: '0.5 on 1000 labels is below 0.85.',
        actor: expect.objectContaining({ name: 'plumbline' }),
      }),
    ]);
    await allEnded();
  });

  test('a trigger that stays met is refused by the cooldown once, not at every look, and starts a run after it', async () => {
    await open();
    room.state.performance = LOW;
    await room.look();
    await allEnded();
    for (let look = 0; look < 3; look++) await room.look();
    expect(await refused()).toEqual([
      expect.objectContaining({ subject: 'accuracy', after: expect.objectContaining({ code: 'cooldown' }) }),
    ]);
    expect(room.refusals).toEqual([`${MODEL} accuracy`]);
    room.days(1);
    await room.look();
    await allEnded();
    expect(await runs()).toHaveLength(2);
    // The next cooldown is another one.
    await room.look();
    expect(await refused()).toHaveLength(2);
  });

  test('a scheduled time starts one run, whichever of two replicas looks first, and a missed one is made up for once', async () => {
    await open({
      cooldownHours: 0,
      triggers: { accuracy: null, drift: null, feedback: null, schedule: { cron: '0 3 * * *', timeZone: 'UTC' } },
    });
    const other = await openRoom(database, folder, 'replica-b');
    const look = async (now: number) => {
      for (const { state } of [room, other]) state.now = now;
      await Promise.all([room.look(), other.look()]);
      await allEnded();
      for (const { run } of await runs()) await other.desk.ended(run);
      return (await runs()).length;
    };
    expect(await look(START)).toBe(0);
    expect(await look(START + 3 * HOUR - 1)).toBe(0);
    expect(await look(START + 3 * HOUR)).toBe(1);
    expect(await look(START + 4 * HOUR)).toBe(1);
    expect(await look(START + 76 * HOUR)).toBe(2);
    expect(await look(START + 77 * HOUR)).toBe(2);
    expect([room.errors, other.errors]).toEqual([[], []]);
  });

  test('two replicas that see the same drift start one run', async () => {
    await open();
    const other = await openRoom(database, folder, 'replica-b');
    for (const { state } of [room, other])
      state.drift = {
        lasting: { verdict: 'drifted', drifted: 2, windows: 3 },
        features: [{ verdict: 'drifted' }, { verdict: 'stable' }],
      };
    await Promise.all([room.look(), other.look()]);
    await allEnded();
    for (const { run } of await runs()) await other.desk.ended(run);
    expect(await runs()).toEqual([expect.objectContaining({ trigger: 'drift' })]);
  });

  test('facts that cannot be had start nothing and say so in the plan', async () => {
    await open();
    room.state.performance = undefined;
    await room.look();
    expect(await runs()).toEqual([]);
    const { triggers } = await room.retraining.plan(MODEL);
    expect(triggers.find(({ trigger }) => trigger === 'accuracy')).toMatchObject({
      met: false,
      why: expect.stringContaining('could not be measured'),
    });
  });

  /** A run of a replica that is killed right after it wrote it down. */
  const orphan = async () => {
    const options = { store: room.store, now: () => room.state.now, newId: () => 'orphan-1', owner: 'dead' };
    await startRun(options, MODEL, { trigger: 'operator', reason: 'because' }, ACT);
    mkdirSync(join(room.runsFolder, 'orphan-1'));
    mkdirSync(join(room.runsFolder, 'orphan-1-held'));
  };

  test('a run whose replica is gone is marked once it was silent for long enough, counted, and may run again at once', async () => {
    await open();
    await orphan();
    room.state.now += PATIENCE;
    expect(await room.desk.recover()).toBe(0);
    expect(readdirSync(room.runsFolder)).toHaveLength(2);
    room.state.now += 1;
    expect(await room.desk.recover()).toBe(1);
    const run = await room.retraining.run(MODEL, 'orphan-1');
    expect(run).toMatchObject({ state: 'interrupted', outcome: 'The service that ran it is gone. It was queued.' });
    expect(readdirSync(room.runsFolder)).toEqual([]);
    expect(room.ends).toEqual([
      { model: MODEL, trigger: 'operator', result: 'interrupted', seconds: (PATIENCE + 1) / 1_000 },
    ]);
    const [entry] = (await room.audit.list({ action: 'retraining.interrupted', limit: 1 })).items;
    expect(entry).toMatchObject({ subject: 'orphan-1', actor: { name: 'plumbline' } });
    expect((await room.ran()).state).toBe('succeeded');
    expect((await verifyStore({ database, artifacts: room.artifacts })).sound).toBe(true);
  });

  test('a replica that was taken for dead and comes back writes nothing more', async () => {
    await open({ then: { do: 'promote', to: 'staging' } });
    const other = await openRoom(database, folder, 'replica-b');
    let goOn: () => void = () => {};
    let begun: () => void = () => {};
    const trains = new Promise<void>((resolve) => (begun = resolve));
    const { train } = room.state;
    room.state.train = async (job, signal, print) => {
      begun();
      await new Promise<void>((resolve) => (goOn = resolve));
      return train(job, signal, print);
    };
    const answer = await room.start();
    const { run } = answer.outcome === 'started' ? answer.run : { run: '' };
    await trains;
    other.state.now += PATIENCE + 1;
    expect(await other.desk.recover()).toBe(1);
    goOn();
    const ended = await room.ended(run);
    expect(ended).toMatchObject({
      state: 'interrupted',
      version: null,
      outcome: expect.stringContaining('It was training'),
    });
    await expect(room.registry.version(MODEL, '1')).rejects.toMatchObject({ code: 'not_found' });
    expect([room.ends, other.ends.map(({ result }) => result)]).toEqual([[], ['interrupted']]);
  });

  test('a service that is stopped marks its runs', async () => {
    await open();
    room.state.train = (_job, signal) =>
      new Promise((resolve) => {
        const end = () => resolve({ end: 'cancelled', exitCode: null, reason: 'It was ended.' });
        signal.addEventListener('abort', end);
        if (signal.aborted) end();
      });
    const answer = await room.start();
    await room.desk.close();
    expect(await room.retraining.run(MODEL, answer.outcome === 'started' ? answer.run.run : '')).toMatchObject({
      state: 'interrupted',
      outcome: expect.stringContaining('The service was stopped.'),
    });
  });

  test('an operator is told why not, an admin may pass cooldown and budget, nobody starts two', async () => {
    await open({ runsPerWeek: 1 });
    expect((await room.ran()).state).toBe('succeeded');
    expect(await room.start()).toMatchObject({ outcome: 'refused', refusal: { code: 'cooldown' } });
    room.days(2);
    expect(await room.start()).toMatchObject({ outcome: 'refused', refusal: { code: 'budget' } });
    expect((await room.ran({ override: true })).state).toBe('succeeded');
    await room.setPolicy({ trainer: null });
    expect(await room.start({ override: true })).toMatchObject({ outcome: 'refused', refusal: { code: 'no_trainer' } });
    expect((await refused()).map(({ after }) => (after as { code: string }).code)).toEqual([
      'no_trainer',
      'budget',
      'cooldown',
    ]);
    await expect(room.retraining.start('nobody', { trigger: 'operator', reason: 'x' }, ACT)).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  test('what is exported: every series of a model with a trainer from the start, the cooldown as it runs out', async () => {
    await open();
    const stores: MetricStore[] = [];
    const metrics = new RetrainingMetrics({
      store: room.store,
      now: () => room.state.now,
      zeroHold: 0,
      attach: (store) => void stores.push(store),
    });
    await metrics.refresh();
    const [store] = stores as [MetricStore];
    const value = (name: string, labels: object = {}) => {
      store.collect();
      const points = store
        .collect()
        .flatMap((family) => (family.kind !== 'histogram' && family.spec.name === name ? family.points : []));
      return points
        .filter(({ attributes }) => Object.entries(labels).every(([key, text]) => attributes[key] === text))
        .map((point) => point.value);
    };
    expect(value('ml.retraining.runs', { model: MODEL })).toEqual(Array<number>(30).fill(0));
    expect(value('ml.retraining.cooldown.seconds')).toEqual([0]);
    await room.ran();
    await metrics.refresh();
    metrics.ended(MODEL, 'operator', 'succeeded', 3);
    room.state.now += HOUR;
    expect(value('ml.retraining.cooldown.seconds')).toEqual([23 * 3_600]);
    expect(value('ml.retraining.runs', { trigger: 'operator', result: 'succeeded' })).toEqual([1]);
  });
});
