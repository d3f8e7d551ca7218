/** What a router can be told, checked. */
import { checkedName, invalid, isRecord, seconds, wholeNumber } from '../../monitor/option-checks.ts';
import type { CollectorOptions } from '../../remote/remote-options.ts';
import type { CreateMonitorOptions } from '../create-monitor.ts';
import type { Monitor } from '../monitor.ts';
import type { AnyArm, ArmFunction, InputOf, ResultOf, ToRow } from './arms.ts';
import type { ShadowOptions } from './shadows.ts';

/** What a monitor of a version may be told; model, version and collector are those of the router. */
export type ArmMonitorOptions = Omit<CreateMonitorOptions, 'model' | 'version' | 'collector'>;

/** Which model, where the service is, and what runs here. */
export interface CreateRouterOptions<Arm extends AnyArm> {
  readonly model: string;
  /** The service that is asked, and that predictions are sent to. */
  readonly collector: CollectorOptions;
  /** The function of each version that runs in this process. Without any the router says where to go, and does not predict. */
  readonly arms?: Readonly<Record<string, Arm>>;
  /** The version that answers when nothing else can: before anything is known. Default: the only arm, where there is one alone. */
  readonly fallback?: string;
  /** Monitors by version, already made (embedded ones too). The router does not close them. */
  readonly monitors?: Readonly<Record<string, Monitor>>;
  /** For the monitors the router makes itself, of the versions that have none. */
  readonly monitor?: ArmMonitorOptions;
  /** What to record of a call, in place of what `Monitor.wrap` would. */
  readonly toRow?: ToRow<InputOf<Arm>, ResultOf<Arm>>;
  /** Between two questions to the service, 0.1 to 86,400 (default 10). */
  readonly pollSeconds?: number;
  /** Keeps the last known state over a restart. One file per model; processes may share it. */
  readonly stateFile?: string;
  /** 0 to 1, for predictions without a key (default `Math.random`). */
  readonly random?: () => number;
  /** What becomes of a prediction whose version throws: the caller gets the error (default), or another version's answer. */
  readonly onError?: 'throw' | 'fallback';
  readonly shadows?: ShadowOptions;
}

/** The same with defaults. */
export interface RouterConfig<Input, Result> {
  readonly model: string;
  readonly collector: CollectorOptions;
  readonly arms: ReadonlyMap<string, ArmFunction<Input, Result>>;
  readonly fallback: string;
  readonly monitors: ReadonlyMap<string, Monitor>;
  readonly monitor: ArmMonitorOptions;
  readonly toRow: ToRow<Input, Result> | undefined;
  /** Milliseconds. */
  readonly pollInterval: number;
  readonly stateFile: string | undefined;
  readonly random: () => number;
  readonly onError: 'throw' | 'fallback';
  readonly shadows: ShadowOptions;
}

const LEAST_POLL = 100;
const LONGEST_POLL = 86_400_000;
const OWN = ['model', 'version', 'collector'] as const;

/** Checks options and fills in defaults. @throws PlumblineError `invalid_configuration` naming the field */
export function resolveRouter<Arm extends AnyArm>(
  options: CreateRouterOptions<Arm>,
): RouterConfig<InputOf<Arm>, ResultOf<Arm>> {
  if (!isRecord(options)) throw invalid('options: expected an object', 'For example { model, collector, fallback }.');
  const { toRow, random = Math.random, onError = 'throw' } = options;
  const arms = functions<InputOf<Arm>, ResultOf<Arm>>(options.arms ?? {});
  if (toRow !== undefined && typeof toRow !== 'function')
    throw invalid('toRow: expected a function', 'It gets the input and the result, and gives a row.');
  if (typeof random !== 'function') throw invalid('random: expected a function', 'Leave it out for Math.random.');
  if (onError !== 'throw' && onError !== 'fallback')
    throw invalid(`onError: there is no "${String(onError)}"`, 'There are throw and fallback.');
  return {
    model: checkedName(options.model, 'model'),
    collector: options.collector,
    arms,
    fallback: checkedFallback(options.fallback, arms),
    monitors: checkedMonitors(options.monitors ?? {}, arms),
    monitor: checkedMonitorOptions(options.monitor ?? {}),
    toRow,
    pollInterval: checkedPoll(options.pollSeconds ?? 10),
    stateFile: options.stateFile,
    random,
    onError,
    shadows: checkedShadows(options.shadows ?? {}),
  };
}

/** The types are those the compiler has derived from the same object. */
function functions<Input, Result>(arms: object): Map<string, ArmFunction<Input, Result>> {
  if (!isRecord(arms))
    throw invalid('arms: expected functions by version', 'For example { "3": (input) => model.predict(input) }.');
  const known = new Map(Object.entries(arms) as [string, ArmFunction<Input, Result>][]);
  for (const [version, predict] of known) {
    checkedName(version, 'arms');
    if (typeof predict !== 'function')
      throw invalid(`arms.${version}: expected a function`, 'It gets the input and gives the prediction.');
  }
  return known;
}

/** Somebody has to answer before the service does; which version that is, is nothing to guess. */
function checkedFallback(fallback: unknown, arms: ReadonlyMap<string, unknown>): string {
  const [only, ...others] = arms.keys();
  if (fallback === undefined && only !== undefined && others.length === 0) return only;
  if (fallback === undefined)
    throw invalid('fallback: expected a version', 'Name the one that answers as long as nothing is known.');
  const version = checkedName(fallback, 'fallback');
  if (arms.size === 0 || arms.has(version)) return version;
  throw invalid(`fallback: "${version}" is not among the arms`, `There are ${[...arms.keys()].join(', ')}.`);
}

function checkedMonitors(
  monitors: Readonly<Record<string, Monitor>>,
  arms: ReadonlyMap<string, unknown>,
): ReadonlyMap<string, Monitor> {
  if (!isRecord(monitors)) throw invalid('monitors: expected monitors by version', 'For example { "3": monitor }.');
  for (const [version, monitor] of Object.entries(monitors)) {
    if (!arms.has(version)) throw invalid(`monitors.${version}: is not among the arms`, 'Name versions of `arms`.');
    if (!isRecord(monitor) || typeof monitor.wrap !== 'function')
      throw invalid(`monitors.${version}: is no monitor`, 'Make it with createMonitor.');
  }
  return new Map(Object.entries(monitors));
}

function checkedMonitorOptions(monitor: ArmMonitorOptions): ArmMonitorOptions {
  if (!isRecord(monitor)) throw invalid('monitor: expected an object', 'For example monitor: { classes, producer }.');
  const own = OWN.find((field) => (monitor as Readonly<Record<string, unknown>>)[field] !== undefined);
  if (own) throw invalid(`monitor.${own}: is the router's own`, 'Leave it out.');
  return monitor;
}

function checkedPoll(value: number): number {
  const milliseconds = seconds(value, 'pollSeconds');
  if (milliseconds >= LEAST_POLL && milliseconds <= LONGEST_POLL) return milliseconds;
  throw invalid(`pollSeconds: ${value} is not from 0.1 to 86400`, 'Leave it out for the default.');
}

function checkedShadows(shadows: ShadowOptions): ShadowOptions {
  if (!isRecord(shadows)) throw invalid('shadows: expected an object', 'For example shadows: { concurrency: 2 }.');
  const { concurrency = 4, queue = 100 } = shadows;
  return {
    concurrency: wholeNumber(concurrency, 'shadows.concurrency', 1, 1_000),
    queue: wholeNumber(queue, 'shadows.queue', 0, 100_000),
  };
}
