/** Checks of what a drift policy is told. */
import { PlumblineError } from '../errors.ts';
import { checkedPersistence } from './persistence.ts';
import { DEFAULT_POLICY, type DriftPolicy } from './policy.ts';
import { BINNED_STATISTICS, STATISTICS } from './statistics.ts';

const ANY: readonly unknown[] = STATISTICS;
const BINNED: readonly unknown[] = BINNED_STATISTICS;

const MOST_ROWS = 1_000_000;

/** Fills in the defaults. @throws PlumblineError `invalid_configuration` naming the field that cannot be used */
export function resolvePolicy(given: Partial<DriftPolicy> = {}): DriftPolicy {
  entries('policy', given);
  const policy = { ...DEFAULT_POLICY, ...given };
  const { threshold, alpha, minimum, nullCalibration, seed } = policy;
  if (!(isWeight(threshold) && threshold < 1))
    throw invalid('threshold', threshold, 'It must lie in [0, 1); the default is 0.05.');
  if (!(isWeight(alpha) && alpha > 0 && alpha < 1))
    throw invalid('alpha', alpha, 'It must lie between 0 and 1; the default is 0.01.');
  if (!(Number.isInteger(minimum) && minimum >= 2 && minimum <= MOST_ROWS))
    throw invalid('minimum', minimum, `A whole number from 2 to ${MOST_ROWS}; the default is 100.`);
  if (typeof nullCalibration !== 'boolean') throw invalid('nullCalibration', nullCalibration, 'True or false.');
  if (!Number.isSafeInteger(seed)) throw invalid('seed', seed, 'A whole number; the default is 1.');
  checkPolicy(policy);
  return policy;
}

/** Checks the optional fields of a policy. */
function checkPolicy(policy: DriftPolicy): void {
  const { numeric, categorical, thresholds, informing, directions, importance, importanceShare, persistence } = policy;
  if (numeric !== undefined && !ANY.includes(numeric)) throw unknownStatistic('numeric', numeric, ANY);
  if (categorical !== undefined && !BINNED.includes(categorical))
    throw unknownStatistic('categorical', categorical, BINNED);
  const informs =
    informing === undefined || (Array.isArray(informing) && informing.every((item) => ANY.includes(item)));
  if (!informs) throw unknownStatistic('informing', informing, ANY);
  for (const [statistic, threshold] of entries('thresholds', thresholds)) {
    if (!ANY.includes(statistic)) throw unknownStatistic('thresholds', statistic, ANY);
    if (!isWeight(threshold)) throw invalid(`thresholds.${statistic}`, threshold, 'A threshold is a number ≥ 0.');
  }
  for (const [feature, direction] of entries('directions', directions)) {
    if (direction !== 'increase' && direction !== 'decrease')
      throw invalid(`directions.${feature}`, direction, 'Use "increase" or "decrease".');
  }
  for (const [feature, weight] of entries('importance', importance)) {
    if (!isWeight(weight)) throw invalid(`importance.${feature}`, weight, 'An importance is a number ≥ 0.');
  }
  if (importanceShare !== undefined && !(isWeight(importanceShare) && importanceShare < 1))
    throw invalid('importanceShare', importanceShare, 'A share lies in [0, 1); 0 means any feature.');
  if (persistence !== undefined) checkedPersistence(persistence);
}

function entries(field: string, value: Readonly<Record<string, unknown>> | undefined): [string, unknown][] {
  if (value === undefined) return [];
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return Object.entries(value);
  throw invalid(field, value, 'Expected an object by name.');
}

function isWeight(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && Number.isFinite(value);
}

function unknownStatistic(field: string, value: unknown, known: readonly unknown[]): PlumblineError {
  return invalid(field, value, `Statistics are ${known.join(', ')}.`);
}

function invalid(field: string, value: unknown, help: string): PlumblineError {
  return new PlumblineError('invalid_configuration', `drift.${field}: ${String(value)} cannot be used`, help);
}
