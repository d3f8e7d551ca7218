/** Versions run on data by real programs, and what of their answers is taken. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createPredictor } from '../../../collector/src/outbound/create-predictor.ts';
import type { Expected } from '../../../collector/src/retraining/trainer.ts';
import { ENVIRONMENT, jobIn, nodeProgram, temporaryFolder } from './support/run-of.ts';

const root = temporaryFolder();
const CLASSES: Partial<Expected> = { task: 'classification', classes: ['no', 'yes'] };

/** Runs a program on the rows a and b. `answers(text)` writes its output. */
async function predict(code: string, expected: Partial<Expected> = CLASSES, signal = new AbortController().signal) {
  const { folder, dataPath } = jobIn(root);
  const modelFolder = join(folder, 'version-1');
  mkdirSync(modelFolder);
  writeFileSync(join(modelFolder, 'model.txt'), 'yes');
  const command = nodeProgram(root, `const answers = (text) => fs.writeFileSync(output, text);\n${code}`);
  const predictor = createPredictor({ environment: ENVIRONMENT, limits: { grace: 200 } });
  let log = '';
  const outcome = await predictor.predict(
    {
      ...{ command, modelFolder, dataPath, folder, outputPath: join(folder, 'answers.jsonl'), timeoutSeconds: 600 },
      expected: { ids: new Set(['a', 'b']), task: 'classification', ...expected },
    },
    signal,
    (text) => (log += text),
  );
  return { ...outcome, log };
}

/** What is said where two lines are answered so. */
async function reasonOf(lines: readonly unknown[], expected?: Partial<Expected>): Promise<string> {
  const text = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n');
  const { end, reason, answers } = await predict(`answers(${JSON.stringify(text)});`, expected);
  expect([end, answers]).toEqual(['failed', null]);
  return reason.replace('It ended with exit code 0, but: ', '');
}

const a = { id: 'a', prediction: 'yes' };
const b = { id: 'b', prediction: 'no' };

test('answers in any order, with what they may carry', async () => {
  const { end, reason, answers, log } = await predict(`
    const kind = fs.readFileSync(model + '/model.txt', 'utf8');
    console.log(kind, process.env.PYTHONDONTWRITEBYTECODE, process.env.DATABASE_URL);
    answers([
      { id: 'b', prediction: kind, score: 0.9, scores: { no: 0.1, yes: 0.9 }, durationSeconds: 0.002, other: 'is ignored' },
      { id: 'a', prediction: 'no', score: null },
    ].map((row) => JSON.stringify(row)).join('\\n\\n'));`);
  expect([end, reason]).toEqual(['finished', 'It ended by itself with exit code 0.']);
  expect(log).toBe('yes 1 undefined\n');
  expect([...(answers ?? [])]).toEqual([
    ['b', { prediction: 'yes', score: 0.9, scores: { no: 0.1, yes: 0.9 }, durationSeconds: 0.002 }],
    ['a', { prediction: 'no' }],
  ]);
});

test('classes are what they are as text; ids that are numbers too', async () => {
  const expected = { ids: new Set(['1', '2']), classes: ['0', '1'] };
  const { answers } = await predict(`answers('{"id":1,"prediction":1}\\n{"id":"2","prediction":"0"}\\n');`, expected);
  expect([...(answers ?? [])].map(([id, { prediction }]) => [id, prediction])).toEqual([
    ['1', '1'],
    ['2', '0'],
  ]);
});

test('a regression and a model that gives several labels', async () => {
  const numbers = `answers('{"id":"a","prediction":1.5}\\n{"id":"b","prediction":-2}');`;
  expect((await predict(numbers, { task: 'regression' })).answers?.get('a')).toEqual({ prediction: 1.5 });
  expect(await reasonOf([a, b], { task: 'regression' })).toContain('Line 1 of its answers: prediction: got a text;');
  const several = `answers('{"id":"a","prediction":["y","x"]}\\n{"id":"b","prediction":[]}');`;
  const expected = { task: 'multilabel', classes: ['x', 'y'] } as const;
  expect((await predict(several, expected)).answers?.get('a')).toEqual({ prediction: ['x', 'y'] });
});

test.each<[string, readonly unknown[], string]>([
  ['one missing', [a], 'It answered 1 of 2 rows; there is no answer for "b".'],
  ['one too many', [a, b, { ...a, id: 'c' }], 'Line 3 of its answers: the id "c" was not asked for.'],
  ['one twice', [a, a, b], 'Line 2 of its answers: the id "a" is answered a second time.'],
  ['no id', [{ prediction: 'yes' }], 'Line 1 of its answers: id: expected the id of the row it answers.'],
  ['no prediction', [{ id: 'a' }], 'Line 1 of its answers: prediction: got nothing; expected a class'],
  ['another class', [{ ...a, prediction: 'maybe' }], '"maybe" is none of the declared classes (no, yes).'],
  ['a score above 1', [{ ...a, score: 1.5 }], 'Line 1 of its answers: score: expected the probability'],
  ['a score that is text', [{ ...a, score: '0.5' }], 'score: expected the probability'],
  ['a time below 0', [{ ...a, durationSeconds: -1 }], 'durationSeconds: expected a number of seconds, 0 or more.'],
  ['a list', [[a]], 'Line 1 of its answers: row: expected an object, got a list.'],
  ['no JSON', ['{"id":"a"'], 'Line 1 of its answers: '],
  ['a key that changes prototypes', ['{"id":"a","prediction":"yes","__proto__":{}}'], 'Line 1 of its answers: '],
  ['nothing', [''], 'It answered 0 of 2 rows; there is no answer for "a", "b".'],
])('%s is named', async (_name, lines, reason) => {
  expect(await reasonOf(lines)).toContain(reason);
});

test('a line without an end does not fill the memory', async () => {
  const { reason } = await predict("answers('x'.repeat(3_000_000));");
  expect(reason).toContain('is longer than 1,048,576 characters');
});

test('no answers, a link and a folder in their place', async () => {
  expect((await predict("console.log('done');")).reason).toContain(
    'It left no answers: there is no file answers.jsonl',
  );
  expect((await predict("fs.symlinkSync('/etc/passwd', output);")).reason).toContain('is no plain file');
  expect((await predict('fs.mkdirSync(output);')).reason).toContain('is no plain file');
});

test('a version that changes the model it was given, or leaves files about', async () => {
  const all = `answers('${JSON.stringify(a)}\\n${JSON.stringify(b)}');`;
  const change = await predict(`${all} fs.writeFileSync(model + '/model.txt', 'no!');`);
  expect([change.end, change.answers]).toEqual(['failed', null]);
  expect(change.reason).toContain('It changed "model.txt", which it was to read.');
  expect((await predict(`${all} fs.writeFileSync(model + '/cache', '');`)).reason).toContain(
    'it made "version-1/cache"',
  );
});

test('one that fails or is cancelled gives no answers', async () => {
  const all = `answers('${JSON.stringify(a)}\\n${JSON.stringify(b)}');`;
  expect(await predict(`${all} process.exit(4);`)).toMatchObject({ end: 'failed', exitCode: 4, answers: null });
  expect(await predict(all, CLASSES, AbortSignal.abort())).toMatchObject({ end: 'cancelled', answers: null });
});
