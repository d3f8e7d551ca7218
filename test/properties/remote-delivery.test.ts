/** Whatever a collector does to its requests: in the end every row is there once by its id, and in order per id. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { FakeCollector, type Fate } from '../collector/remote/support/fake-collector.ts';
import { FOREVER, TestShipping } from '../collector/remote/support/shipping.ts';

type Step = { readonly do: 'predict' | 'label' | 'feedback'; readonly id: string } | { readonly do: 'wait' };

const id = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('predict' as const), id }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('label' as const), id }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('feedback' as const), id }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('wait' as const) }) },
);
const failure: fc.Arbitrary<Fate> = fc.oneof(
  fc.constantFrom<Fate>('reset', 'lost', 'cut_off', 'garbage'),
  fc.constantFrom(408, 429, 500, 503, 401, 404, 302).map((status): Fate => ({ status })),
  fc.constant<Fate>({ status: 429, headers: { 'retry-after': '2' } }),
);
const fates = fc.array(
  fc.oneof({ weight: 1, arbitrary: fc.constant<Fate>('taken') }, { weight: 2, arbitrary: failure }),
  {
    maxLength: 12,
  },
);
const scenario = fc.record({
  steps: fc.array(step, { minLength: 1, maxLength: 40 }),
  fates,
  batchRows: fc.integer({ min: 1, max: 6 }),
  maxRows: fc.constantFrom(1, 2, 5_000),
  spill: fc.boolean(),
});

let collector: FakeCollector;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'plumbline-delivery-'));
  collector = await new FakeCollector().listen();
});
afterAll(async () => {
  await collector.close();
  rmSync(folder, { recursive: true, force: true });
});

function restart(list: readonly Fate[], maxRows: number): void {
  collector.received.length = 0;
  collector.fates.length = 0;
  collector.fates.push(...list);
  collector.maxRows = maxRows;
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Records the steps; @returns the rows as they must arrive, by kind */
async function record(shipping: TestShipping, steps: readonly Step[]) {
  const sent = { predictions: [] as string[], labels: [] as string[], feedback: [] as string[] };
  let made = 0;
  for (const one of steps) {
    if (one.do === 'wait') {
      await turn();
      continue;
    }
    // A prediction id is unique in life; here each use of a letter is a new one, and labels mean the last one made.
    if (one.do === 'predict') {
      shipping.predict(`${one.id}${made}`, { x: made });
      sent.predictions.push(`${one.id}${made++}`);
    } else {
      const target = sent.predictions.findLast((known) => known.startsWith(one.id)) ?? `${one.id}-unknown`;
      if (one.do === 'label') shipping.label(target, `said ${made}`);
      else shipping.feedback(target, `said ${made}`);
      (one.do === 'label' ? sent.labels : sent.feedback).push(`${target} said ${made++}`);
    }
  }
  return sent;
}

function expectExactlyOnceInOrder(sent: {
  readonly predictions: readonly string[];
  readonly labels: readonly string[];
  readonly feedback: readonly string[];
}) {
  expect(collector.unique('predictions').map((row) => row['id'])).toEqual(sent.predictions);
  expect(collector.unique('labels').map((row) => `${String(row['id'])} ${String(row['label'])}`)).toEqual(sent.labels);
  const said = collector.unique('feedback').map((row) => `${String(row['id'])} ${String(row['explanation'])}`);
  expect(said).toEqual(sent.feedback);
  const arrival = new Map<unknown, number>();
  collector.received.forEach(({ kind, row }, at) => {
    if (kind === 'predictions' && !arrival.has(row['id'])) arrival.set(row['id'], at);
  });
  collector.received.forEach(({ kind, row }, at) => {
    if (kind !== 'predictions' && sent.predictions.includes(String(row['id'])))
      expect(arrival.get(row['id']) ?? Number.POSITIVE_INFINITY).toBeLessThan(at);
  });
}

test('every row arrives once by its id, in order, predictions before their labels and their feedback', async () => {
  await fc.assert(
    fc.asyncProperty(scenario, async ({ steps, fates: list, batchRows, maxRows, spill }) => {
      restart(list, maxRows);
      const options = { batchRows, queueRows: 80, spill: spill ? { folder, maxBytes: 1e8 } : undefined };
      const shipping = new TestShipping(collector.url, options);
      const sent = await record(shipping, steps);
      // A refusal of the token or the address ends a flush: people are asked. The rows wait, and the next flush goes on.
      while (!(await shipping.shipping.flush(FOREVER).then(() => true, isRefusal)));
      await shipping.shipping.close(FOREVER);
      expectExactlyOnceInOrder(sent);
      expect(shipping.dropped).toEqual({});
      expect(readdirSync(folder)).toEqual([]);
    }),
    { numRuns: 80, endOnFailure: true },
  );
}, 120_000);

function isRefusal(error: unknown): boolean {
  if (/refused the token|no Plumbline collector/.test(String(error))) return false;
  throw error;
}

test('over a restart too: what the first process could not send, the second one does, and in order', async () => {
  await fc.assert(
    fc.asyncProperty(scenario, fc.array(step, { maxLength: 10 }), async ({ steps, fates: list, batchRows }, later) => {
      // The first one meets nothing but failures after its list.
      restart([...list, ...Array.from({ length: 200 }, (): Fate => ({ status: 503 }))], 5_000);
      const options = { batchRows, queueRows: 80, spill: { folder, maxBytes: 1e8 } };
      const first = new TestShipping(collector.url, options);
      const sent = await record(first, steps);
      await first.shipping.close(1);
      collector.fates.length = 0;
      const second = new TestShipping(collector.url, options);
      const more = await record(
        second,
        later.map((one) => ('id' in one ? { ...one, id: `second ${one.id}` } : one)),
      );
      await second.shipping.flush(FOREVER);
      await second.shipping.close(FOREVER);
      expectExactlyOnceInOrder({
        predictions: [...sent.predictions, ...more.predictions],
        labels: [...sent.labels, ...more.labels],
        feedback: [...sent.feedback, ...more.feedback],
      });
      expect({ ...first.dropped, ...second.dropped }).toEqual({});
      expect(readdirSync(folder)).toEqual([]);
    }),
    { numRuns: 60, endOnFailure: true },
  );
}, 120_000);
