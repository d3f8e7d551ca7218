/** The reference of a version that a run saves: the trainer's own, or one of the examples it was given. */
import { mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseReference } from '../../../collector/src/distribution/parse-reference.ts';
import { profileReference } from '../../../collector/src/distribution/profile.ts';
import { PlumblineError } from '../../../collector/src/errors.ts';
import type { TrainingExample } from '../../../collector/src/feedback/training-example.ts';
import type { Model } from '../../../collector/src/registry/model-version.ts';
import {
  givenReference,
  PROFILED_ROWS,
  profiledReference,
} from '../../../collector/src/retraining/candidate-reference.ts';
import type { VersionAnswer } from '../../../collector/src/retraining/trainer.ts';
import { ENGINES, useEngines } from '../../support/engines.ts';
import { ACT } from '../registry/support/control.ts';
import { examples, FINE, leave, MODEL, openRoom, POLICY, START } from './support/room.ts';

const CHURN: Model = {
  ...{ model: MODEL, registered: true, createdAt: '2026-01-01T00:00:00.000Z', production: null, versions: 0 },
  ...{ task: 'classification', classes: ['no', 'yes'] },
};

async function* linesOf(rows: readonly TrainingExample[]) {
  for (const row of rows) yield JSON.stringify(row);
}

function profiled(rows: readonly TrainingExample[], more: Partial<Model> = {}, answers?: Map<string, VersionAnswer>) {
  return profiledReference(linesOf(rows), { model: { ...CHURN, ...more }, answers: answers ?? null, now: START });
}

describe('a reference of examples', () => {
  test('is what profileReference makes of them, and can be read again', async () => {
    const rows = examples(500);
    const made = await profiled(rows);
    const features = rows.map((row) => row.features);
    expect(made).toEqual({ ...profileReference(features), createdAt: new Date(START).toISOString() });
    expect(parseReference(JSON.parse(JSON.stringify(made)))).toEqual(made);
  });

  test('takes features as they are declared: types, what is to be dropped, and no others', async () => {
    const rows = examples(200, (_example, index) => ({
      features: {
        x: index,
        code: index % 3,
        mixed: index % 2 ? 'odd' : index,
        name: `n${index}`,
        more: 1,
        empty: null,
      },
    }));
    const made = await profiled(rows, {
      features: {
        ...{ x: { type: 'numeric' }, code: { type: 'categorical' }, mixed: { type: 'numeric' } },
        ...{ name: { pii: 'drop' }, empty: {}, nowhere: {} },
      },
    });
    expect(made?.features.map(({ feature, type, n, missing }) => [feature, type, n, missing])).toEqual([
      ['x', 'numeric', 200, 0],
      ['code', 'categorical', 200, 0],
      ['mixed', 'numeric', 100, 100],
    ]);
  });

  test('rests on the newest examples, in whatever order they come', async () => {
    const rows = examples(2 * PROFILED_ROWS + 3, (_example, index) => ({ features: { x: index } }));
    const newest = rows.slice(-PROFILED_ROWS).map((row) => row.features);
    const expected = profileReference(newest).digest;
    expect((await profiled(rows))?.digest).toBe(expected);
    expect((await profiled(rows.toReversed()))?.digest).toBe(expected);
  });

  test('rests on fewer of them where they have many features', async () => {
    const features = Object.fromEntries(Array.from({ length: 25 }, (_, index) => [`f${index}`, index]));
    expect((await profiled(examples(12_000, () => ({ features }))))?.rows).toBe(10_000);
  });

  test('holds what the candidate answered: classes and scores, or values and the mean label', async () => {
    const answers = new Map<string, VersionAnswer>([
      ['a', { prediction: 'yes', score: 0.9 }],
      ['b', { prediction: 'no', score: 0.2 }],
      ['c', { prediction: 'no', score: 0.4 }],
    ]);
    const classes = await profiled(examples(100), { positiveClass: 'yes' }, answers);
    expect(classes?.predictions).toEqual({ no: 2, yes: 1 });
    expect(classes?.features.map(({ feature, n }) => [feature, n])).toEqual([
      ['x', 100],
      ['__score__', 3],
    ]);
    const numbers = examples(100, (_example, index) => ({ label: String(index) }));
    const { classes: _none, ...regression } = { ...CHURN, task: 'regression' as const };
    const values = await profiledReference(linesOf(numbers), {
      model: regression,
      answers: new Map([['a', { prediction: 3 }]]),
      now: START,
    });
    expect(values?.labels).toEqual({ n: 100, mean: 49.5 });
    expect(values?.features.map(({ feature }) => feature)).toEqual(['x', '__prediction__']);
    expect(values).not.toHaveProperty('predictions');
  });

  test('is none where no example holds a feature', async () => {
    expect(await profiled(examples(100, () => ({ features: {} })))).toBeUndefined();
  });
});

describe('a reference of the trainer', () => {
  const given = (text: string | undefined) => givenReference({ readText: async () => text }, 'output/reference.json');
  const own = profileReference([{ x: 1 }, { x: 2 }]);

  test('is taken as it is, and may be missing', async () => {
    expect(await given(JSON.stringify(own))).toEqual(own);
    expect(await given(undefined)).toBeUndefined();
  });

  test.each([
    ['{"format"', /^reference\.json is not valid JSON: /],
    ['{}', /^reference\.json cannot be used: .*format: expected .*plumbline profile/],
    [JSON.stringify({ ...own, rows: 3 }), /^reference\.json cannot be used: .*digest: does not match/],
  ])('that is broken fails the run: %s', async (text, why) => {
    await expect(given(text)).rejects.toMatchObject({ name: 'RunFailure', message: expect.stringMatching(why) });
  });

  test('that is too large fails the run; a disk that cannot be read is no fault of the trainer', async () => {
    const thrown = (code: 'too_large' | 'unavailable') =>
      givenReference({ readText: () => Promise.reject(new PlumblineError(code, 'A message.', 'A remedy.')) }, 'x');
    await expect(thrown('too_large')).rejects.toMatchObject({
      name: 'RunFailure',
      message: 'reference.json cannot be used: A message. A remedy.',
    });
    await expect(thrown('unavailable')).rejects.toMatchObject({ code: 'unavailable' });
  });
});

describe.each(ENGINES)('a run on %s', (engine) => {
  const engines = useEngines();
  const test = engines.testOn(engine);
  const open = async () => {
    const room = await openRoom(await engines.database(engine), mkdtempSync(join(engines.folder, 'r-')));
    await room.registry.declare(MODEL, { task: 'classification', classes: ['no', 'yes'] }, ACT);
    await room.setPolicy(POLICY, { predictCommand: ['predict'] });
    return room;
  };

  test('saves the profile of exactly what its trainer was given', async () => {
    const room = await open();
    let data = '';
    room.state.train = async (job) => {
      data = readFileSync(job.dataPath, 'utf8');
      leave(job, { 'model.bin': 'new weights' });
      return FINE;
    };
    const run = await room.ran();
    const { reference, referenceDigest, files } = await room.registry.version(MODEL, run.version as string);
    const rows = data.trim().split('\n');
    const features = rows.map((line) => (JSON.parse(line) as TrainingExample).features);
    const answered = room.state.examples.slice(800).map(({ id }) => id);
    expect(reference?.features).toEqual(profileReference(features).features);
    expect(reference?.rows).toBe(800);
    expect(Object.values(reference?.predictions ?? {}).reduce((sum, count) => sum + count, 0)).toBe(answered.length);
    expect(referenceDigest).toBe(reference?.digest);
    expect(files.map(({ path }) => path)).toEqual(['model.bin']);
  });

  test('saves what its trainer left, which stays a file of the artifact', async () => {
    const room = await open();
    const own = profileReference([{ x: 1 }, { x: 2 }]);
    room.state.train = async (job) => {
      leave(job, { 'model.bin': 'new weights', 'reference.json': JSON.stringify(own) });
      return FINE;
    };
    const run = await room.ran();
    const { reference, files } = await room.registry.version(MODEL, run.version as string);
    expect(reference).toEqual(own);
    expect(files.map(({ path }) => path)).toEqual(['model.bin', 'reference.json']);
  });

  test('fails by a broken one before the candidate is run', async () => {
    const room = await open();
    room.state.train = async (job) => {
      leave(job, { 'model.bin': 'new weights', 'reference.json': '{}' });
      return FINE;
    };
    const run = await room.ran();
    expect([run.state, run.version, run.outcome]).toEqual(['failed', null, expect.stringMatching(/^reference\.json/)]);
    expect(room.state.predictions).toEqual([]);
  });
});
