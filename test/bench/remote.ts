/** What recording costs where rows are sent to a collector, beside counting them in the process. */
import { createMonitor, MonitorMetricProducer, type Monitor } from '../../collector/src/index.ts';
import { compare, type Contender, type Result } from './compare.ts';
import { CLASSES, makeReference, makeRows, renew, type BenchRow } from './rows.ts';

const ROWS = 20_000;

/** The model's own thread pays for recording at once, and for making the batches in other turns of its event loop. */
export function benchRemote(rounds: number): Promise<Result> {
  const collector = { url: 'http://127.0.0.1:1', queueRows: 2 * ROWS, flushSeconds: 3_600, fetch: takesEverything };
  const remote = (version: string) =>
    createMonitor({ model: 'bench', version, producer: new MonitorMetricProducer(), collector });
  return compare({
    title: 'Recording a prediction for a collector: 10 numbers, 2 categories, class, score, id',
    unit: 'prediction',
    operations: ROWS,
    rounds,
    contenders: [
      timed('Plumbline, remote: recordPrediction', makeRows(ROWS, 7), remote('1'), false),
      timed('the same with its batches of 1,000 as JSON', makeRows(ROWS, 8), remote('2'), true),
      timed('Plumbline, embedded: recordPrediction', makeRows(ROWS, 9), embedded(), false),
    ],
  });
}

function embedded(): Monitor {
  return createMonitor({
    model: 'bench',
    version: '3',
    classes: CLASSES,
    positiveClass: 'up',
    reference: makeReference(),
    window: ROWS / 2,
    capacity: 2 * ROWS,
    producer: new MonitorMetricProducer(),
  });
}

/** @param whole until everything is handed to the network */
function timed(name: string, rows: readonly BenchRow[], monitor: Monitor, whole: boolean): Contender {
  let round = 0;
  return {
    name,
    milliseconds: async () => {
      renew(rows, round++);
      await monitor.drift().catch(() => undefined);
      globalThis.gc?.();
      const start = performance.now();
      for (const row of rows) monitor.recordPrediction(row);
      if (whole) await monitor.flush();
      const taken = performance.now() - start;
      await monitor.flush();
      return taken;
    },
  };
}

/** A network that costs nothing. */
function takesEverything(): Promise<Response> {
  return Promise.resolve(new Response('{"accepted":1000,"rejected":[]}'));
}
