/** The SDK's router: sends each prediction to the version the service names for it. */
import type { PlumblineError } from '../errors.ts';
import { HttpClient } from '../remote/delivery/http-client.ts';
import { Notices } from '../remote/notices.ts';
import { resolveCollector } from '../remote/remote-options.ts';
import { createMonitor } from './create-monitor.ts';
import type { Monitor } from './monitor.ts';
import { makeArm, type AnyArm, type Arm as MadeArm, type InputOf, type ResultOf } from './router/arms.ts';
import { KnownState } from './router/known-state.ts';
import { PlumblineRouter, type Counts } from './router/plumbline-router.ts';
import { resolveRouter, type CreateRouterOptions, type RouterConfig } from './router/router-options.ts';
import type { Router } from './router/router.ts';
import { Shadows } from './router/shadows.ts';

/**
 * Creates a router of one model. It asks the service at once and then every `pollSeconds`, works from its last known state while the
 * service is away, and always answers. Its timers keep no program alive.
 * @throws PlumblineError `invalid_configuration` naming the option, or when a version of `arms` has a monitor already
 */
export function createRouter<Arm extends AnyArm = never>(
  options: CreateRouterOptions<Arm>,
): Router<InputOf<Arm>, ResultOf<Arm>> {
  type Input = InputOf<Arm>;
  type Result = ResultOf<Arm>;
  const config = resolveRouter(options);
  const collector = resolveCollector(config.collector, { features: new Map() });
  const { model, arms, fallback, random } = config;
  const counts: Counts = {
    pollsFailed: 0,
    notDeployed: 0,
    armsFailed: 0,
    shadowsRun: 0,
    shadowsFailed: 0,
    shadowsDropped: 0,
    callbacksFailed: 0,
  };
  const callbackFailed = () => void counts.callbacksFailed++;
  const notices = new Notices(collector.onError, callbackFailed, Date.now);
  const client = new HttpClient({ ...collector, timeout: collector.requestTimeout, now: Date.now });
  const made: Monitor[] = [];
  const ready = new Map<string, MadeArm<Input, Result>>();
  const { url } = collector;
  const { pollInterval, stateFile } = config;
  const deployment = { deployed: arms.size > 0 ? new Set(arms.keys()) : undefined, fallback };
  const known = new KnownState(
    { url, model, pollInterval, stateFile, deployment },
    {
      get: (path, asked) => client.get(path, asked),
      random: Math.random,
      now: Date.now,
      later,
      callbackFailed,
      notice: (kind: string, error: PlumblineError) => notices.add(kind, 1, () => error),
      pollFailed: () => {
        counts.pollsFailed++;
        ready.get(fallback)?.count('poll_failed');
      },
    },
  );
  makeArms(config, made, ready);
  const shadows = new Shadows(config.shadows, { defer: (work) => void setImmediate(work), later });
  const closeOwn = async () => {
    await shadows.close(collector.closeTimeout);
    await Promise.all(made.map((monitor) => monitor.close()));
    notices.flush();
  };
  return new PlumblineRouter({ ...config, known, arms: ready, shadows, counts, closeOwn, random });
}

/** Nothing is left behind by a monitor that cannot be made. */
function makeArms<Input, Result>(
  { model, collector, arms, monitors, monitor: options, toRow }: RouterConfig<Input, Result>,
  made: Monitor[],
  ready: Map<string, MadeArm<Input, Result>>,
): void {
  try {
    for (const [version, predict] of arms) {
      let monitor = monitors.get(version);
      if (!monitor) made.push((monitor = createMonitor({ ...options, model, version, collector })));
      ready.set(version, makeArm(predict, monitor, toRow));
    }
  } catch (error) {
    for (const monitor of made) void monitor.close();
    throw error;
  }
}

function later(work: () => void, milliseconds: number): () => void {
  const timer = setTimeout(work, milliseconds).unref();
  return () => clearTimeout(timer);
}
