/** Stopping: whoever is being answered gets the answer. */
import { connect } from 'node:net';
import { drain } from '../../../collector/src/http/drain.ts';
import { startApp } from './support/test-app.ts';

const prediction = { id: 'a' };

test('a request under way is answered, its connection is then closed, and new ones are not taken', async () => {
  const on = await startApp();
  let go = () => {};
  let reached = () => {};
  const arrived = new Promise<void>((resolve) => (reached = resolve));
  const waits = new Promise<void>((resolve) => (go = resolve));
  on.ingest.gate = { then: (done: () => void) => (reached(), waits.then(done)) } as unknown as Promise<void>;
  const answer = on.send('POST', '/v1/predictions', prediction);
  await arrived;
  const drained = drain(on.app, 60_000);
  await untilRefused(on.url);
  go();
  const response = await answer;
  expect([response.status, response.headers.get('connection')]).toEqual([200, 'close']);
  expect(await drained).toBe(true);
});

test('what does not end is cut off in the end', async () => {
  const on = await startApp();
  let reached = () => {};
  const arrived = new Promise<void>((resolve) => (reached = resolve));
  on.ingest.gate = { then: () => reached() } as unknown as Promise<void>;
  const answer = on.send('POST', '/v1/predictions', prediction);
  const failed = expect(answer).rejects.toThrow();
  await arrived;
  expect(await drain(on.app, 50)).toBe(false);
  await failed;
});

/** Resolves when nothing listens there any more. */
async function untilRefused(url: string): Promise<void> {
  for (;;) {
    const refused = await new Promise<boolean>((resolve) => {
      const socket = connect(Number(new URL(url).port), '127.0.0.1');
      socket.on('connect', () => (socket.destroy(), resolve(false))).on('error', () => resolve(true));
    });
    if (refused) return;
  }
}
