/** What may be decided about drift, and what is decided where nothing is said. */
import type { Direction } from './direction.ts';
import type { ImportancePolicy } from './importance.ts';
import type { Persistence } from './persistence.ts';
import type { StatisticChoice } from './statistics.ts';

/** When a feature counts as drifted. */
export interface DriftPolicy extends StatisticChoice, ImportancePolicy {
  /** The adjusted p-value must not exceed this. */
  readonly alpha: number;
  /** Rows either side needs for a verdict. */
  readonly minimum: number;
  /** False: the threshold alone decides (χ², which has none, is judged by its p all the same). */
  readonly nullCalibration: boolean;
  /** Seed of the permutation test that stands in where counts are small. */
  readonly seed: number;
  /** Numeric features of which only an increase or only a decrease of the location counts. */
  readonly directions?: Readonly<Record<string, Direction>>;
  /** How often drift must be seen to count as lasting (default 2 of 3): for `createPersistence`, no verdict depends on it. */
  readonly persistence?: Persistence;
}

/** The policy of those who say nothing. */
export const DEFAULT_POLICY: DriftPolicy = {
  threshold: 0.05,
  alpha: 0.01,
  minimum: 100,
  nullCalibration: true,
  seed: 1,
};
