/** The rooms behind the edge of the service, begun and kept going: what `service.ts` puts an HTTP edge before. */
import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { setImmediate as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Config } from './config.ts';
import { createIngestService, type IngestEnvironment } from './labels/ingest-service.ts';
import type { IngestAnswers } from './labels/ingest.ts';
import { STRIPES } from './labels/live-cores.ts';
import type { ClosedWindow } from './labels/stored-window.ts';
import type { EvidenceSources } from './lifecycle/evidence.ts';
import type { Transition } from './lifecycle/lifecycle.ts';
import { LifecycleMetrics } from './lifecycle/lifecycle-metrics.ts';
import { createLifecycle } from './lifecycle/lifecycle-service.ts';
import { createLiveEvidence } from './lifecycle/live-evidence.ts';
import { createPrometheusEvidence } from './outbound/prometheus-evidence.ts';
import { createPrometheusClient } from './outbound/prometheus.ts';
import { DEFAULT_LIMITS } from './registry/artifact-intake.ts';
import { createRegistry, type RegistryOptions } from './registry/registry-service.ts';
import { sweepArtifacts } from './registry/sweep.ts';
import { openAssignments } from './service-assignments.ts';
import { openLoop } from './service-loop.ts';
import { openNews } from './service-news.ts';
import { createAllowedRoots } from './storage/artifacts/allowed-roots.ts';
import { openArtifacts } from './storage/artifacts/open-artifacts.ts';
import { createAuditReader } from './storage/audit-log.ts';
import { startCheckpoints } from './storage/checkpoint/checkpointer.ts';
import type { Database } from './storage/database.ts';
import { createIngestStore } from './storage/ingest/ingest-store.ts';
import { createKeptAnswers } from './storage/kept-answers.ts';
import { createOutcomeWindows } from './storage/outcome-windows.ts';
import { createReaderJobs } from './storage/reader/create-jobs.ts';
import { createRegistryStore } from './storage/registry-store.ts';
import { createStoreHealth } from './storage/store-health.ts';
import type { MetricExport } from './telemetry/metric-export.ts';
import { startProcessMetrics } from './telemetry/process-metrics.ts';
import { createServiceMetrics, freeBytes } from './telemetry/service-metrics.ts';
import type { MetricStore } from './telemetry/store.ts';

/** What the rooms stand on. */
export interface Ground {
  readonly logger: Logger;
  readonly metricExport: MetricExport;
  readonly database: Database;
  /** Told of each drift window this process closes. */
  readonly onWindow: (window: ClosedWindow) => void;
  /** Where the service listens, once it does. */
  readonly url: () => string;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** Answers are kept for their `Idempotency-Key` so long. */
const KEEP_ANSWERS = 24 * HOUR;
/** Longer than a replica may pause between two writes of a save. */
const SWEEP_GRACE = 2 * HOUR;
/** What another replica changed is seen after so long. */
const REFRESH = 15 * SECOND;

/**
 * Opens the rooms.
 * @returns what the edge answers from; `healthy` says why the store cannot be used, `stop` ends the chores, `close` ends everything
 */
export async function openRooms(config: Config, ground: Ground) {
  const { logger, database } = ground;
  const now = Date.now;
  const instance = randomUUID();
  const news = openNews(config, logger);
  const diskFree = () => freeBytes(config.dataFolder);
  const { attach, describes } = remembered(ground.metricExport);
  const store = createRegistryStore(database);
  const artifacts = await openArtifacts({
    ...{ dataFolder: config.dataFolder, url: config.artifactsUrl, endpoint: config.s3Endpoint },
  });
  const jobs = createReaderJobs(database);
  const ingestStore = createIngestStore(database);
  const zeroHold = config.zeroHoldSeconds * SECOND;
  const assignments = openAssignments({
    ...{ logger, database, attach, replica: instance, now, pause, zeroHold },
    ...{ lease: ingestStore.lease, onGuardrail: news.guardrail },
  });
  const ingest = ingestOf(config, ground, {
    ...{ store: ingestStore, jobs, attach, replica: instance, onStored: assignments.onStored },
  });
  const metrics = new LifecycleMetrics({ store, now, zeroHold, describes });
  const onChange = () => void metrics.refresh().catch((error: unknown) => logger.warn(error, 'metrics are old'));
  const shared = { store, artifacts, now, onChange };
  const keptAnswers = createKeptAnswers(database, now);
  const health = createStoreHealth(database, { now, instance, diskFree });
  const registry = registryOf(config, shared);
  const onMove = (move: Transition) => void [metrics, news].forEach((told) => told.moved(move));
  const lifecycle = createLifecycle({ ...shared, onMove, evidence: evidenceOf(config, database, ingest) });
  const { experiments, round } = assignments;
  const loop = openLoop(config, {
    ...{ database, store, artifacts, registry, lifecycle, attach, logger, experiments, ingest, answers: ingest },
    ...{ desk: ingest.desk, url: ground.url, owner: instance, now, pause },
  });
  const stopProcessMetrics = startProcessMetrics(ground.metricExport.meterProvider);
  attach(metrics.store);
  attach(createServiceMetrics({ diskFree, queueDepth: () => ingest.waiting(), now }));
  await ingest.start();
  const stopCheckpoints = checkpointsOf(ground);
  const stop = keepGoing(logger, [
    ...loop.chores,
    [REFRESH, () => metrics.refresh()],
    [REFRESH, round],
    [HOUR, () => keptAnswers.forget(now() - KEEP_ANSWERS)],
    [HOUR, async () => void (await sweepArtifacts({ store, artifacts, now: now(), grace: SWEEP_GRACE }))],
  ]);
  return {
    ...{ ingest, answers: ingest, audit: createAuditReader(database), keptAnswers, stop },
    ...{ registry, lifecycle, experiments, ...loop.edge, lookAtTriggers: loop.look, leadExperiments: round },
    healthy: async () => ingest.healthy() ?? (await health.check()),
    close: async () => {
      await loop.close();
      stopProcessMetrics();
      await assignments.close();
      await ingest.close();
      await jobs.close();
      await stopCheckpoints();
    },
  };
}

type IngestParts = Pick<IngestEnvironment, 'store' | 'jobs' | 'attach' | 'replica' | 'onStored'>;

function ingestOf({ zeroHoldSeconds }: Config, { logger, onWindow }: Ground, parts: IngestParts) {
  return createIngestService({
    ...{ ...parts, now: Date.now, makeId: randomUUID, every, pause, onWindow },
    ...{ stripe: randomInt(STRIPES), piiKey: randomBytes(32).toString('hex') },
    defer: (work) => void setImmediate(work),
    settings: { zeroHoldSeconds },
    onError: (error, what) => logger.error(error, what),
  });
}

function registryOf(config: Config, shared: Pick<RegistryOptions, 'store' | 'artifacts' | 'now' | 'onChange'>) {
  return createRegistry({
    ...{ ...shared, newId: randomUUID, paths: createAllowedRoots(config.artifactRoots) },
    limits: { ...DEFAULT_LIMITS, maxBytes: config.maxUploadBytes },
  });
}

/** SQLite alone has a log to be copied. @returns what ends it */
function checkpointsOf({ database: { db, engine }, logger }: Ground): () => Promise<void> {
  if (engine.name !== 'sqlite') return () => Promise.resolve();
  return startCheckpoints({ db, engine, every, onError: (error) => logger.warn(error, 'a checkpoint failed') });
}

/** Gates rest on what this service joined, or on what a Prometheus counted where one is configured. */
function evidenceOf({ prometheusUrl: url }: Config, database: Database, answers: IngestAnswers): EvidenceSources {
  const store = createLiveEvidence(answers, createOutcomeWindows(database));
  return { store, ...(url !== undefined && { prometheus: createPrometheusEvidence(createPrometheusClient({ url })) }) };
}

/** Exports stores, and remembers whose: a version that a monitor describes is not described a second time. */
function remembered({ producer }: MetricExport) {
  const nameOf = (model: string, version: string) => `${model}\u0000${version}`;
  const attached = new Set<string>();
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

/** Does work now and every so many milliseconds; what fails is logged and tried again the next time. @returns what ends it */
function keepGoing(logger: Logger, chores: readonly (readonly [number, () => Promise<void>])[]): () => void {
  const stops = chores.map(([milliseconds, work]) => {
    const guarded = () => work().catch((error: unknown) => logger.warn(error, 'a chore failed'));
    void guarded();
    return every(milliseconds, guarded);
  });
  return () => {
    for (const stop of stops) stop();
  };
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
