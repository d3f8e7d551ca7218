/** Where keys go, told from what is stored. */
import { bucketOf, BUCKETS, propensityOf, versionAt } from '../experiments/allocation.ts';
import type { Assignment, RunningExperiment } from './experiments.ts';
import type { StoredExperiment } from './experiment-store.ts';

/** What clients need of a running experiment; undefined of one that divides nothing. */
export function toRunning({ model, name, salt, rules, epoch }: StoredExperiment): RunningExperiment | undefined {
  if (!epoch) return undefined;
  return {
    ...{ model, experiment: name, epoch: epoch.number, salt, mode: rules.mode, hash: 'murmur3_32', buckets: BUCKETS },
    allocation: epoch.ranges,
    shadows: rules.shadows,
    since: new Date(epoch.since).toISOString(),
  };
}

/** Where a key goes. @param random from 0 to 1, for who has no key */
export function assign(
  running: StoredExperiment | undefined,
  { model, production }: { readonly model: string; readonly production: string | null },
  key: string | undefined,
  random: () => number,
): Assignment {
  if (!running?.epoch) return { model, version: production, experiment: null, reason: 'production', shadows: [] };
  const { epoch, name, salt, rules } = running;
  const bucket = key === undefined ? Math.floor(random() * BUCKETS) : bucketOf(key, salt);
  const version = versionAt(epoch.ranges, bucket) as string;
  return {
    ...{ model, version },
    experiment: { name, epoch: epoch.number, propensity: propensityOf(epoch.ranges, version) },
    reason: key === undefined ? 'random' : 'split',
    shadows: rules.shadows,
  };
}
