/** The demo: a model on real data, watched as a user's model would be: by the SDK in remote mode, with the service beside it. */
import { once } from 'node:events';
import { createMonitor, MonitorMetricProducer, type Monitor } from '../index.ts';
import { BackPressure } from './back-pressure.ts';
import { BadRowLog } from './bad-rows.ts';
import { Baseline } from './baseline.ts';
import { closeWindows, DEMO, registerDemo, type DemoService } from './demo-service.ts';
import type { Display } from './display/display.ts';
import { count, duration, ratio } from './report/format.ts';
import { ELECTRICITY_FILE, loadElectricity, TRAINING_ROWS, type ElectricityStream } from './electricity.ts';
import { electricityRows, LABEL_DELAY_ROWS, replayableRows, trainDemo, type TrainedDemo } from './electricity-rows.ts';
import { Pacer } from './pacer.ts';
import { replayRows } from './replay-rows.ts';
import { makeReport } from './report/report.ts';
import { WindowLog } from './window-log.ts';

/**
 * Rows per second. At 200 a day of the market passes in a quarter of a second and the whole replay takes three minutes: long
 * enough for a dozen scrapes at 15 s, so that panels draw lines and not points, short enough to be watched to the end.
 */
export const DEFAULT_SPEED = 200;
/**
 * Predictions per drift window: six weeks of half-hours, so that every window holds whole weeks and the time of day is never
 * "drifted" by where a window was cut. At the default speed a verdict comes every ten seconds; the Victorian market joins
 * after 37 s, in the fourth window.
 */
export const WINDOW_ROWS = 42 * 48;
/** Full windows are closed so often, in milliseconds; the service by itself does it every five seconds. */
const ROUND = 1_000;

/** How the demo runs. */
export interface DemoOptions {
  /** Rows per second. */
  readonly speed: number;
  /** Rows of one pass, at most what there is. */
  readonly rows: number;
  readonly repeat: boolean;
  /** Seconds a new series shows 0. */
  readonly zeroHold: number;
  /** Return after the report instead of serving on. */
  readonly once: boolean;
}

/** What the demo needs of the world around it. */
export interface DemoEnvironment {
  readonly service: DemoService;
  /** Where the service is. */
  readonly url: string;
  /** For a service that asks for one. */
  readonly token: string | undefined;
  /** Goes before every id. */
  readonly idPrefix: string;
  readonly display: Display;
  /** Takes one line about a bad row. */
  readonly warn: (line: string) => void;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  readonly signal: AbortSignal;
  /** Called when traffic begins. */
  readonly onReady: () => void;
}

/**
 * Trains, registers, replays, reports. Resolves after the report with `once`, else when the signal is aborted.
 * @throws PlumblineError `invalid_input_file` when the data that is shipped cannot be read; what the service refuses
 */
export async function runDemo(options: DemoOptions, environment: DemoEnvironment): Promise<void> {
  const { display, service, signal, url, token } = environment;
  const bad = new BadRowLog(ELECTRICITY_FILE, environment.warn);
  const stream = await loadElectricity(ELECTRICITY_FILE, bad.add);
  bad.finish();
  const trained = trainDemo(stream);
  const windows = new WindowLog();
  service.watchWindows((window) => {
    windows.add(window);
    display.window(window);
  });
  await registerDemo(service, trained, { window: WINDOW_ROWS, endless: options.repeat });
  const monitor = createMonitor({
    ...DEMO,
    // What this side could not send would stand beside what the service counts, under the same names.
    producer: new MonitorMetricProducer(),
    collector: {
      url,
      ...(token !== undefined && { token }),
      onError: ({ message }) => environment.warn(`plumbline: ${message}.`),
    },
  });
  try {
    announce(options, environment, stream, trained);
    environment.onReady();
    const { replayed, baseline } = await replay(options, environment, { stream, trained, monitor, windows });
    await monitor.flush();
    await closeWindows(service, () => windows.total);
    const rows = { replayed, skipped: bad.count, bad: bad.first };
    const origin = windows.total > 0 ? `the ${count(TRAINING_ROWS)} training rows` : 'no window has closed yet';
    display.finish(await makeReport({ monitor, rows, windows, origin, baseline: baseline.measured() }));
  } finally {
    await monitor.close();
  }
  if (options.once || signal.aborted) return;
  serveOn(environment);
  await untilAborted(signal);
}

interface Running {
  readonly stream: ElectricityStream;
  readonly trained: TrainedDemo;
  readonly monitor: Monitor;
  readonly windows: WindowLog;
}

/** Replays with the display kept up to date. @returns rows sent and the baseline over the labelled ones */
async function replay(options: DemoOptions, environment: DemoEnvironment, running: Running) {
  const { display, now, signal, service, idPrefix } = environment;
  const { stream, trained, monitor, windows } = running;
  const baseline = new Baseline();
  const start = now();
  const total = options.repeat ? undefined : Math.min(options.rows, replayableRows(stream));
  let done = 0;
  const show = async () => {
    const elapsed = (now() - start) / 1000;
    const performance = await monitor.performance();
    display.update({ done, total, elapsed, performance, baseline: baseline.measured(), window: windows.recent.at(-1) });
  };
  const stops = [again(show, display.interval), again(service.keepHouse, ROUND)];
  try {
    // Traffic without an end is of now: whoever asks for the last hour has an answer.
    const clock = options.repeat ? { clock: Date.now } : {};
    await replayRows(electricityRows(stream, trained.model, { ...options, ...clock, now, idPrefix }), {
      monitor,
      pacer: new Pacer(options.speed, signal, now),
      room: new BackPressure(monitor, signal).room,
      labelDelay: LABEL_DELAY_ROWS,
      onPredicted: () => done++,
      onLabelled: (row) => baseline.add(row.previousLabel, row.label),
    });
  } finally {
    await Promise.all(stops.map((stop) => stop()));
  }
  return { replayed: done, baseline };
}

/** Does work again and again, one at a time. What fails is tried again. @returns what ends it, when it is not under way any more */
function again(work: () => Promise<void>, milliseconds: number): () => Promise<void> {
  let running: Promise<void> | undefined;
  const timer = setInterval(() => {
    running ??= work()
      .catch(() => undefined)
      .finally(() => (running = undefined));
  }, milliseconds);
  return async () => {
    clearInterval(timer);
    await running;
  };
}

function announce(options: DemoOptions, environment: DemoEnvironment, stream: ElectricityStream, trained: TrainedDemo) {
  const { display, url } = environment;
  const rows = Math.min(options.rows, replayableRows(stream));
  const { trainingAccuracy } = trained;
  const span = options.repeat ? 'over and over' : `about ${duration(rows / options.speed)}`;
  const text = [
    `Plumbline demo: model "electricity" version 1, on the New South Wales electricity market of 1996 to 1998`,
    `  metrics    ${url}/metrics`,
    `  API        ${url}/docs`,
    `  health     ${url}/livez  ${url}/readyz`,
    `  model      logistic regression, trained on the first ${count(TRAINING_ROWS)} rows (accuracy there ${ratio(trainingAccuracy)})`,
    `  traffic    ${count(rows)} rows at ${count(options.speed)} rows/s (${span}); each label arrives ${LABEL_DELAY_ROWS} rows, one day, late`,
    `  next step  curl ${url}/metrics   or, in the repository, "npm run stack" for Prometheus and Grafana`,
    `  stop       Ctrl-C\n`,
  ].join('\n');
  display.note('started', text, { ...options, url, metrics: `${url}/metrics`, rows, trainingAccuracy });
}

function serveOn({ display, url }: DemoEnvironment): void {
  display.note('serving', `\nThe replay is over; ${url}/metrics is still served. Ctrl-C ends it.`, { url });
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}
