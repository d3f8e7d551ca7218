/** `kill -9` of a process that has rows on disk: a new process sends what had been written, all of it and each row once. */
import { mkdirSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { createMonitor } from '../../../../collector/src/index.ts';
import { endChildren, start, temporaryFolder } from '../../cli/support/plumbline.ts';
import { FakeCollector } from '../support/fake-collector.ts';

const KILLS = 6;
const CHILD = join(__dirname, 'spilling-child.ts');
const folder = temporaryFolder();
let collector: FakeCollector;
beforeAll(async () => {
  collector = await new FakeCollector().listen();
});
afterEach(endChildren);
afterAll(async () => {
  await collector.close();
  folder.remove();
});

test('nothing that was written is lost, whenever the process is killed', async () => {
  const spill = folder.path('unsent');
  mkdirSync(spill);
  await collector.close();
  /** Per killed process: its first number, and how many records it said were on disk. */
  const lives: { first: number; written: number }[] = [];
  for (let life = 0; life < KILLS; life++) {
    const first = life * 1_000_000;
    const own = folder.path(`life-${life}`);
    const { child, printed, ended } = start(process.execPath, [CHILD, collector.url, own, String(first)]);
    // The later ones live longer.
    await printed(new RegExp(`^(written.*\\n){${1 + life * 3}}`, 'm'));
    child.kill('SIGKILL');
    const { stdout, stderr } = await ended;
    expect(stderr).toBe('');
    lives.push({ first, written: Math.max(...Array.from(stdout.matchAll(/^written (\d+)$/gm), ([, n]) => Number(n))) });
    // One folder for all of them, as replicas of a model share one.
    for (const name of readdirSync(own)) renameSync(join(own, name), join(spill, name));
  }
  await collector.listen();
  const monitor = createMonitor({
    model: 'm',
    version: '1',
    collector: { url: collector.url, spill: { folder: spill } },
  });
  await monitor.flush();
  await monitor.close();
  const predictions = collector.unique('predictions').map(({ id }) => Number(String(id).slice(1)));
  const labels = collector.unique('labels').map(({ id }) => Number(String(id).slice(1)));
  const feedback = collector.unique('feedback').map(({ id }) => Number(String(id).slice(1)));
  for (const life of lives) {
    const ofThisLife = (numbers: number[]) => numbers.filter((number) => Math.floor(number / 1e6) * 1e6 === life.first);
    const [found, labelled, judged] = [ofThisLife(predictions), ofThisLife(labels), ofThisLife(feedback)];
    // In order and without a gap, predictions as well as what speaks of them.
    expect(found).toEqual(found.map((_, row) => life.first + row));
    expect(labelled).toEqual(labelled.map((_, row) => life.first + row));
    expect(judged).toEqual(judged.map((_, row) => life.first + row));
    expect(found.length + labelled.length + judged.length).toBeGreaterThanOrEqual(life.written);
    expect(labelled.length).toBeLessThanOrEqual(found.length);
    expect(judged.length).toBeLessThanOrEqual(labelled.length);
  }
  expect(predictions.length).toBeGreaterThan(KILLS);
  expect(readdirSync(spill)).toEqual([]);
}, 120_000);
