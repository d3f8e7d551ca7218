/** One batch after the other: how long it waits, and what it makes of each answer. */
import { PlumblineError } from '../../../../collector/src/errors.ts';
import { Courier, type Parcel } from '../../../../collector/src/remote/delivery/courier.ts';
import type { Outcome } from '../../../../collector/src/remote/delivery/outcome.ts';
import type { Shipment } from '../../../../collector/src/remote/queue/batch.ts';

const ERROR = new PlumblineError('unavailable', 'not now', 'wait');
const TAKEN: Outcome = { result: 'taken', refused: [] };
const RETRY: Outcome = { result: 'retry', error: ERROR, after: undefined };
const REFUSED: Outcome = { result: 'refused', error: ERROR };
const settled = () => new Promise((resolve) => setImmediate(resolve));

/** A courier on a clock that stands still: `pass` ends the pause it is in. */
function makeCourier(outcomes: Outcome[], shipments: readonly Shipment[], random = 1) {
  const waiting = [...shipments];
  const log: string[] = [];
  const pauses: number[] = [];
  let pass: (() => void) | undefined;
  const courier = new Courier({
    send: (shipment) => {
      const outcome = outcomes.shift() ?? TAKEN;
      log.push(`${shipment.rows} ${outcome.result}`);
      return Promise.resolve(outcome);
    },
    next: () => {
      const shipment = waiting.shift();
      if (!shipment) return Promise.resolve(undefined);
      const parcel: Parcel = {
        shipment,
        keep: () => Promise.resolve(void log.push('keep')),
        settle: () => Promise.resolve(void log.push('settle')),
      };
      return Promise.resolve(parcel);
    },
    random: () => random,
    later: (work, milliseconds) => {
      pauses.push(milliseconds);
      pass = work;
      return () => void (pass = undefined);
    },
    report: {
      failed: (_error, lasting) => log.push(lasting ? 'failed for long' : 'failed'),
      refusedRows: (refused) => log.push(`refused ${refused.map(({ rows }) => rows).join()}`),
      lost: (rows, reason) => log.push(`lost ${rows} ${reason}`),
      tooLarge: () => log.push('too large'),
    },
  });
  const next = async () => {
    pass?.();
    await settled();
  };
  return { courier, log, pauses, next };
}

function shipment(rows: number): Shipment {
  const id = Array.from({ length: rows }, (_, row) => `r${row}`);
  return { kind: 'predictions', rows, body: Buffer.from(JSON.stringify({ model: 'm', columns: { id } })) };
}

test('the ceiling of the pause doubles from half a second to thirty, and starts again after a success', async () => {
  const outcomes = [...Array.from({ length: 9 }, () => RETRY), TAKEN, RETRY];
  const { courier, pauses, next } = makeCourier(outcomes, [shipment(1), shipment(1)]);
  courier.kick();
  for (let step = 0; step < 12; step++) await next();
  expect(pauses).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000, 500]);
});

test('jitter is full: anything from nothing to the ceiling', async () => {
  const { courier, pauses, next } = makeCourier([RETRY, RETRY], [shipment(1)], 0);
  courier.kick();
  for (let step = 0; step < 3; step++) await next();
  expect(pauses).toEqual([0, 0]);
});

test('Retry-After is a lower bound, and neither flush nor anybody else may hurry past it', async () => {
  const { courier, pauses, log, next } = makeCourier([{ ...RETRY, after: 20_000 }], [shipment(1)]);
  courier.kick();
  await settled();
  expect(pauses).toEqual([20_000]);
  courier.hurry();
  await settled();
  expect(log).toEqual(['1 retry', 'keep', 'failed']);
  await next();
  expect(log.slice(3)).toEqual(['1 taken', 'settle']);
});

test('a refused token is tried again every 30 to 60 seconds, or when somebody asks', async () => {
  const { courier, pauses, log } = makeCourier([REFUSED, REFUSED], [shipment(1)], 0.5);
  courier.kick();
  await settled();
  expect(courier.failure).toEqual({ error: ERROR, lasting: true });
  courier.hurry();
  await settled();
  courier.hurry();
  await settled();
  expect(pauses).toEqual([45_000, 45_000]);
  expect(log).toEqual([
    '1 refused',
    'keep',
    'failed for long',
    '1 refused',
    'keep',
    'failed for long',
    '1 taken',
    'settle',
  ]);
  expect(courier.failure).toBeUndefined();
});

test('too large: halves, in order, down to the row that is too large by itself', async () => {
  const large: Outcome = { result: 'too_large', error: ERROR };
  const { courier, log } = makeCourier([large, TAKEN, large, large, TAKEN], [shipment(4), shipment(9)]);
  courier.kick();
  await settled();
  expect(log).toEqual([
    ...['4 too_large', 'too large', '2 taken', '2 too_large', 'too large', '1 too_large', 'too large'],
    ...['lost 1 too_large', '1 taken', 'settle', '9 taken', 'settle'],
  ]);
});

test('what will never be taken is given up and told, and the line goes on', async () => {
  const lost: Outcome = { result: 'lost', error: ERROR };
  const some: Outcome = { result: 'taken', refused: [{ code: 'invalid_prediction', rows: 2, message: 'no' }] };
  const { courier, log } = makeCourier([lost, some], [shipment(3), shipment(5)]);
  courier.kick();
  await settled();
  expect(log).toEqual(['3 lost', 'lost 3 refused', 'settle', '5 taken', 'refused 2', 'settle']);
});

test('stop ends a pause at once and leaves the batch unsettled', async () => {
  const { courier, log } = makeCourier([RETRY], [shipment(1)]);
  courier.kick();
  await settled();
  await courier.stop();
  courier.kick();
  await settled();
  expect(log).toEqual(['1 retry', 'keep', 'failed']);
});
