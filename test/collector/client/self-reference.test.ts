/** A reference made of the first predictions: kept in a file, used at once and after a restart, harmless when it fails. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readReferenceFile, writeReferenceFile } from '../../../collector/src/client/reference-file.ts';
import { profileReference } from '../../../collector/src/distribution/profile.ts';
import type { FeatureValue } from '../../../collector/src/prediction.ts';
import { untyped } from '../support/core.ts';
import { exported, type Exported } from '../support/exported.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plumbline-self-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const stateFile = () => join(folder, 'reference.json');
const turn = () => new Promise(setImmediate);

function feed({ monitor }: Exported, rows: number, features: (row: number) => Record<string, FeatureValue>): void {
  for (let row = 0; row < rows; row++) monitor.recordPrediction({ prediction: row % 2, features: features(row) });
}

test('the first predictions become the reference, and the file holds it', async () => {
  const made = exported({ selfReference: { stateFile: stateFile(), rows: 100 }, window: 100 });
  feed(made, 99, (row) => ({ x: row }));
  await turn();
  expect(existsSync(stateFile())).toBe(false);
  feed(made, 1, () => ({ x: 99 }));
  await turn();
  const reference = readReferenceFile(stateFile());
  expect(reference).toMatchObject({ rows: 100, features: [{ feature: 'x', n: 100 }], predictions: { 0: 51, 1: 49 } });
  expect((await made.monitor.drift()).reference).toBe(reference.digest.slice(0, 12));
  feed(made, 100, (row) => ({ x: row + 1_000 }));
  expect(await made.monitor.drift()).toMatchObject({ verdict: 'drifted', window: { start: 100, end: 200 } });
  expect((await made.monitor.distribution()).reference_shift).not.toBeNull();
  expect(readdirSync(folder)).toEqual(['reference.json']);
});

test('scores are watched too, whatever the classes', async () => {
  const made = exported({
    ...{ classes: ['a', 'b'], positiveClass: 'b', window: 100, drift: { minimum: 50 } },
    selfReference: { stateFile: stateFile(), rows: 100 },
  });
  const predict = (row: number, scores: Record<string, number>) =>
    made.monitor.recordPrediction({ prediction: row % 2 ? 'a' : 'b', features: { x: row % 10 }, scores });
  for (let row = 0; row < 100; row++) predict(row, row === 0 ? { b: 7 } : { a: 1 - row / 200, b: row / 200 });
  await turn();
  const score = readReferenceFile(stateFile()).features.find(({ feature }) => feature === '__score__');
  // The first score was none.
  expect(score).toMatchObject({ type: 'numeric', n: 99, missing: 1 });
  for (let row = 0; row < 100; row++) predict(row, { a: 0.5 - row / 200, b: 0.5 + row / 200 });
  const { features } = await made.monitor.drift();
  expect(features.map(({ feature, verdict }) => [feature, verdict])).toEqual([
    ['x', 'stable'],
    ['__score__', 'drifted'],
  ]);
});

test('of a regression the predicted value is watched; it has no classes, and needs no features', async () => {
  const made = exported({ task: 'regression', window: 100, selfReference: { stateFile: stateFile(), rows: 100 } });
  const predict = (prediction: unknown) => made.monitor.recordPrediction(untyped({ prediction }));
  for (const odd of ['1', Number.NaN, null, [1]]) predict(odd);
  for (let row = 0; row < 100; row++) predict(row);
  await turn();
  const reference = readReferenceFile(stateFile());
  expect(reference.predictions).toBeUndefined();
  expect(reference.features).toMatchObject([{ feature: '__prediction__', n: 100, missing: 0 }]);
  for (let row = 0; row < 100; row++) predict(row + 50);
  expect(await made.monitor.drift()).toMatchObject({ verdict: 'drifted' });
});

test('of several labels each counts', async () => {
  const made = exported({ task: 'multilabel', selfReference: { stateFile: stateFile(), rows: 100 } });
  for (const odd of ['a', { 0: 'a' }, [{}]]) made.monitor.recordPrediction(untyped({ prediction: odd }));
  for (let row = 0; row < 100; row++) made.monitor.recordPrediction({ prediction: row % 2 ? ['a', 'b'] : [] });
  await turn();
  expect(readReferenceFile(stateFile())).toMatchObject({ rows: 100, predictions: { a: 50, b: 50 }, features: [] });
});

test('a process that restarts judges against the same picture', async () => {
  writeReferenceFile(stateFile(), profileReference(Array.from({ length: 100 }, (_, row) => ({ x: row }))));
  const before = readFileSync(stateFile());
  const made = exported({ selfReference: { stateFile: stateFile(), rows: 100 }, window: 100 });
  feed(made, 100, (row) => ({ x: row + 1_000 }));
  expect((await made.monitor.drift()).verdict).toBe('drifted');
  await turn();
  expect(readFileSync(stateFile())).toEqual(before);
});

test('a reference that was given wins, and no file is touched', async () => {
  const reference = profileReference([{ x: 1 }, { x: 2 }]);
  const made = exported({ reference, selfReference: { stateFile: stateFile(), rows: 100 } });
  feed(made, 100, (row) => ({ x: row }));
  await turn();
  expect(readdirSync(folder)).toEqual([]);
});

test('where the file cannot be written it is counted, and tried again with the next predictions', async () => {
  const made = exported({ selfReference: { stateFile: join(folder, 'file', 'reference.json'), rows: 100 } });
  feed(made, 100, (row) => ({ x: row }));
  await turn();
  expect(await made.value('errors', { reason: 'reference_failed' })).toBe(1);
  expect((await made.monitor.drift()).reference).toBeNull();

  mkdirSync(join(folder, 'file'));
  feed(made, 100, (row) => ({ x: row }));
  await turn();
  expect((await made.monitor.drift()).reference).not.toBeNull();
});

test('rows that cannot be profiled do not spoil the reference, nor the recording', async () => {
  const made = exported({ selfReference: { stateFile: stateFile(), rows: 100 } });
  const thrower = () => {
    throw new Error('getter');
  };
  const hostile = [
    undefined,
    { prediction: 'a', features: 'text' },
    { prediction: {}, features: { x: 1 } },
    Object.defineProperty({ prediction: 'a' }, 'features', { get: thrower }),
    { prediction: 'a', features: Object.defineProperty({}, 'x', { get: thrower, enumerable: true }) },
  ];
  for (const row of hostile) expect(made.monitor.recordPrediction(untyped(row))).toMatch(/./);
  feed(made, 100, (row) => ({ x: row, never: null, odd: untyped<FeatureValue>({ toString: thrower }) }));
  await turn();
  expect(readReferenceFile(stateFile()).features.map(({ feature }) => feature)).toEqual(['x']);
});

describe('a broken state file is one clear sentence that names it', () => {
  const whole = () => JSON.stringify(profileReference([{ x: 1 }, { x: 2 }]));
  const broken: [name: string, text: () => string, message: string][] = [
    ['empty', () => '', 'is not JSON'],
    ['cut off', () => whole().slice(0, 100), 'is not JSON'],
    ['of something else', () => '{"a":1}', 'format: expected "plumbline.reference"'],
    ['changed by hand', () => whole().replace('"rows":2', '"rows":3'), 'digest: does not match'],
  ];
  test.each(broken)('%s', (_name, text, message) => {
    writeFileSync(stateFile(), text());
    const create = () => exported({ selfReference: { stateFile: stateFile() } });
    expect(create).toThrow(expect.objectContaining({ code: 'invalid_reference' }));
    expect(create).toThrow(message);
    expect(create).toThrow(stateFile());
  });

  test('a folder', () => {
    expect(() => exported({ selfReference: { stateFile: folder } })).toThrow('cannot be read');
  });
});

test.each([99, 1_000_001, 100.5, Number.NaN])('selfReference.rows: %p is refused', (rows) => {
  expect(() => exported({ selfReference: { stateFile: stateFile(), rows } })).toThrow('selfReference.rows: ');
});

test.each([undefined, '', 7])('selfReference.stateFile: %p is refused', (path) => {
  expect(() => exported({ selfReference: { stateFile: untyped<string>(path) } })).toThrow('selfReference.stateFile: ');
});

test('a write that fails leaves the old file whole and nothing beside it', () => {
  const first = profileReference([{ x: 1 }, { x: 2 }]);
  writeReferenceFile(stateFile(), first);
  const second = {
    ...first,
    toJSON: () => {
      throw new Error('disk');
    },
  };
  expect(() => writeReferenceFile(stateFile(), second)).toThrow('disk');
  expect(readReferenceFile(stateFile())).toEqual(first);
  expect(readdirSync(folder)).toEqual(['reference.json']);
  expect(() => writeReferenceFile(folder, first)).toThrow();
  expect(readdirSync(join(folder, '..')).filter((name) => name.startsWith(`${folder.split('/').at(-1)}.`))).toEqual([]);
});
