/** Composes the service: the one place that knows all rooms. */
import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { setImmediate as pause, setTimeout as delay } from 'node:timers/promises';
import pino, { type Logger } from 'pino';
import { cachedTokens } from './audit/cached-tokens.ts';
import { combinedTokens, environmentTokens } from './audit/environment-tokens.ts';
import type { Config } from './config.ts';
import { PlumblineError } from './errors.ts';
import { createApp } from './http/app.ts';
import { drain } from './http/drain.ts';
import { isLoopback, listen } from './http/listen.ts';
import { logOptions } from './http/log.ts';
import { createAuthenticate } from './http/principal.ts';
import { createIngestService } from './labels/ingest-service.ts';
import { LifecycleMetrics } from './lifecycle/lifecycle-metrics.ts';
import { createLifecycle } from './lifecycle/lifecycle-service.ts';
import { createGrafanaIdentity } from './outbound/grafana-identity.ts';
import { DEFAULT_LIMITS } from './registry/artifact-intake.ts';
import { createRegistry } from './registry/registry-service.ts';
import { sweepArtifacts } from './registry/sweep.ts';
import { createAllowedRoots } from './storage/artifacts/allowed-roots.ts';
import { openArtifacts } from './storage/artifacts/open-artifacts.ts';
import { createAuditReader } from './storage/audit-log.ts';
import type { Database } from './storage/database.ts';
import { createIngestStore } from './storage/ingest/ingest-store.ts';
import { createKeptAnswers } from './storage/kept-answers.ts';
import { openStore } from './storage/open-store.ts';
import { createRegistryStore } from './storage/registry-store.ts';
import { createStoreHealth } from './storage/store-health.ts';
import { createTokenStore } from './storage/tokens.ts';
import { lastPush, logTelemetryFailures } from './telemetry/failures.ts';
import { startMetricExport, type MetricExport } from './telemetry/metric-export.ts';
import { startProcessMetrics } from './telemetry/process-metrics.ts';
import type { MonitorMetricProducer } from './telemetry/producer.ts';
import { createServiceMetrics, freeBytes } from './telemetry/service-metrics.ts';
import type { MetricStore } from './telemetry/store.ts';

/** A running service. */
export interface Service {
  /** Base URL, with the port really taken. */
  readonly url: string;
  /** Series of monitors in this process stand in `/metrics` too: give it to `createMonitor({ producer })`. */
  readonly producer: MonitorMetricProducer;
  /** Whether every scope is open, since there is no token. */
  readonly open: boolean;
  /** From now on `/readyz` says 200 as long as the store can be written. */
  ready(): void;
  /** Lets requests under way end, pushes metrics once more where a push is configured, closes the store. */
  close(): Promise<void>;
}

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;
/** A database that does not answer yet is waited for so long at the start: containers start in any order. */
const START_PATIENCE = 30 * SECOND;
/** Requests under way may take so long to end, and the last push so long: whoever stops a container kills it after ten seconds. */
const DRAIN = 5 * SECOND;
const LAST_PUSH = 3 * SECOND;
/** Answers are kept for their `Idempotency-Key` so long. */
const KEEP_ANSWERS = 24 * HOUR;
/** Longer than a replica may pause between two writes of a save. */
const SWEEP_GRACE = 2 * HOUR;
const REFRESH = 15 * SECOND;
/** Place among the ends of what lasts until the last push has been made, and not longer than the database. */
const AFTER_PUSH = 1;

/** Where things were begun, and how they end; the last one first. */
interface Running {
  readonly version: string;
  readonly logger: Logger;
  readonly ends: (() => Promise<void> | void)[];
  readonly metricExport: MetricExport;
  readonly database: Database;
}

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
  const ends: Running['ends'] = [];
  try {
    const metricExport = await startMetricExport(exportOptions(config));
    const push = () => lastPush(metricExport.close(), LAST_PUSH, logger);
    ends.push(push);
    const database = await openStore({
      ...{ url: config.databaseUrl, dataFolder: config.dataFolder, patience: START_PATIENCE },
      onError: (error) => logger.warn(error, 'a connection to the database broke'),
      onWait: (why) => logger.warn(`waiting for the database: ${why}`),
    });
    ends.unshift(() => database.close());
    return await serve(config, { version, logger, ends, metricExport, database });
  } catch (error) {
    await endAll(ends, logger);
    throw error;
  }
}

async function serve(config: Config, running: Running): Promise<Service> {
  const { version, logger, ends, metricExport, database } = running;
  const now = Date.now;
  const stored = createTokenStore(database, { now, newId: randomUUID });
  const tokens = combinedTokens(environmentTokens(config.tokens), cachedTokens(stored, now));
  const loopback = isLoopback(config.host);
  const open = !(await tokens.any());
  if (open && !loopback) throw noTokens(config.host);
  const { healthy, ...rooms } = await openRooms(config, running);
  let notReady: string | undefined = 'The service is starting.';
  const app = await createApp({
    ...rooms,
    ...{ version, logger, now, rateLimit: config.rateLimit, maxUpload: config.maxUploadBytes },
    ...{ metrics: metricExport.handler, metricsNeedToken: config.metricsNeedToken },
    ...(config.trustProxy !== undefined && { trustProxy: config.trustProxy }),
    notReady: async () => notReady ?? (await healthy()),
    authenticate: createAuthenticate({
      ...{ tokens, loopback },
      identities: config.grafana && createGrafanaIdentity(config.grafana),
    }),
  });
  ends.push(async () => {
    if (!(await drain(app, DRAIN))) logger.warn('requests under way were cut off');
  });
  const url = await listen(app, config);
  const close = async () => {
    notReady = 'The service is stopping.';
    await delay(config.shutdownDelaySeconds * SECOND);
    await endAll(ends, logger);
  };
  return { url, producer: metricExport.producer, open, ready: () => void (notReady = undefined), close };
}

/** The rooms behind the edge, begun and kept going. */
async function openRooms(config: Config, running: Running) {
  const { logger, ends, database } = running;
  const now = Date.now;
  const instance = randomUUID();
  const { attach, describes } = exported(running);
  const artifacts = await openArtifacts({
    ...{ dataFolder: config.dataFolder, url: config.artifactsUrl, endpoint: config.s3Endpoint },
  });
  const store = createRegistryStore(database);
  const zeroHold = config.zeroHoldSeconds * SECOND;
  const metrics = new LifecycleMetrics({ store, now, zeroHold, describes });
  const onChange = () => void metrics.refresh().catch((error: unknown) => logger.warn(error, 'no refresh'));
  const registry = createRegistry({
    ...{ store, artifacts, now, newId: randomUUID, onChange, paths: createAllowedRoots(config.artifactRoots) },
    limits: { ...DEFAULT_LIMITS, maxBytes: config.maxUploadBytes },
  });
  const lifecycle = createLifecycle({
    ...{ store, artifacts, now, onChange, onMove: (move) => metrics.moved(move) },
    evidence: { store: { live: async () => ({ labeled: 0, metrics: {}, windows: [] }) } },
  });
  const ingest = createIngestService({
    ...{ store: createIngestStore(database), now, attach, makeId: randomUUID, replica: instance, every, pause },
    ...{ stripe: randomInt(16), piiKey: randomBytes(32).toString('hex') },
    settings: { zeroHoldSeconds: config.zeroHoldSeconds },
    onError: (error, what) => logger.error(error, what),
  });
  const keptAnswers = createKeptAnswers(database, now);
  const health = createStoreHealth(database, { now, instance });
  const answers = undefined as never;
  keepGoing(running, [
    [REFRESH, () => metrics.refresh()],
    [HOUR, () => keptAnswers.forget(now() - KEEP_ANSWERS)],
    [HOUR, async () => void (await sweepArtifacts({ store, artifacts, now: now(), grace: SWEEP_GRACE }))],
  ]);
  ends.splice(AFTER_PUSH, 0, () => ingest.close());
  await ingest.start();
  for (const made of [
    metrics.store,
    createServiceMetrics({ diskFree: () => freeBytes(config.dataFolder), queueDepth: () => 0, now }),
  ])
    attach(made);
  const healthy = async () => ingest.healthy() ?? (await health.check());
  return { registry, lifecycle, ingest, answers, audit: createAuditReader(database), keptAnswers, healthy };
}

/** The export of metrics with a memory of whose series it holds. */
function exported({ metricExport, ends }: Running) {
  const { producer, meterProvider } = metricExport;
  const nameOf = (model: string, version: string) => `${model}\u0000${version}`;
  const attached = new Set<string>();
  ends.splice(AFTER_PUSH, 0, startProcessMetrics(meterProvider));
  const attach = (store: MetricStore) => {
    const detach = producer.attach(store);
    attached.add(nameOf(store.model, store.version));
    return () => {
      attached.delete(nameOf(store.model, store.version));
      detach();
    };
  };
  return { attach, describes: (model: string, version: string) => attached.has(nameOf(model, version)) };
}

/** Does work now and every so many milliseconds; what fails is logged and tried again the next time. */
function keepGoing({ logger, ends }: Running, chores: readonly (readonly [number, () => Promise<void>])[]): void {
  for (const [milliseconds, work] of chores) {
    const guarded = () => work().catch((error: unknown) => logger.warn(error, 'a chore failed'));
    void guarded();
    ends.push(every(milliseconds, guarded));
  }
}

/** Calls work again and again, so many milliseconds after it has ended. @returns what ends it */
function every(milliseconds: number, work: () => Promise<void>): () => void {
  let timer: NodeJS.Timeout | undefined;
  let over = false;
  const next = () => {
    if (!over) timer = setTimeout(() => void work().finally(next), milliseconds).unref();
  };
  next();
  return () => {
    over = true;
    clearTimeout(timer);
  };
}

function exportOptions({ otlpUrl, otlpIntervalSeconds, serviceName }: Config) {
  const interval = otlpIntervalSeconds === undefined ? {} : { intervalSeconds: otlpIntervalSeconds };
  return {
    ...(otlpUrl !== undefined && { otlp: { url: otlpUrl, ...interval } }),
    ...(serviceName !== undefined && { serviceName }),
  };
}

async function endAll(ends: Running['ends'], logger: Logger): Promise<void> {
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
