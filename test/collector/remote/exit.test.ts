/** The end of a program that has something unsent. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { endChildren, start, temporaryFolder } from '../cli/support/plumbline.ts';
import { useRemote } from './support/remote.ts';

const { here, remote } = useRemote();
const folder = temporaryFolder();
afterEach(endChildren);
afterAll(folder.remove);

const run = (...args: readonly string[]) =>
  start(process.execPath, [join(__dirname, 'support/ending-child.ts'), here.collector.url, ...args]);
const ids = ['p0', 'p1', 'p2'];
const arrived = (kind: 'predictions' | 'labels' | 'feedback') =>
  here.collector
    .unique(kind)
    .map(({ id }) => id)
    .sort();

test('a program that ends by itself sends what is unsent', async () => {
  expect(await run('').ended).toEqual({ code: 0, signal: null, stdout: '', stderr: '' });
  expect([arrived('predictions'), arrived('labels'), arrived('feedback')]).toEqual([ids, ids, ids]);
});

test('after SIGTERM, as the README says', async () => {
  const { child, printed, ended } = run('', 'sigterm');
  await printed(/recorded/);
  child.kill('SIGTERM');
  expect(await ended).toMatchObject({ code: 0, stderr: '' });
  expect([arrived('predictions'), arrived('labels'), arrived('feedback')]).toEqual([ids, ids, ids]);
});

test('it does not wait for ever for a collector that is away', async () => {
  await here.collector.close();
  expect(await run('').ended).toEqual({ code: 0, signal: null, stdout: '', stderr: '' });
});

test('what cannot be sent then goes to disk, and to the collector with the next program', async () => {
  const spill = { folder: folder.path('unsent') };
  mkdirSync(spill.folder);
  await here.collector.close();
  expect(await run(spill.folder).ended).toMatchObject({ code: 0, stderr: '' });
  await here.collector.listen();
  const { monitor } = remote({ spill });
  await monitor.flush();
  expect([arrived('predictions'), arrived('labels'), arrived('feedback')]).toEqual([ids, ids, ids]);
});
