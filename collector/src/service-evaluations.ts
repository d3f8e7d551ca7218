/** Offline evaluations, put together. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { wholeEnvironment, type Config } from './config.ts';
import type { ExampleSource } from './feedback/training-example.ts';
import type { Lifecycle } from './lifecycle/lifecycle.ts';
import { createPredictor } from './outbound/create-predictor.ts';
import { createRunFolders } from './outbound/run-folders.ts';
import type { ArtifactStore } from './registry/artifact-store.ts';
import type { RegistryReading } from './registry/registry-store.ts';
import { createEvaluations, type EvaluationService } from './retraining/evaluation/evaluation-service.ts';
import type { Database } from './storage/database.ts';
import { createEvaluationStore } from './storage/evaluation-store.ts';

/** What evaluations stand on. */
export interface EvaluationGround {
  readonly database: Database;
  readonly store: RegistryReading;
  readonly artifacts: ArtifactStore;
  readonly lifecycle: Lifecycle;
  readonly examples: ExampleSource;
  readonly logger: Logger;
}

/** Makes them; versions are run in folders below the data folder. */
export function openEvaluations(
  { dataFolder }: Pick<Config, 'dataFolder'>,
  ground: EvaluationGround,
): EvaluationService {
  const { database, store, artifacts, lifecycle, examples, logger } = ground;
  return createEvaluations({
    ...{ registry: store, lifecycle, examples, now: Date.now, newId: randomUUID },
    store: createEvaluationStore(database),
    folders: createRunFolders({ folder: join(dataFolder, 'evaluations'), artifacts }),
    predictor: createPredictor({ environment: wholeEnvironment() }),
    pause: (milliseconds, signal) => delay(milliseconds, undefined, { signal, ref: false }).catch(() => {}),
    onError: (error) => logger.error(error, 'an evaluation failed'),
  });
}
