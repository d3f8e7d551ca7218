/** A run from its start to its end, on both engines: what is trained on, what is validated, what follows, and what stops it. */
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_POLICY } from '../../../collector/src/lifecycle/policy.ts';
import type { TrainingJob } from '../../../collector/src/retraining/trainer.ts';
import { ENGINES, useEngines } from '../../support/engines.ts';
import { ACT, GOOD } from '../registry/support/control.ts';
import { answering, examples, FINE, leave, MODEL, openRoom, POLICY, START, type Room } from './support/room.ts';

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

  test('the older examples are trained on, the newest held out, and the candidate is saved with what it reached', async () => {
    await open();
    await produce();
    let trained = '';
    let seen: string[] = [];
    room.state.train = async (job) => {
      trained = readFileSync(job.dataPath, 'utf8');
      seen = readdirSync(join(job.folder, '..'));
      leave(job, { 'model.bin': 'new weights', 'metrics.json': '{"n": 1}', 'deep/er.txt': 'x' });
      return FINE;
    };
    const run = await room.ran();
    expect([run.state, run.outcome]).toEqual(['succeeded', expect.stringContaining('Version "2" is in development')]);
    expect(run).toMatchObject({
      incumbent: '1',
      version: '2',
      trigger: 'operator',
      reason: 'because',
      actor: { name: 'anna' },
    });
    expect(run.steps.map(({ state }) => state)).toEqual([
      ...['queued', 'exporting', 'training', 'validating', 'saving', 'saving', 'succeeded'],
    ]);
    const lines = trained
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { id: string });
    expect(lines.map(({ id }) => id)).toEqual(room.state.examples.slice(0, 800).map(({ id }) => id));
    // While it trained, nothing that was held out lay on the disk.
    expect(seen).toEqual([run.run]);
    const held = [...(room.state.predictions[0]?.expected.ids ?? [])];
    expect(held.sort()).toEqual(
      room.state.examples
        .slice(800)
        .map(({ id }) => id)
        .sort(),
    );
    const saved = await room.registry.version(MODEL, '2');
    expect(saved.files.map(({ path }) => path)).toEqual(['deep/er.txt', 'model.bin']);
    expect(saved.metrics).toMatchObject({ accuracy: 0.95, n: 200 });
    expect(saved.validation).toMatchObject({
      by: 'plumbline',
      run: run.run,
      covers: { version: '1', n: 200, metrics: { accuracy: 0.85 } },
    });
    expect(saved.tags).toEqual({ retraining: run.run });
    expect(room.ends).toEqual([{ model: MODEL, trigger: 'operator', result: 'succeeded', seconds: 0 }]);
    expect(readdirSync(room.runsFolder)).toEqual([]);
    const audit = (await room.audit.list({ model: MODEL, limit: 10 })).items.map(({ action }) => action);
    expect(audit.slice(0, 3)).toEqual(['retraining.finished', 'version.saved', 'retraining.started']);
  });

  test('a candidate below the threshold, or worse than the incumbent by more than the margin, is not saved', async () => {
    await open();
    await produce();
    room.state.answers = (job) => answering(job.modelFolder.includes('version-') ? 0.3 : 0.25)(job);
    const low = await room.ran();
    expect([low.state, low.outcome]).toEqual(['failed', 'The accuracy of the candidate, 0.75, is below 0.8.']);
    room.days(2);
    room.state.answers = (job) => answering(job.modelFolder.includes('version-') ? 0.1 : 0.12)(job);
    const worse = await room.ran();
    expect(worse.outcome).toBe(
      'The accuracy of the candidate, 0.88, is worse than 0.9 of version "1", now in production, by more than the margin of 0.01.',
    );
    expect(worse.steps.at(-1)).toMatchObject({
      state: 'failed',
      evidence: { verdict: { good: false, incumbent: { value: 0.9 } } },
    });
    await expect(room.registry.version(MODEL, '2')).rejects.toMatchObject({ code: 'not_found' });
    expect((await room.registry.model(MODEL)).production).toBe('1');
  });

  const endings: [string, Room['state']['train'], string | RegExp][] = [
    [
      'a trainer that fails',
      async () => ({ end: 'failed', exitCode: 3, reason: 'It ended with exit code 3.' }),
      /exit code 3/,
    ],
    [
      'one that takes too long',
      async () => ({ end: 'timed_out', exitCode: null, reason: 'It took longer than 5 s.' }),
      /longer than 5 s/,
    ],
    ['one that breaks the port', () => Promise.reject(new Error('a defect')), 'It broke: a defect'],
  ];
  test.each(endings)('%s leaves production as it is, and the run says why', async (_name, train, why) => {
    await open();
    await produce();
    room.state.train = train;
    const run = await room.ran();
    expect([run.state, run.outcome]).toEqual(['failed', typeof why === 'string' ? why : expect.stringMatching(why)]);
    expect((await room.registry.model(MODEL)).production).toBe('1');
    expect(room.ends.map(({ result }) => result)).toEqual(['failed']);
    expect(readdirSync(room.runsFolder)).toEqual([]);
  });

  test('a predict command that fails on either version fails the run', async () => {
    await open();
    await produce();
    room.state.answers = () => null as never;
    expect((await room.ran()).outcome).toMatch(
      /^The predict command failed on version "1", now in production,: It ended well/,
    );
  });

  test('too few examples: nothing is trained', async () => {
    await open();
    room.state.examples = examples(100);
    expect((await room.ran()).outcome).toMatch(
      /^There are 80 labelled examples for the trainer since .*; the policy wants 100\./,
    );
    expect(room.state.jobs).toEqual([]);
  });

  test('feedback feeds a run only from the number on that the policy names', async () => {
    await open({ data: { minimumRows: 100, minimumFeedback: 10 } });
    room.state.examples = examples(1_000, (_, index) => (index % 2 === 0 ? { source: 'feedback' } : {}));
    const count = async () => {
      let lines = 0;
      room.state.train = async (job: TrainingJob) => {
        lines = readFileSync(job.dataPath, 'utf8').trim().split('\n').length;
        return { end: 'failed', exitCode: 1, reason: 'Enough seen.' };
      };
      await room.ran();
      room.days(2);
      return lines;
    };
    room.state.accepted = 9;
    expect(await count()).toBe(400);
    room.state.accepted = 10;
    expect(await count()).toBe(800);
  });

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
      await open({ then: { do: 'experiment', weight: 0.1, keyWindowSeconds: 0 } });
      await produce();
      const run = await room.ran();
      expect([run.state, run.outcome]).toEqual([
        'succeeded',
        expect.stringContaining(`experiment "retraining-${run.run}"`),
      ]);
      const arm = { model: MODEL, run: run.run, version: '2', incumbent: '1', weight: 0.1, keyWindowSeconds: 0 };
      expect(room.state.arms).toEqual([arm]);
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

  test('a run that is cancelled ends, and is told of', async () => {
    await open();
    let begun: () => void = () => {};
    const training = new Promise<void>((resolve) => (begun = resolve));
    room.state.train = (_job, signal, print) => {
      print('with top-secret inside\n');
      begun();
      return new Promise((resolve) =>
        signal.addEventListener('abort', () =>
          resolve({ end: 'cancelled', exitCode: null, reason: 'It was cancelled.' }),
        ),
      );
    };
    const answer = await room.start();
    const { run } = answer.outcome === 'started' ? answer.run : { run: '' };
    await training;
    await expect(room.start()).resolves.toMatchObject({ outcome: 'refused', refusal: { code: 'running' } });
    await room.desk.beat();
    expect((await room.retraining.run(MODEL, run)).log).toBe('with *** inside\n');
    expect(await room.retraining.cancel(MODEL, run, 'enough', ACT)).toMatchObject({ cancelRequested: true });
    const ended = await room.ended(run);
    expect([ended.state, ended.outcome]).toEqual(['cancelled', 'It was cancelled.']);
    await expect(room.retraining.cancel(MODEL, run, 'again', ACT)).rejects.toMatchObject({ code: 'conflict' });
    const [entry] = (await room.audit.list({ model: MODEL, action: 'retraining.cancelled', limit: 1 })).items;
    expect(entry).toMatchObject({ subject: run, reason: 'enough', actor: { name: 'anna' } });
    // It does not count: the next may start at once.
    expect((await room.start()).outcome).toBe('started');
    expect(room.errors).toEqual([]);
    expect(START).toBe(room.state.now);
  });
});
