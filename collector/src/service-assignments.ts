/** Makes the room of experiments, with what keeps it going. */
import { randomBytes, randomInt } from 'node:crypto';
import { createExperiments } from './assignments/experiment-service.ts';
import type { Experiments } from './assignments/experiments.ts';
import type { Database } from './storage/database.ts';
import { createExperimentStore } from './storage/experiments/experiment-store.ts';

/** What the room stands on. */
export interface AssignmentsGround {
  readonly database: Database;
  /** Epoch ms. */
  readonly now: () => number;
}

/** Whole numbers that are drawn of; a share of it is a random number from 0 to 1. */
const DRAWS = 2 ** 47;
const SALT_BYTES = 8;

/** Opens it. */
export function openAssignments({ database, now }: AssignmentsGround): { readonly experiments: Experiments } {
  const store = createExperimentStore(database);
  const random = () => randomInt(DRAWS) / DRAWS;
  const newSalt = () => randomBytes(SALT_BYTES).toString('hex');
  return { experiments: createExperiments({ store, now, random, newSalt }) };
}
