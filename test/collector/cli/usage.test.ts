import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { BIN, endChildren, plumbline, temporaryFolder } from './support/plumbline.ts';

const folder = temporaryFolder();
afterEach(endChildren);
afterAll(folder.remove);

const REPLAY = ['replay', 'x.csv', '--model', 'm', '--version', '1', '--prediction', 'p', '--label', 'l'];

describe('usage', () => {
  test.each([
    ['an unknown command', ['fly'], "unknown command 'fly'"],
    ['an unknown flag', ['demo', '--prot', '1'], "unknown option '--prot'"],
    ['a flag without its value', ['demo', '--port'], 'argument missing'],
    ['a port that is none', ['demo', '--port', '99999'], 'whole number from 0 to 65535'],
    ['a speed of 0', ['demo', '--speed', '0'], 'a number above 0'],
    ['no rows', ['demo', '--rows', '0'], 'whole number from 1'],
    ['a negative hold', ['demo', '--zero-hold', '-1'], 'a number from 0'],
    ['a missing flag', REPLAY.slice(0, -2), "required option '--label <column>' not specified"],
    ['a missing file', ['profile', '--out', 'r.json'], "missing required argument 'file'"],
    ['a list with a gap', [...REPLAY, '--features', 'a,,b'], 'names separated by commas'],
    ['a name twice', [...REPLAY, '--features', 'a,a'], 'names "a" twice'],
    [
      'a bad name of a model',
      [...REPLAY.slice(0, 3), '../m', ...REPLAY.slice(4)],
      'model: "../m" is not a usable name',
    ],
  ])('%s: one sentence and exit 2', async (_name, args, message) => {
    const file = folder.path('x.csv');
    writeFileSync(file, 'p,l,x\n1,1,0.5\n');
    const { code, stdout, stderr } = await plumbline(args.map((arg) => (arg === 'x.csv' ? file : arg)));
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^plumbline: /);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/^ +at /m);
  });

  test('--token without --collector is refused with a reason', async () => {
    const { code, stderr } = await plumbline([...REPLAY, '--token', 'secret']);
    expect(code).toBe(2);
    expect(stderr).toBe('plumbline: --token: there is no --collector it is for. Name one, or leave it out.\n');
    const help = await plumbline(['replay', '--help']);
    expect(help.code).toBe(0);
    expect(help.stdout).toContain('--label-delay <rows>');
    expect(help.stdout).toContain('PLUMBLINE_TOKEN');
  });

  test('help and version are answers, no command is not', async () => {
    const help = await plumbline(['--help']);
    expect(help).toMatchObject({ code: 0, stderr: '' });
    expect(help.stdout).toContain('130 interrupted');
    expect(await plumbline(['--version'])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    });
    const nothing = await plumbline([]);
    expect(nothing.code).toBe(2);
    expect(nothing.stderr).toContain('Usage: plumbline');
  });

  test('with --json an error is one object', async () => {
    const { code, stderr } = await plumbline([...REPLAY, '--json']);
    expect(code).toBe(3);
    expect(JSON.parse(stderr)).toEqual({
      message: 'x.csv cannot be read: there is no such file.',
      code: 'invalid_input_file',
      help: 'Check the path.',
    });
  });

  test('a broken variable of the environment is named', async () => {
    const { code, stderr } = await plumbline(['demo'], { PLUMBLINE_PORT: 'http' });
    expect(code).toBe(2);
    expect(stderr).toContain('PLUMBLINE_PORT: "http" is not a whole number from 0 to 65535.');
  });
});

describe('the bin', () => {
  test('without source and build it says what to do', async () => {
    const bin = folder.path('empty/bin/plumbline.mjs');
    mkdirSync(dirname(bin), { recursive: true });
    copyFileSync(BIN, bin);
    const run = promisify(execFile)(process.execPath, [bin]);
    await expect(run).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('npm run build -w collector') });
  });
});
