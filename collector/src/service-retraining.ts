/** The room of retraining, put together. */
import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { wholeEnvironment, type Config } from './config.ts';
import type { ExampleSource, FeedbackCounts } from './feedback/training-example.ts';
import type { IngestAnswers } from './labels/ingest.ts';
import type { Lifecycle } from './lifecycle/lifecycle.ts';
import type { PolicyRules } from './lifecycle/policy.ts';
import { createCallbackFiles } from './outbound/callback-files.ts';
import { createPredictor } from './outbound/create-predictor.ts';
import { createTrainer } from './outbound/create-trainer.ts';
import { createRunFolders } from './outbound/run-folders.ts';
import type { ArtifactStore } from './registry/artifact-store.ts';
import type { Registry } from './registry/model-version.ts';
import type { RegistryReading } from './registry/registry-store.ts';
import { createCallbackDesk } from './retraining/callback-desk.ts';
import { evaluateVersions } from './retraining/evaluation/evaluate-versions.ts';
import type { Arms } from './retraining/follow-up.ts';
import { maskSecrets } from './retraining/mask-secrets.ts';
import { RetrainingMetrics } from './retraining/retraining-metrics.ts';
import { createRetraining } from './retraining/retraining-service.ts';
import { RunDesk } from './retraining/run-desk.ts';
import { watchTriggers } from './retraining/watch-triggers.ts';
import type { Database } from './storage/database.ts';
import { createRetrainingStore } from './storage/retraining-store.ts';
import type { MetricStore } from './telemetry/store.ts';

/** What retraining stands on. */
export interface RetrainingGround {
  readonly database: Database;
  readonly store: RegistryReading;
  readonly artifacts: ArtifactStore;
  readonly registry: Registry;
  readonly lifecycle: Lifecycle;
  readonly answers: IngestAnswers;
  readonly examples: ExampleSource;
  readonly feedback: FeedbackCounts;
  /** Sets experiments up; without it a policy that asks for one keeps the version in development. */
  readonly arms: Arms | undefined;
  readonly attach: (store: MetricStore) => void;
  readonly logger: Logger;
  /** Address the service listens on, once it does. */
  readonly url: () => string;
  /** By a name of this process alone. */
  readonly owner: string;
}

const SECOND = 1_000;
/** A replica says so often that it is there; one that was silent for so long is gone. */
const PULSE = 5 * SECOND;
const PATIENCE = 30 * SECOND;
/** Triggers are looked at so often; what they rest on changes by the minute at most. */
const LOOK = 60 * SECOND;
const REFRESH = 15 * SECOND;

/** Makes it. `chores` are to be kept going; `close` marks the runs of this replica as interrupted. */
export function openRetraining(config: Config, ground: RetrainingGround) {
  const { database, store: versions, artifacts, lifecycle, logger, owner } = ground;
  const now = Date.now;
  const onError = (error: unknown, what: string) => logger.error(error, what);
  const store = createRetrainingStore(database);
  const environment = wholeEnvironment();
  const zeroHold = config.zeroHoldSeconds * SECOND;
  const metrics = new RetrainingMetrics({ store, now, zeroHold, attach: ground.attach });
  const callbacks = createCallbackDesk({
    ...{ store, onError, files: createCallbackFiles(config.maxUploadBytes) },
    url: () => config.publicUrl ?? ground.url(),
    newToken: () => randomBytes(32).toString('base64url'),
  });
  const desk = new RunDesk({
    ...{ store, owner, now, onError, versions, lifecycle, patience: PATIENCE, arms: ground.arms },
    ...{ registry: ground.registry, examples: ground.examples, feedback: ground.feedback, evaluate: evaluateVersions },
    trainer: createTrainer({ environment, callbacks, webhookSecret: config.trainerSecret }),
    predictor: createPredictor({ environment }),
    folders: createRunFolders({ folder: join(config.dataFolder, 'runs'), artifacts }),
    maskFor: ({ policy }) => {
      const secrets = secretsOf(policy, environment);
      return (text) => maskSecrets(text, secrets);
    },
    onEnd: ({ model, trigger, result, seconds }) => metrics.ended(model, trigger, result, seconds),
  });
  const refresh = () => void metrics.refresh().catch((error: unknown) => logger.warn(error, 'metrics are old'));
  const facts = { answers: ground.answers, feedback: ground.feedback };
  const retraining = createRetraining({
    ...{ store, now, owner, facts, desk, newId: randomUUID, onStart: refresh },
    onRefusal: (model, trigger) => metrics.ended(model, trigger, 'refused'),
  });
  const chores: (readonly [number, () => Promise<void>])[] = [
    [PULSE, () => desk.beat()],
    [PULSE, async () => void (await desk.recover())],
    [LOOK, () => watchTriggers({ store, facts, retraining, now, onError })],
    [REFRESH, () => metrics.refresh()],
  ];
  return { retraining, callbacks, chores, close: () => desk.close() };
}

/** Values that a trainer is given and must not be shown when it prints them. */
function secretsOf(
  { retraining: { trainer } }: PolicyRules,
  environment: ReturnType<typeof wholeEnvironment>,
): string[] {
  const names = trainer?.kind === 'command' ? trainer.environment : Object.values(trainer?.headers ?? {});
  return names.flatMap((name) => environment[name] ?? []);
}
