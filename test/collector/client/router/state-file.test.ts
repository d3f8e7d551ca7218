/** The last known state on disk. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StateFile } from '../../../../collector/src/client/router/state-file.ts';
import { readAssignments } from '../../../../collector/src/remote/assignments/assignments.ts';
import { untyped } from '../../support/core.ts';
import { assignments } from '../support/routing.ts';

const owner = { url: 'http://collector', model: 'm' };
let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plumbline-state-'));
  path = join(folder, 'assignments.json');
});
afterEach(() => rmSync(folder, { recursive: true }));

const received = (epoch: number) => {
  const text = JSON.stringify(assignments({ split: { '1': 10_000 }, epoch }));
  return { state: readAssignments(JSON.parse(text), 'm'), text, etag: `"${epoch}"` };
};

test('what was written is read, by another process too; nothing else is left', async () => {
  const file = new StateFile(path, owner);
  expect(file.read()).toBeUndefined();
  await file.write(received(1));
  expect(new StateFile(path, owner).read()).toEqual(received(1));
  expect(readdirSync(folder)).toEqual(['assignments.json']);
});

test('writes at once end with the last of them', async () => {
  const file = new StateFile(path, owner);
  void file.write(received(1));
  void file.write(received(2));
  await file.settled();
  expect(file.read()?.etag).toBe('"2"');
  expect(readdirSync(folder)).toEqual(['assignments.json']);
});

test('a write that fails leaves the former state and no rest', async () => {
  const file = new StateFile(path, owner);
  await file.write(received(1));
  rmSync(path);
  // A folder cannot be replaced by a file, whoever runs this.
  mkdirSync(path);
  await expect(file.write(received(2))).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining('stateFile: '),
  });
  expect(readdirSync(folder)).toEqual(['assignments.json']);
});

test.each([
  ['', 'cannot be used'],
  ['{', 'cannot be used'],
  ['null', 'it holds no state of "m" at http://collector'],
  ['{"format":1,"url":"http://collector","model":"another","answer":"{}"}', 'it holds no state of "m"'],
  ['{"format":1,"url":"http://elsewhere","model":"m","answer":"{}"}', 'it holds no state of "m"'],
  ['{"format":2,"url":"http://collector","model":"m","answer":"{}"}', 'it holds no state of "m"'],
  ['{"format":1,"url":"http://collector","model":"m","answer":"{}"}', 'items is no list'],
])('a file that holds %j is refused in words', (content, message) => {
  writeFileSync(path, content);
  expect(() => new StateFile(path, owner).read()).toThrow(message);
  expect(readFileSync(path, 'utf8')).toBe(content);
});

test.each([[''], [7], [null]])('the path %j is no path', (bad) => {
  expect(() => new StateFile(untyped(bad), owner)).toThrow('stateFile: expected the path of a file');
});

test('a folder that is not there is found out at once', () => {
  expect(() => new StateFile(join(folder, 'none', 'file'), owner)).toThrow(/stateFile: the folder of .* \(ENOENT\)/);
});
