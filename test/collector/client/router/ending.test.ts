/** A router does not keep a program alive, and what it has recorded leaves with it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endChildren, REPOSITORY, start } from '../../cli/support/plumbline.ts';
import { assignments, useRouting } from '../support/routing.ts';

const { here } = useRouting();
const folder = mkdtempSync(join(tmpdir(), 'plumbline-ending-'));
afterAll(async () => {
  await endChildren();
  rmSync(folder, { recursive: true });
});

const child = join(REPOSITORY, 'test/collector/client/support/ending-child.ts');
const run = () => start(process.execPath, [child, here.collector.url, join(folder, 'state.json')]).ended;

test('it ends by itself, and so does the next one while the service hangs, by the state of the first', async () => {
  here.shown = assignments({ split: { '2': 10_000 }, shadows: ['3'] });
  expect(await run()).toMatchObject({ code: 0, stdout: '2 split\n', stderr: '' });
  const rows = here.collector.unique('predictions');
  // The shadow has run as well, and all is sent.
  expect(rows.map(({ version }) => version).sort()).toEqual(['2', '3']);
  here.fate = 'hangs';
  expect(await run()).toMatchObject({ code: 0, stdout: '2 split\n', stderr: '' });
});
