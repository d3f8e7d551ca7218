/** Shadows run afterwards, a few at a time, and rather not than late. */
import { Shadows, type ShadowOptions } from '../../../../collector/src/client/router/shadows.ts';

/** Turns of the event loop are made by hand. */
function shadowing(options: ShadowOptions) {
  const due: (() => void)[] = [];
  const log: string[] = [];
  let late = () => {};
  const shadows = new Shadows(options, {
    defer: (work) => void due.push(work),
    later: (work) => {
      late = work;
      return () => (late = () => {});
    },
  });
  const add = (name: string, run: () => unknown = () => undefined) =>
    shadows.add({
      run: () => {
        log.push(`${name} runs`);
        return run();
      },
      dropped: () => void log.push(`${name} dropped`),
      failed: () => void log.push(`${name} failed`),
    });
  /** Runs what is due now, and lets promises settle. */
  const turn = async () => {
    for (const work of due.splice(0)) work();
    await new Promise(setImmediate);
  };
  return { shadows, add, log, due, turn, late: () => late() };
}

test('nothing runs within the call; one begins in each turn, even if it waits for nothing', async () => {
  const { add, log, turn } = shadowing({});
  add('a');
  add('b');
  expect(log).toEqual([]);
  await turn();
  expect(log).toEqual(['a runs']);
  await turn();
  expect(log).toEqual(['a runs', 'b runs']);
});

test('so many at once, so many waiting, the rest dropped', async () => {
  const { add, log, turn } = shadowing({ concurrency: 2, queue: 1 });
  const ends: (() => void)[] = [];
  const slow = () => new Promise<void>((resolve) => ends.push(resolve));
  for (const name of ['a', 'b', 'c', 'd', 'e']) add(name, slow);
  expect(log).toEqual(['d dropped', 'e dropped']);
  for (let count = 0; count < 5; count++) await turn();
  expect(log.slice(2)).toEqual(['a runs', 'b runs']);
  ends[0]?.();
  for (let count = 0; count < 5; count++) await turn();
  expect(log.slice(4)).toEqual(['c runs']);
});

test('without a queue what cannot run at once is dropped', () => {
  const { add, log } = shadowing({ concurrency: 1, queue: 0 });
  add('a');
  add('b');
  expect(log).toEqual(['b dropped']);
});

test('one that throws, or rejects, makes room for the next', async () => {
  const { add, log, turn } = shadowing({ concurrency: 1 });
  add('a', () => {
    throw new Error('no');
  });
  add('b', () => Promise.reject(new Error('no')));
  add('c');
  for (let count = 0; count < 5; count++) await turn();
  expect(log).toEqual(['a runs', 'a failed', 'b runs', 'b failed', 'c runs']);
});

test('close drops what waits, waits for what runs, and takes no more', async () => {
  const { shadows, add, log, turn } = shadowing({ concurrency: 1 });
  let end = () => {};
  add('a', () => new Promise<void>((resolve) => (end = resolve)));
  add('b');
  await turn();
  let closed = false;
  const closing = shadows.close(1_000).then(() => (closed = true));
  await turn();
  expect([log, closed]).toEqual([['a runs', 'b dropped'], false]);
  end();
  await closing;
  add('c');
  await turn();
  expect(log).toEqual(['a runs', 'b dropped', 'c dropped']);
});

test('close does not wait for ever for one that never ends', async () => {
  const { shadows, add, turn, late } = shadowing({});
  add('a', () => new Promise(() => undefined));
  await turn();
  const closing = shadows.close(1_000);
  late();
  await closing;
});
