/** The whole loop on real data: drift, trigger, run, validation, experiment, promotion. */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { PlumblineError } from '../../errors.ts';
import { loadElectricity, ELECTRICITY_FILE } from '../electricity.ts';
import { BadRowLog } from '../bad-rows.ts';
import { DEMO } from '../demo-service.ts';
import { Pacer } from '../pacer.ts';
import { count } from '../report/format.ts';
import { WINDOW_ROWS, type DemoEnvironment } from '../run-demo.ts';
import { CollectorApi, Refused } from './collector-api.ts';
import { loadModel, trainFirst } from './electricity-program.ts';
import { loopPolicy } from './loop-policy.ts';
import {
  bringFirstLive,
  followRun,
  lately,
  LoopStopped,
  measuredText,
  tryCandidate,
  tryDefaults,
  wait,
  type OperatorOptions,
} from './operator.ts';
import { LoopTraffic } from './traffic.ts';

/** How the loop runs. */
export interface LoopOptions {
  /** Readings per second. */
  readonly speed: number;
  /** Return when it is through instead of serving on. */
  readonly once: boolean;
}

/** What it needs beside what the demo needs. */
export interface LoopEnvironment extends Omit<DemoEnvironment, 'service'> {
  /** What the service does by and by, done now. */
  readonly look: () => Promise<void>;
}

/** What came of it. */
export interface LoopResult {
  /** Whether a retrained version went live. */
  readonly promoted: boolean;
  readonly version: string | null;
}

/** Between two looks of the operator, in milliseconds. */
const ROUND = 500;

/**
 * Goes once round the loop, as a program, an operator and the service would together; everything goes over HTTP.
 * @throws PlumblineError `invalid_input_file` when the data that is shipped cannot be read; `Refused` for what the service refuses
 */
export async function runLoop(options: LoopOptions, environment: LoopEnvironment): Promise<LoopResult> {
  const { display, url, token, signal, now, idPrefix } = environment;
  const bad = new BadRowLog(ELECTRICITY_FILE, environment.warn);
  const stream = await loadElectricity(ELECTRICITY_FILE, bad.add);
  bad.finish();
  const { model } = DEMO;
  const api = new CollectorApi({ url, token, model, signal });
  const first = await inFolder((folder) => trainFirst(stream, folder));
  const declaration = { classes: ['0', '1'], positiveClass: '1', window: WINDOW_ROWS };
  await api.declare({ ...declaration, description: 'Price up or down against the last 24 hours' });
  const { metrics, reference, content } = first;
  await saveFirst(api, { version: '1', metrics, reference }, content);
  const collector = { url, ...(token !== undefined && { token }), flushSeconds: 0.2 };
  const pacer = new Pacer(options.speed, signal, now);
  const traffic = new LoopTraffic({ model, collector, stream, idPrefix, pacer });
  await traffic.deploy('1', await loadModel(JSON.parse(content)));
  environment.onReady();
  const text = `Plumbline: once round the loop, with the New South Wales electricity market at ${count(options.speed)} readings/s. API ${url}/docs, metrics ${url}/metrics`;
  display.note('started', text, { url, speed: options.speed, accuracy: metrics.accuracy });
  const tell = display.note.bind(display);
  await tryDefaults({ api, tell });
  const given = { api, traffic, tell, load: loadModel, policy: loopPolicy(options.speed) };
  const result = await together(traffic, environment, given);
  if (!options.once && !signal.aborted) {
    display.note('serving', `${url} is still served (the audit: ${url}/v1/audit). Ctrl-C ends it.`, { url });
    await once(signal, 'abort');
  }
  return result;
}

async function saveFirst(api: CollectorApi, fields: Readonly<Record<string, unknown>>, content: string): Promise<void> {
  try {
    await api.save(fields, { name: 'model.json', content });
  } catch (error) {
    if (!(error instanceof Refused && error.code === 'already_exists')) throw error;
    const help = 'Name an empty folder, or leave --data out.';
    throw new PlumblineError('usage', '--data: the folder holds the model of an earlier run.', help);
  }
}

async function inFolder<Made>(work: (folder: string) => Promise<Made>): Promise<Made> {
  const folder = await mkdtemp(join(tmpdir(), 'plumbline-loop-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Traffic goes on until the operator is through. */
async function together(
  traffic: LoopTraffic,
  { look, signal }: LoopEnvironment,
  given: Omit<OperatorOptions, 'pause'>,
): Promise<LoopResult> {
  let [isThrough, isDry] = [false, false];
  const pause = async () => {
    if (isDry || signal.aborted) throw new LoopStopped('The readings are used up.');
    await delay(ROUND, undefined, { signal }).catch(() => undefined);
    await look();
  };
  const sending = traffic.run(() => isThrough).then((isLeft) => void (isDry = !isLeft));
  try {
    return await operate({ ...given, pause });
  } catch (error) {
    // Who says stop ends the request that is under way, too.
    if (!(error instanceof LoopStopped) && !signal.aborted) throw error;
    if (error instanceof LoopStopped && !signal.aborted)
      given.tell('stopped', `${error.message} The loop did not come to its end.`, {});
    return { promoted: false, version: null };
  } finally {
    isThrough = true;
    await sending;
    await traffic.close();
  }
}

async function operate(options: OperatorOptions): Promise<LoopResult> {
  const { tell, traffic } = options;
  await bringFirstLive(options);
  const run = await followRun(options);
  const before = await lately(options, '1');
  tell('before', `Accuracy of version 1 before: ${measuredText(before)}`, { before });
  if (run.version === null || run.state !== 'succeeded') {
    tell('unchanged', 'Production is as it was: version 1.', { run: run.run });
    return { promoted: false, version: null };
  }
  const from = traffic.sent;
  const promoted = await tryCandidate(options, run.version);
  if (!promoted) {
    tell('unchanged', 'Production is as it was: version 1.', { run: run.run });
    return { promoted, version: run.version };
  }
  const beside = { former: await since(options, '1', from), candidate: await since(options, run.version, from) };
  const text = `On the same readings, side by side: version 1 ${measuredText(beside.former)}; version ${run.version} ${measuredText(beside.candidate)}`;
  tell('beside', text, beside);
  await wait(options);
  const after = await lately(options, run.version);
  tell(
    'after',
    `Accuracy of version ${run.version} after: ${measuredText(after)}; the market goes on changing, so the line before is what compares them.`,
    { before, after },
  );
  return { promoted, version: run.version };
}

/** Accuracy since a reading. */
async function since({ api, traffic }: OperatorOptions, version: string, reading: number) {
  const { metrics } = await api.performance(version, traffic.timeOf(reading), Date.now());
  return metrics['accuracy'] ?? { value: null, n: 0, low: null, high: null };
}
