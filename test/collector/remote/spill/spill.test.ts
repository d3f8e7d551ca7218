/** The disk behind the queue: bounded, shared by nobody, and no reason to lose rows when it fails. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemErrorCode } from '../../../../collector/src/errors.ts';
import { temporaryFolder } from '../../cli/support/plumbline.ts';
import { FakeCollector } from '../support/fake-collector.ts';
import { FOREVER, TestShipping } from '../support/shipping.ts';

const temporary = temporaryFolder();
let folder: string;
let cases = 0;
let collector: FakeCollector;
beforeEach(async () => {
  folder = temporary.path(`case-${cases++}`);
  mkdirSync(folder);
  collector = await new FakeCollector().listen();
  await collector.close(); // away until a test says otherwise
});
afterEach(() => collector.close());
afterAll(temporary.remove);

const spill = (maxBytes = 1e8) => ({ spill: { folder, maxBytes } });

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}

function files(): string[] {
  try {
    return readdirSync(folder, { recursive: true }).map(String).sort();
  } catch (error) {
    // A folder that was listed may have got its name by now: look again.
    if (systemErrorCode(error) === 'ENOENT') return files();
    throw error;
  }
}

const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, row) => `p${from + row}`);
const arrived = () => collector.unique('predictions').map(({ id }) => id);

test('while the collector is away everything goes to disk, and in its order out again when it is back', async () => {
  const one = new TestShipping(collector.url, { ...spill(), batchRows: 10 });
  for (const id of numbers(0, 95)) one.predict(id);
  await until(() => one.shipping.depth.disk === 95);
  expect(one.shipping.depth.memory).toBe(0);
  // Only the user that runs the model may read its rows.
  const modes = files().map((name) => statSync(join(folder, name)).mode & 0o077);
  expect(modes.length).toBeGreaterThan(2);
  expect(new Set(modes)).toEqual(new Set([0]));
  await collector.listen();
  for (const id of numbers(95, 120)) one.predict(id);
  await one.shipping.flush(FOREVER);
  expect(arrived()).toEqual(numbers(0, 120));
  await one.shipping.close(FOREVER);
  expect(files()).toEqual([]);
});

test('a healthy but slow collector: the half of the queue that is too much waits on disk', async () => {
  await collector.listen();
  collector.fates.push('hangs');
  const one = new TestShipping(collector.url, { ...spill(), batchRows: 10, queueRows: 100 });
  for (const id of numbers(0, 10)) one.predict(id);
  // These are under way, and in memory alone, when the others overflow: written later, they still come before them.
  await until(() => collector.requests.length === 1);
  for (const id of numbers(10, 100)) one.predict(id);
  await until(() => one.shipping.depth.disk >= 50);
  expect(one.dropped).toEqual({});
  await collector.close();
  await until(() => one.shipping.depth.memory === 0);
  await collector.listen();
  await one.shipping.flush(FOREVER);
  expect(arrived()).toEqual(numbers(0, 100));
  await one.shipping.close(FOREVER);
});

test('when the disk is used up too, the newest rows are dropped and counted', async () => {
  const bound = 1_000;
  const one = new TestShipping(collector.url, { ...spill(bound), batchRows: 10, queueRows: 40 });
  const written = () => {
    const names = files().filter((name) => name.endsWith('.spill'));
    return names.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
  };
  let made = 0;
  await until(() => {
    one.predict(`p${made++}`);
    return written() >= bound && one.shipping.depth.memory === 40;
  });
  one.predict(`p${made++}`);
  const kept = one.shipping.depth.disk + one.shipping.depth.memory;
  expect(one.dropped).toEqual({ queue_full: made - kept });
  // The last batch may go beyond the bound.
  expect(written()).toBeLessThan(bound + 600);
  await collector.listen();
  await one.shipping.flush(FOREVER);
  const order = arrived().map((id) => Number(String(id).slice(1)));
  expect(order).toHaveLength(kept);
  expect(order).toEqual(order.toSorted((a, b) => a - b));
  expect(order.slice(0, 40)).toEqual(Array.from({ length: 40 }, (_, row) => row));
  await one.shipping.close(FOREVER);
});

test('a disk that fails is told, costs nothing that fits into memory, and is tried again', async () => {
  rmSync(folder, { recursive: true });
  let now = Date.now();
  const one = new TestShipping(collector.url, { ...spill(), batchRows: 10 }, { now: () => (now += 100) });
  for (const id of numbers(0, 30)) one.predict(id);
  await until(() => (one.failed['spill_failed'] ?? 0) > 0);
  expect(one.errors.map(({ message }) => message)).toEqual(
    expect.arrayContaining([expect.stringMatching(/^collector\.spill\.folder: ENOENT/)]),
  );
  // The pause after a failed write passes: each look at this clock is 0.1 s later.
  expect(one.shipping.depth).toEqual({ memory: 30, disk: 0 });
  mkdirSync(folder);
  one.predict('p30');
  await until(() => one.shipping.depth.disk === 31);
  await collector.listen();
  await one.shipping.flush(FOREVER);
  expect(arrived()).toEqual(numbers(0, 31));
  expect(one.dropped).toEqual({});
  await one.shipping.close(FOREVER);
});

test('two monitors with one folder do not touch each other’s files; the next one sends what both left', async () => {
  const both = [new TestShipping(collector.url, spill()), new TestShipping(collector.url, spill())];
  both[0]?.predict('a');
  both[1]?.predict('b');
  await until(() => both.every(({ shipping }) => shipping.depth.disk === 1));
  expect(readdirSync(folder)).toHaveLength(2);
  for (const { shipping } of both) await shipping.close(1);
  await collector.listen();
  const third = new TestShipping(collector.url, spill());
  await third.shipping.flush(FOREVER);
  await third.shipping.close(FOREVER);
  expect(arrived().sort()).toEqual(['a', 'b']);
  expect(files()).toEqual([]);
});

test('rows for one collector are not sent to another', async () => {
  const one = new TestShipping(collector.url, spill());
  one.predict('a');
  await one.shipping.close(1);
  const other = await new FakeCollector().listen();
  const two = new TestShipping(other.url, spill());
  two.predict('b');
  await two.shipping.flush(FOREVER);
  await two.shipping.close(FOREVER);
  expect(other.unique('predictions').map(({ id }) => id)).toEqual(['b']);
  expect(files().filter((name) => name.endsWith('.spill'))).toHaveLength(1);
  await other.close();
});

test('a damaged file costs what is damaged, and says so', async () => {
  const one = new TestShipping(collector.url, { ...spill(), batchRows: 10 });
  for (const id of numbers(0, 30)) one.predict(id);
  await until(() => one.shipping.depth.disk === 30);
  await one.shipping.close(1);
  const written = files().filter((name) => name.endsWith('.spill'));
  const path = join(folder, written.at(-1) as string);
  const bytes = readFileSync(path);
  writeFileSync(path, bytes.subarray(0, bytes.length - 1));
  await collector.listen();
  const two = new TestShipping(collector.url, spill());
  await two.shipping.flush(FOREVER);
  expect(arrived()).toEqual(numbers(0, 20));
  expect(two.failed).toEqual({ spill_damaged: 1 });
  expect(two.errors[0]?.message).toContain(`of ${path} hold no whole batch and were left out`);
  await two.shipping.close(FOREVER);
  expect(files()).toEqual([]);
});

test('files that vanish while they wait cost their rows and nothing else', async () => {
  const one = new TestShipping(collector.url, { ...spill(), batchRows: 10 });
  for (const id of numbers(0, 10)) one.predict(id);
  await until(() => one.shipping.depth.disk === 10);
  await one.shipping.close(1);
  const two = new TestShipping(collector.url, spill());
  await until(() => two.shipping.depth.disk === 10);
  for (const name of files()) if (name.endsWith('.spill')) rmSync(join(folder, name));
  two.predict('after');
  await collector.listen();
  await two.shipping.flush(FOREVER);
  // The batch that was under way is in memory, and arrives.
  expect(arrived().at(-1)).toBe('after');
  await two.shipping.close(FOREVER);
  expect(existsSync(folder)).toBe(true);
});
