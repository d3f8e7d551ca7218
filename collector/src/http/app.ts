/** The collector's HTTP edge. What it serves comes in as arguments; it stores nothing. */
import etag from '@fastify/etag';
import multipart from '@fastify/multipart';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Experiments } from '../assignments/experiments.ts';
import type { AuditReader } from '../audit/audit-event.ts';
import type { KeptAnswers } from '../audit/repeated-request.ts';
import type { Ingest, IngestAnswers } from '../labels/ingest.ts';
import type { Lifecycle } from '../lifecycle/lifecycle.ts';
import type { Registry } from '../registry/model-version.ts';
import { addAuthorisation } from './authorisation.ts';
import { onNotFound } from './error-replies.ts';
import { addHealthRoutes, type HealthOptions } from './health.ts';
import { addIdempotency } from './idempotency.ts';
import { watchRoutes } from './known-routes.ts';
import { addDocumentRoutes, describeRoutes } from './openapi.ts';
import { NDJSON, readJson, readRows } from './parse-body.ts';
import type { Authenticate } from './principal.ts';
import { addRateLimit } from './rate-limit.ts';
import type { BodyLimits } from './read-body.ts';
import { addAuditRoute } from './routes/audit.ts';
import { addExperimentChanges, addExperimentReads } from './routes/experiments.ts';
import { addFileRoute, addSaveRoute } from './routes/files.ts';
import { addInfoRoutes } from './routes/info.ts';
import { addIngestRoutes } from './routes/ingest.ts';
import { addLifecycleChanges, addLifecycleReads } from './routes/lifecycle.ts';
import { addModelChanges, addModelReads } from './routes/models.ts';
import { addReportRoutes } from './routes/reports.ts';
import { createServer, type ServerOptions } from './server.ts';
import type { TypedApp } from './typed-app.ts';
import { validatorCompiler } from './validator.ts';

/** What the routes answer from, and the bounds of the edge. */
export interface AppOptions extends ServerOptions, HealthOptions {
  /** Of Plumbline. */
  readonly version: string;
  readonly authenticate: Authenticate;
  /** Requests per token and minute; 0 for no limit. */
  readonly rateLimit: number;
  readonly keptAnswers: KeptAnswers;
  readonly registry: Registry;
  readonly lifecycle: Lifecycle;
  readonly experiments: Experiments;
  readonly ingest: Ingest;
  readonly answers: IngestAnswers;
  readonly audit: AuditReader;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Largest file of an upload, in bytes. */
  readonly maxUpload: number;
  /** A body other than an upload must have arrived within this time, in milliseconds (default 30,000). */
  readonly bodyTimeout?: number;
}

/** Largest body other than an upload, as sent and as inflated. */
export const MAX_BODY_BYTES = 8 * 1024 * 1024;
const BODY_TIMEOUT = 30_000;
const MAX_FILES = 10_000;

/** Builds the app; the caller makes it listen (`listen.ts`) and closes it (`drain.ts`). */
export async function createApp(options: AppOptions): Promise<FastifyInstance> {
  const app = createServer(options);
  const limits = { bytes: MAX_BODY_BYTES, milliseconds: options.bodyTimeout ?? BODY_TIMEOUT };
  app.setValidatorCompiler(validatorCompiler);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', (request: FastifyRequest) => readJson(request.raw, limits));
  app.setNotFoundHandler(onNotFound(watchRoutes(app)));
  await describeRoutes(app, options.version);
  addAuthorisation(app, options.authenticate, await addRateLimit(app, options.rateLimit));
  await app.register((scope) => addReads(scope, options));
  await app.register((scope) => addChanges(scope, options));
  await app.register((scope) => addIngest(scope, options, limits));
  addHealthRoutes(app.withTypeProvider(), options);
  const isReady = async () => (await options.notReady()) === undefined;
  addInfoRoutes(app.withTypeProvider(), options.version, isReady);
  await addDocumentRoutes(app);
  return app;
}

async function addReads(scope: FastifyInstance, options: AppOptions): Promise<void> {
  const app: TypedApp = scope.withTypeProvider();
  addFileRoute(app, options.registry);
  await scope.register(async (cached) => {
    // Kept by who asked, and asked for again every time: an unchanged answer then costs 304 and no body.
    cached.addHook('onRequest', async (_request, reply) => void reply.header('cache-control', 'private, no-cache'));
    await cached.register(etag);
    const read: TypedApp = cached.withTypeProvider();
    addModelReads(read, options.registry);
    addLifecycleReads(read, options.lifecycle, options.now);
    addExperimentReads(read, options.experiments);
    addReportRoutes(read, options.answers);
    addAuditRoute(read, options.audit);
  });
}

async function addChanges(scope: FastifyInstance, options: AppOptions): Promise<void> {
  await scope.register(multipart, {
    preservePath: true,
    limits: { fileSize: options.maxUpload, files: MAX_FILES, fields: 20, fieldSize: MAX_BODY_BYTES },
  });
  addIdempotency(scope, options.keptAnswers);
  const app: TypedApp = scope.withTypeProvider();
  addSaveRoute(app, options.registry);
  addModelChanges(app, options.registry);
  addLifecycleChanges(app, options.lifecycle);
  addExperimentChanges(app, options.experiments);
}

async function addIngest(scope: FastifyInstance, { ingest }: AppOptions, limits: BodyLimits): Promise<void> {
  scope.addContentTypeParser(NDJSON, (request: FastifyRequest) => readRows(request.raw, limits));
  addIngestRoutes(scope.withTypeProvider(), ingest);
}
