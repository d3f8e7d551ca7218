/** Composes the service: store, rooms (`service-rooms.ts`) and HTTP edge, begun in this order and ended in the reverse. */
import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import pino, { type Logger } from 'pino';
import type { Scope } from './audit/scopes.ts';
import { cachedTokens } from './audit/cached-tokens.ts';
import { combinedTokens, environmentTokens } from './audit/environment-tokens.ts';
import type { Config } from './config.ts';
import { PlumblineError } from './errors.ts';
import { createApp } from './http/app.ts';
import { drain } from './http/drain.ts';
import { isLoopback, listen } from './http/listen.ts';
import { logOptions } from './http/log.ts';
import { createAuthenticate } from './http/principal.ts';
import { createGrafanaIdentity } from './outbound/grafana-identity.ts';
import type { ClosedWindow } from './labels/stored-window.ts';
import type { Lifecycle } from './lifecycle/lifecycle.ts';
import type { Registry } from './registry/model-version.ts';
import { openRooms, type Ground } from './service-rooms.ts';
import type { Database } from './storage/database.ts';
import { openStore } from './storage/open-store.ts';
import { createTokenStore } from './storage/tokens.ts';
import { lastPush, logTelemetryFailures } from './telemetry/failures.ts';
import { startMetricExport } from './telemetry/metric-export.ts';
import type { MonitorMetricProducer } from './telemetry/producer.ts';

/** A running service. */
export interface Service {
  /** Base URL, with the port really taken. */
  readonly url: string;
  /** Series of monitors in this process stand in `/metrics` too: give it to `createMonitor({ producer })`. */
  readonly producer: MonitorMetricProducer;
  /** Whether every scope is open, since there is no token. */
  readonly open: boolean;
  /** What the service does without being asked over HTTP, for a program that runs it within itself. */
  readonly inside: {
    readonly registry: Registry;
    readonly lifecycle: Lifecycle;
    /** A round of housekeeping now: windows that are full are closed and judged. */
    keepHouse(): Promise<void>;
    /** What the service does by and by, now: full windows are closed, experiments led on, triggers of retraining judged. */
    goOn(): Promise<void>;
    /** Tells of each drift window this process closes from now on. */
    watchWindows(listener: (window: ClosedWindow) => void): void;
  };
  /** From now on `/readyz` says 200 as long as the store can be written. */
  ready(): void;
  /** Lets requests under way end, pushes metrics once more where a push is configured, closes the store. */
  close(): Promise<void>;
}

const SECOND = 1_000;
/** A database that does not answer yet is waited for so long at the start: containers start in any order. */
const START_PATIENCE = 30 * SECOND;
/** Requests under way may take so long to end, and the last push so long: whoever stops a container kills it after ten seconds. */
const DRAIN = 5 * SECOND;
const LAST_PUSH = 3 * SECOND;

/** What ends things, in the order they began; called in the reverse. */
type Ends = (() => Promise<void> | void)[];

/**
 * Starts the service: it listens when the promise resolves, and is not ready until `ready()`.
 * @param version of Plumbline
 * @throws PlumblineError `port_in_use`; `invalid_configuration` naming what is wrong, or for an address others reach without any token;
 *   `unavailable` when the database does not answer; `migration_failed`
 */
export async function startService(config: Config, version: string): Promise<Service> {
  // Standard error: standard output belongs to what the command prints.
  const logger = pino(logOptions(config.logLevel), pino.destination({ fd: 2, sync: true }));
  logTelemetryFailures(logger);
  const ends: Ends = [];
  try {
    const database = await openStore({
      ...{ url: config.databaseUrl, dataFolder: config.dataFolder, patience: START_PATIENCE },
      onError: (error) => logger.warn(error, 'a connection to the database broke'),
      onWait: (why) => logger.warn(`waiting for the database: ${why}`),
    });
    ends.push(() => database.close());
    const metricExport = await startMetricExport(exportOptions(config));
    ends.push(() => lastPush(metricExport.close(), LAST_PUSH, logger));
    return await serve(config, version, { logger, database, metricExport }, ends);
  } catch (error) {
    await endAll(ends, logger);
    throw error;
  }
}

async function serve(
  config: Config,
  version: string,
  foundations: Omit<Ground, 'onWindow' | 'url'>,
  ends: Ends,
): Promise<Service> {
  const { logger, metricExport, database } = foundations;
  const watchers = new Set<(window: ClosedWindow) => void>();
  let url = '';
  const ground: Ground = {
    ...foundations,
    url: () => url,
    onWindow: (window) => {
      for (const watcher of watchers) watcher(window);
    },
  };
  const access = await accessOf(config, database);
  const {
    healthy,
    stop,
    close: closeRooms,
    lookAtTriggers,
    leadExperiments,
    ...rooms
  } = await openRooms(config, ground);
  // What was counted is there until it has been pushed once more, and the database until nothing is counted any more.
  ends.splice(1, 0, closeRooms);
  let notReady: string | undefined = 'The service is starting.';
  const app = await createApp({
    ...rooms,
    ...{ version, logger, now: Date.now, rateLimit: config.rateLimit, maxUpload: config.maxUploadBytes },
    ...{ metrics: metricExport.handler, metricsNeedToken: config.metricsNeedToken },
    ...(config.trustProxy !== undefined && { trustProxy: config.trustProxy }),
    notReady: async () => notReady ?? (await healthy()),
    authenticate: createAuthenticate(access),
  });
  ends.push(async () => {
    stop();
    if (!(await drain(app, DRAIN))) logger.warn('requests under way were cut off');
  });
  url = await listen(app, config);
  const close = async () => {
    notReady = 'The service is stopping.';
    await delay(config.shutdownDelaySeconds * SECOND);
    await endAll(ends, logger);
  };
  const inside: Service['inside'] = {
    registry: rooms.registry,
    lifecycle: rooms.lifecycle,
    keepHouse: () => rooms.ingest.keepHouse(),
    goOn: async () => {
      await rooms.ingest.keepHouse();
      await leadExperiments();
      await lookAtTriggers();
    },
    watchWindows: (listener) => void watchers.add(listener),
  };
  const ready = () => void (notReady = undefined);
  return { url, producer: metricExport.producer, open: access.open, inside, ready, close };
}

/**
 * A token for a client within the same process, where one is asked for: the environment names tokens, or others reach the service. With a
 * stored token alone it cannot be known here; the client then needs one of those.
 */
export function withOwnToken(
  config: Config,
  scopes: readonly Scope[] = ['ingest', 'read'],
): { readonly config: Config; readonly token: string | undefined } {
  if (config.tokens === undefined && isLoopback(config.host)) return { config, token: undefined };
  const token = randomBytes(32).toString('base64url');
  const tokens = [...(config.tokens === undefined ? [] : [config.tokens]), `${scopes.join('+')}:${token}`].join(',');
  return { config: { ...config, tokens }, token };
}

/** Who may do what. A service that others reach must have a token: without one it would be open to all of them. */
async function accessOf({ tokens: given, host, grafana }: Config, database: Database) {
  const stored = createTokenStore(database, { now: Date.now, newId: randomUUID });
  const tokens = combinedTokens(environmentTokens(given), cachedTokens(stored, Date.now));
  const loopback = isLoopback(host);
  const open = !(await tokens.any());
  if (open && !loopback) throw noTokens(host);
  return { tokens, loopback, open, identities: grafana && createGrafanaIdentity(grafana) };
}

function exportOptions({ otlpUrl, otlpIntervalSeconds, serviceName }: Config) {
  const interval = otlpIntervalSeconds === undefined ? {} : { intervalSeconds: otlpIntervalSeconds };
  return {
    ...(otlpUrl !== undefined && { otlp: { url: otlpUrl, ...interval } }),
    ...(serviceName !== undefined && { serviceName }),
  };
}

async function endAll(ends: Ends, logger: Logger): Promise<void> {
  for (const end of ends.splice(0).reverse())
    try {
      await end();
    } catch (error) {
      logger.error(error, 'something did not end as it should');
    }
}

function noTokens(host: string): PlumblineError {
  const message = `host: "${host}" is reached from other machines, and there is no token.`;
  const help = 'Make one (plumbline token create --scope admin) or set PLUMBLINE_TOKENS; or listen on 127.0.0.1.';
  return new PlumblineError('invalid_configuration', message, help);
}
