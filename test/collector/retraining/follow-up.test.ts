/** What a trainer reports of itself, and what follows a candidate that was found good; on both engines. */
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_POLICY } from '../../../collector/src/lifecycle/policy.ts';
import type { TrainingJob } from '../../../collector/src/retraining/trainer.ts';
import { ENGINES, useEngines } from '../../support/engines.ts';
import { ACT, GOOD } from '../registry/support/control.ts';
import { FINE, leave, MODEL, openRoom, POLICY, type Room } from './support/room.ts';

const engines = useEngines();

describe.each(ENGINES)('on %s', (engine) => {
  const test = engines.testOn(engine);
  let room: Room;

  const open = async (
    changes: Parameters<Room['setPolicy']>[0] = {},
    more: object = { predictCommand: ['predict'] },
  ) => {
    const database = await engines.database(engine);
    room = await openRoom(database, mkdtempSync(join(engines.folder, 'r-')));
    await room.registry.declare(MODEL, { task: 'classification', classes: ['no', 'yes'] }, ACT);
    await room.setPolicy({ ...POLICY, ...changes }, more);
    return room;
  };
  /** Version 1 in production. */
  const produce = async () => {
    await room.save();
    await room.move('1', 'staging', true);
    await room.move('1', 'production', true);
  };

  describe('without a predict command', () => {
    const report = (metrics: object) => async (job: TrainingJob) => {
      leave(job, { 'model.bin': 'x', 'metrics.json': JSON.stringify(metrics) });
      return FINE;
    };

    test('the trainer gets all examples and the incumbent, and its report must cover the incumbent on the same rows', async () => {
      await open({}, { predictCommand: null });
      await produce();
      let about: unknown;
      room.state.train = async (job) => {
        const told = JSON.parse(readFileSync(join(job.folder, 'run.json'), 'utf8')) as { incumbentFolder: string };
        about = {
          ...told,
          files: readdirSync(told.incumbentFolder),
          lines: readFileSync(job.dataPath, 'utf8').trim().split('\n').length,
        };
        return report({
          n: 300,
          accuracy: 0.9,
          incumbent: { version: '1', n: 300, accuracy: 0.85 },
          heldOut: { rows: 300, digest: 'abc' },
        })(job);
      };
      const run = await room.ran();
      expect(about).toMatchObject({ run: run.run, model: MODEL, incumbent: '1', files: ['model.bin'], lines: 1_000 });
      expect(run.state).toBe('succeeded');
      expect(await room.registry.version(MODEL, '2')).toMatchObject({
        metrics: { accuracy: 0.9, n: 300 },
        validation: { by: 'reported', covers: { version: '1', n: 300, metrics: { accuracy: 0.85 } } },
      });
    });

    const faults: [string, object | string, string][] = [
      ['no report', '', 'metrics.json is missing: the trainer left none in its output folder.'],
      [
        'none of the incumbent',
        { n: 300, accuracy: 0.9 },
        'metrics.json says nothing of version "1", now in production, on the same rows ("incumbent").',
      ],
      [
        'one of another',
        { n: 300, accuracy: 0.9, incumbent: { version: '0', n: 300, accuracy: 0.8 } },
        'metrics.json compares with version "0"; in production is "1".',
      ],
      [
        'one on other rows',
        { n: 300, accuracy: 0.9, incumbent: { version: '1', n: 299, accuracy: 0.8 } },
        'The accuracy rests on 300 rows, that of version "1" on 299.',
      ],
      ['no number of rows', { accuracy: 0.9 }, 'metrics.json: n: expected the number of held-out rows.'],
    ];
    test.each(faults)('%s: the run fails and says so', async (_name, metrics, why) => {
      await open({}, { predictCommand: null });
      await produce();
      room.state.train =
        metrics === ''
          ? async (job) => {
              leave(job, { 'model.bin': 'x' });
              return FINE;
            }
          : report(metrics as object);
      const run = await room.ran();
      expect([run.state, run.outcome]).toEqual(['failed', why]);
    });
  });

  describe('what follows', () => {
    const gates = { ...DEFAULT_POLICY.gates, production: [{ metric: 'accuracy', min: 0.9 }] };

    test('promoted as far as the gates let it: into production', async () => {
      await open({ then: { do: 'promote', to: 'production' } }, { predictCommand: ['p'], gates });
      await produce();
      const run = await room.ran();
      expect([run.state, run.outcome]).toEqual([
        'succeeded',
        expect.stringMatching(/^Version "2" is in production\. /),
      ]);
      expect((await room.registry.model(MODEL)).production).toBe('2');
      expect(run.steps.at(-2)).toMatchObject({ state: 'promoting', evidence: { version: '2' } });
      const [moved] = (await room.lifecycle.transitions(MODEL, { limit: 1 })).items;
      expect(moved).toMatchObject({
        version: '2',
        to: 'production',
        actor: { name: 'plumbline' },
        reason: `Retraining run ${run.run}`,
      });
    });

    test('a gate that is not met ends the way, and the evidence stands in the refusal', async () => {
      await open({ then: { do: 'promote', to: 'production' } });
      await produce();
      const run = await room.ran();
      expect(run.state).toBe('succeeded');
      expect(run.outcome).toMatch(/^Version "2" is in staging: the gates of production are not met\. .*stability/);
      expect((await room.registry.model(MODEL)).production).toBe('1');
      const [refused] = (await room.audit.list({ model: MODEL, action: 'transition.refused', limit: 1 })).items;
      expect(refused).toMatchObject({ subject: '2', evidence: { gates: expect.any(Array) } });
    });

    test('an arm beside the version in production', async () => {
      await open({ then: { do: 'experiment', weight: 0.1 } });
      await produce();
      const run = await room.ran();
      expect([run.state, run.outcome]).toEqual([
        'succeeded',
        expect.stringContaining(`experiment "retraining-${run.run}"`),
      ]);
      expect(room.state.arms).toEqual([{ model: MODEL, run: run.run, version: '2', incumbent: '1', weight: 0.1 }]);
    });

    test('without a version in production there is nothing to be an arm beside', async () => {
      await open({ then: { do: 'experiment', weight: 0.1 } });
      const run = await room.ran();
      expect([run.state, run.version]).toEqual(['failed', '1']);
      expect(run.outcome).toMatch(/^Version "1" was saved in development; no version is in production/);
    });
  });

  test('reported metrics pass a gate beside a version in production only where they cover it on the same rows', async () => {
    await open();
    await produce();
    const metrics = { accuracy: 0.95, n: 500 };
    const covers = { version: '1', n: 500, metrics: { accuracy: 0.8 } };
    const by = 'reported' as const;
    await room.save({ metrics });
    await room.save({ metrics, validation: { by, covers, run: null } });
    await room.save({ metrics, validation: { by, covers: { ...covers, n: 499 }, run: null } });
    await room.save({ metrics, validation: { by, covers: { ...covers, version: '0' }, run: null } });
    const met = async (version: string) => (await room.lifecycle.gates(MODEL, version, 'staging'))[0];
    const why =
      'The metrics were reported and do not cover version "1", now in production, on the same rows ("covers").';
    expect(await met('2')).toMatchObject({ met: false, why, value: 0.95, source: 'validation' });
    expect(await met('3')).toMatchObject({ met: true });
    expect(await met('4')).toMatchObject({ met: false, why });
    expect(await met('5')).toMatchObject({ met: false, why });
    // Live traffic speaks for itself.
    room.traffic(GOOD);
    expect(await met('2')).toMatchObject({ met: true, source: 'live' });
  });
});
