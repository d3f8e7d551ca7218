/** Makes the room of experiments, with what keeps it going. */
import { randomBytes, randomInt } from 'node:crypto';
import type { Logger } from 'pino';
import { ExperimentKeeper, type GuardrailBreach } from './assignments/experiment-keeper.ts';
import { ExperimentMetrics } from './assignments/experiment-metrics.ts';
import { createExperiments } from './assignments/experiment-service.ts';
import type { CheckedPrediction } from './labels/check-prediction.ts';
import type { IngestStore } from './labels/ingest-store.ts';
import type { Database } from './storage/database.ts';
import { createExperimentStore } from './storage/experiments/experiment-store.ts';
import { createUnitStore } from './storage/experiments/unit-store.ts';
import type { MetricStore } from './telemetry/store.ts';

/** What the room stands on. */
export interface AssignmentsGround {
  readonly logger: Logger;
  readonly database: Database;
  /** Exports a store. */
  readonly attach: (store: MetricStore) => void;
  /** Name of this process among the replicas. */
  readonly replica: string;
  /** Epoch ms. */
  readonly now: () => number;
  readonly pause: () => Promise<void>;
  readonly lease: IngestStore['lease'];
  /** Milliseconds a new counter shows 0. */
  readonly zeroHold: number;
  /** Told of each arm that lost its weight by a guardrail, by the replica that acted. */
  readonly onGuardrail?: ((breach: GuardrailBreach) => void) | undefined;
}

/** Whole numbers that are drawn of; a share of it is a random number from 0 to 1. */
const DRAWS = 2 ** 47;
const SALT_BYTES = 8;
const LEASE = 'experiments';
/** A replica that is gone is replaced after so many milliseconds. */
const LEASE_DURATION = 60_000;

/**
 * Opens it.
 * @returns what is asked for; `onStored`, to be told of predictions; `round`, to be done every few seconds; `close` waits for a round under way
 */
export function openAssignments(ground: AssignmentsGround) {
  const { logger, database, attach, replica, now, pause, lease, zeroHold, onGuardrail } = ground;
  const store = createExperimentStore(database);
  const units = createUnitStore(database);
  const metrics = new ExperimentMetrics({ store, now, zeroHold });
  attach(metrics.store);
  const onChange = () => void metrics.refresh().catch((error: unknown) => logger.warn(error, 'metrics are old'));
  const keeper = new ExperimentKeeper({
    ...{ store, units, now, pause, onChange },
    lead: () => lease(LEASE, replica, now(), LEASE_DURATION),
    onError: (error, what) => logger.error(error, what),
    onGuardrail: (breach) => {
      metrics.stopped(breach);
      logger.warn(`${breach.version} lost its weight in "${breach.experiment}": ${breach.reading.reason}`);
      onGuardrail?.(breach);
    },
  });
  const random = () => randomInt(DRAWS) / DRAWS;
  const newSalt = () => randomBytes(SALT_BYTES).toString('hex');
  const experiments = createExperiments({ store, units, now, random, newSalt, onChange });
  let underWay: Promise<void> = Promise.resolve();
  return {
    experiments,
    onStored: (rows: readonly CheckedPrediction[]) => metrics.counted(rows),
    round: (): Promise<void> => (underWay = metrics.refresh().then(() => keeper.round())),
    close: async (): Promise<void> => {
      keeper.stop();
      await underWay.catch(() => {});
    },
  };
}
