/** Local trainers as real programs, well-behaved and not. */
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isRunning } from '../../../collector/src/outbound/processes/group.ts';
import { jobIn, nodeProgram, temporaryFolder, train } from './support/run-of.ts';

const root = temporaryFolder();
const program = (code: string) => nodeProgram(root, code);
/** Time enough for SIGTERM where it helps, little where it does not. */
const SHORT = { grace: 200 };

async function isQuiet(folder: string): Promise<boolean> {
  return !(await isRunning({ id: undefined, mark: folder }));
}

test('one that does as it should', async () => {
  const job = jobIn(root);
  const command = program(`
    saveModel();
    fs.writeFileSync(output + '/metrics.json', '{}');
    fs.writeFileSync('scratch', 'in its working folder');
    console.log('rows', fs.readFileSync(data, 'utf8').split('\\n').length - 1);
    console.error(process.cwd());`);
  const outcome = await train(command, job);
  expect(outcome).toMatchObject({ end: 'finished', exitCode: 0, reason: 'It ended by itself with exit code 0.' });
  expect(outcome.log).toContain('rows 1\n');
  expect(outcome.log).toContain(join(job.folder, 'work'));
  expect(readdirSync(job.outputFolder).sort()).toEqual(['metrics.json', 'model.json']);
});

test('arguments reach it as they are: no shell looks at them', async () => {
  const job = jobIn(root);
  const odd = ['$(touch pwned)', '; exit 1', 'a b', '*', '"'];
  const { end, log } = await train(
    [...program('saveModel(); console.log(JSON.stringify(process.argv.slice(2)));'), ...odd],
    job,
  );
  expect(end).toBe('finished');
  expect(JSON.parse(log)).toEqual([...odd, '--data', job.dataPath, '--output', job.outputFolder]);
});

test('it gets the environment that is allowed, and nothing of the service', async () => {
  const job = jobIn(root);
  const names = ['AWS_REGION', 'PLUMBLINE_TOKENS', 'DATABASE_URL', 'NOT_SET'];
  const { log } = await train(program('saveModel(); console.log(JSON.stringify(process.env));'), job, { names });
  const given = JSON.parse(log) as Record<string, string>;
  expect(given).toEqual({
    ...{ PATH: process.env['PATH'], HOME: '/home/somebody', AWS_REGION: 'eu-central-1' },
    PLUMBLINE_RUN_FOLDER: job.folder,
  });
});

test('one that fails', async () => {
  const outcome = await train(program("console.error('no rows of class yes'); process.exit(3);"), jobIn(root));
  expect(outcome).toMatchObject({ end: 'failed', exitCode: 3 });
  expect(outcome.reason).toBe('It failed with exit code 3; its log says why.');
  expect(outcome.log).toBe('no rows of class yes\n');
});

test('one that somebody kills', async () => {
  const outcome = await train(program("process.kill(process.pid, 'SIGKILL');"), jobIn(root));
  expect(outcome).toMatchObject({ end: 'failed', exitCode: null });
  expect(outcome.reason).toBe('It was ended by SIGKILL, not by Plumbline: perhaps memory ran out.');
});

test('one that is not there, and one that is no program', async () => {
  const missing = await train(['no-such-trainer'], jobIn(root));
  expect(missing).toMatchObject({ end: 'failed', exitCode: null });
  expect(missing.reason).toMatch(
    /^The program "no-such-trainer" could not be started \(ENOENT\): there is no such program/,
  );
  const text = join(root, 'plain.txt');
  writeFileSync(text, 'text');
  const plain = await train([text], jobIn(root));
  expect(plain.reason).toContain('(EACCES): it is no file that the user of the service may execute');
});

test('one that exits 0 without a model', async () => {
  const nothing = await train(program("console.log('done');"), jobIn(root));
  expect(nothing).toMatchObject({ end: 'failed', exitCode: 0 });
  expect(nothing.reason).toBe(
    'It ended with exit code 0, but: It left no model: its output folder holds no file beside metrics.json and reference.json.',
  );
  const metrics = await train(program("fs.writeFileSync(output + '/metrics.json', '{}');"), jobIn(root));
  expect(metrics.reason).toBe(nothing.reason);
  const folders = await train(program("fs.mkdirSync(output + '/weights/empty', { recursive: true });"), jobIn(root));
  expect(folders.reason).toBe(nothing.reason);
});

test('one that hangs and will not hear: ended as a group after its time', async () => {
  const job = jobIn(root, { timeoutSeconds: 1 });
  const command = program(`
    process.on('SIGTERM', () => {});
    spawn(process.execPath, ['-e', "process.on('SIGTERM', () => {});" + forever]);
    saveModel();
    ${'setInterval(() => {}, 1000);'}`);
  const outcome = await train(command, job, { limits: SHORT });
  expect(outcome).toMatchObject({ end: 'timed_out', exitCode: null });
  expect(outcome.reason).toBe('It ran longer than 1 s and was stopped, with everything it had started.');
  expect(await isQuiet(job.folder)).toBe(true);
});

test('one that ends itself when asked is given the time for it', async () => {
  const job = jobIn(root, { timeoutSeconds: 1 });
  const command = program(`
    process.on('SIGTERM', () => { console.log('tidied up'); process.exit(0); });
    console.log('began');
    ${'setInterval(() => {}, 1000);'}`);
  const stop = new AbortController();
  const outcome = await train(
    command,
    { ...job, timeoutSeconds: 600 },
    {
      signal: stop.signal,
      onOutput: () => stop.abort(),
    },
  );
  expect(outcome.end).toBe('cancelled');
  expect(outcome.log).toBe('began\ntidied up\n');
});

test('one that is cancelled before it begins does not begin', async () => {
  const job = jobIn(root);
  const outcome = await train(program('saveModel();'), job, { signal: AbortSignal.abort() });
  expect(outcome.end).toBe('cancelled');
  expect(existsSync(join(job.outputFolder, 'model.json'))).toBe(false);
});

describe('one that forks', () => {
  test('and leaves a child that holds its output open: ended, and said', async () => {
    const job = jobIn(root);
    const command = program(`
      spawn(process.execPath, ['-e', forever], { stdio: 'inherit' }).unref();
      saveModel();
      process.exit(0);`);
    const outcome = await train(command, job, { limits: SHORT });
    expect(outcome).toMatchObject({ end: 'finished', exitCode: 0 });
    expect(outcome.reason).toBe('It ended by itself with exit code 0. It left processes behind, which were ended.');
    expect(await isQuiet(job.folder)).toBe(true);
  });

  test('into a session of its own, past the group: found by its mark', async () => {
    const job = jobIn(root);
    const command = program(`
      const child = spawn(process.execPath, ['-e', "process.on('SIGTERM', () => {});" + forever], { detached: true, stdio: 'ignore' });
      fs.writeFileSync('pid', String(child.pid));
      child.unref();
      saveModel();
      process.exit(0);`);
    const outcome = await train(command, job, { limits: SHORT });
    const pid = Number(readFileSync(join(job.folder, 'work', 'pid'), 'utf8'));
    if (process.platform === 'linux') {
      expect(outcome.reason).toContain('It left processes behind, which were ended.');
      expect(await isRunning({ id: pid, mark: job.folder })).toBe(false);
    } else process.kill(pid, 'SIGKILL');
  });

  test('again and again: the whole group goes at once', async () => {
    const job = jobIn(root);
    const stop = new AbortController();
    // Each child starts the next one and goes: no parent is left to follow.
    const chain = join(root, 'chain.mjs');
    writeFileSync(
      chain,
      `import { spawn } from 'node:child_process';
       process.on('SIGTERM', () => {});
       console.log('link');
       setTimeout(() => { spawn(process.execPath, [process.argv[1]], { stdio: 'inherit' }); process.exit(0); }, 20);`,
    );
    const command = program(
      `spawn(process.execPath, [${JSON.stringify(chain)}], { stdio: 'inherit' }); ${'setInterval(() => {}, 1000);'}`,
    );
    const outcome = await train(command, job, { limits: SHORT, signal: stop.signal, onOutput: () => stop.abort() });
    expect(outcome.end).toBe('cancelled');
    expect(outcome.reason).not.toContain('could not be ended');
    expect(await isQuiet(job.folder)).toBe(true);
  });
});

describe('one that floods its output', () => {
  test('is not stopped, and the log keeps the beginning and the end', async () => {
    const command = program(`
      const line = 'x'.repeat(99) + '\\n';
      fs.writeSync(1, 'the beginning\\n');
      for (let sent = 0; sent < 400; sent++) fs.writeSync(1, line.repeat(100));
      fs.writeSync(2, Buffer.from([0, 255, 27, 10]));
      saveModel();
      fs.writeSync(1, 'the end\\n');`);
    const { end, reason, log } = await train(command, jobIn(root));
    expect(end).toBe('finished');
    expect(reason).toMatch(
      /^It ended by itself with exit code 0\. It flooded its output with 4,000,0\d\d bytes; the log keeps/,
    );
    expect(log).toMatch(/^the beginning\nx/);
    expect(log).toMatch(/the end\n/);
    expect(log).toContain('characters left out');
    expect(log.length).toBeLessThan(140_000);
    expect(log).not.toContain('\u0000');
    expect(log).not.toContain('\u001b');
  });

  test('and reads nothing of what it says to whoever keeps the log and fails at it', async () => {
    const { end } = await train(program("console.log('x'); saveModel();"), jobIn(root), {
      onOutput: () => {
        throw new Error('the log is full');
      },
    });
    expect(end).toBe('finished');
  });

  test('fills the disk: stopped', async () => {
    const job = jobIn(root);
    const command = program(`
      fs.writeFileSync(output + '/model.json', Buffer.alloc(200_000));
      ${'setInterval(() => {}, 1000);'}`);
    const outcome = await train(command, job, { limits: { ...SHORT, maxBytes: 100_000, watchEvery: 20 } });
    expect(outcome).toMatchObject({
      end: 'failed',
      reason: 'It was stopped: its folder holds more than 100,000 bytes.',
    });
    expect(await isQuiet(job.folder)).toBe(true);
  });

  test('leaves too many files: refused', async () => {
    const command = program("for (let n = 0; n < 6; n++) fs.writeFileSync(output + '/' + n, '');");
    const { reason } = await train(command, jobIn(root), { limits: { maxFiles: 5, watchEvery: 600_000 } });
    expect(reason).toBe('It ended with exit code 0, but: Its output holds more than 5 files.');
  });
});
