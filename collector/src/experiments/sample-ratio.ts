/**
 * Whether distinct keys reached the arms as the weights say, at any time one looks: the Dirichlet-multinomial test martingale of
 * M. Lindon & A. Malek, "Anytime-valid inference for multinomial count data", NeurIPS 2022; https://arxiv.org/abs/2011.03567.
 */
import jstat from 'jstat';
import { checkList, checkRecords, refused } from '../distribution/arguments.ts';
import { PlumblineError } from '../errors.ts';

const { gammaln } = jstat.jStat;

/** Whether keys reached the arms as the weights say. */
export interface SampleRatio {
  /** How strongly the counts speak against the weights: a bet that wins only if they are wrong. At 1/alpha it is decided. */
  readonly evidence: number;
  /** The same as an always-valid p-value: 1/evidence, at most 1. */
  readonly p: number;
  readonly alpha: number;
  readonly mismatch: boolean;
}

/** What one epoch expected and what came: by version, in the same order in all epochs. */
export interface EpochCounts {
  /** Probability of each version, summing to 1. A version with 0 must have no keys. */
  readonly expected: readonly number[];
  readonly keys: readonly number[];
}

/** The level at which a mismatch is declared. */
export const SAMPLE_RATIO_ALPHA = 0.001;
/** Keys' worth of belief in the weights: large, since a broken split is off by a few per cent, not by half. */
const CONCENTRATION = 1_000;

/**
 * The test over epochs, oldest first. Within an epoch the alternative is a Dirichlet about the weights, corrected by what earlier epochs
 * saw against what they expected in sum: its mean is fixed before the epoch begins, so the product stays a martingale under the weights,
 * P(evidence ever ≥ 1/alpha) ≤ alpha, and a fault that lasts is found over any number of epochs. Depends on counts alone.
 * Cost: O(epochs · versions). @throws PlumblineError `invalid_request` on lists that do not fit, and on a level that is none
 */
export function sampleRatio(epochs: readonly EpochCounts[], alpha: number = SAMPLE_RATIO_ALPHA): SampleRatio {
  checkRecords(epochs, 'epochs');
  if (!(typeof alpha === 'number' && alpha > 0 && alpha < 1))
    throw refused('alpha', 'a number between 0 and 1', 'Leave it out for 0.001.');
  const versions = epochs[0]?.expected?.length ?? 0;
  const seen = new Float64Array(versions);
  const awaited = new Float64Array(versions);
  let logEvidence = 0;
  for (const [index, { expected, keys }] of epochs.entries()) {
    checkEpoch(expected, keys, versions, index);
    const total = keys.reduce((sum, count) => sum + count, 0);
    const believed = expected.map((share, version) => {
      const correction =
        (CONCENTRATION * share + (seen[version] as number)) / (CONCENTRATION * share + (awaited[version] as number));
      return share === 0 ? 0 : share * correction;
    });
    const scale = (CONCENTRATION + sumOf(seen)) / sumOf(believed);
    logEvidence += logBayesFactor(
      expected,
      keys,
      believed.map((share) => share * scale),
    );
    for (let version = 0; version < versions; version++) {
      seen[version] = (seen[version] as number) + (keys[version] as number);
      awaited[version] = (awaited[version] as number) + total * (expected[version] as number);
    }
  }
  const evidence = Math.exp(Math.min(700, logEvidence));
  return { evidence, p: Math.min(1, 1 / evidence), alpha, mismatch: evidence >= 1 / alpha };
}

/** ln of Dirichlet-multinomial over multinomial likelihood of the counts. */
function logBayesFactor(expected: readonly number[], keys: readonly number[], belief: readonly number[]): number {
  const mass = sumOf(belief);
  let log = gammaln(mass) - gammaln(mass + sumOf(keys));
  for (const [version, count] of keys.entries()) {
    if (count === 0) continue;
    const own = belief[version] as number;
    log += gammaln(own + count) - gammaln(own) - count * Math.log(expected[version] as number);
  }
  return log;
}

function checkEpoch(expected: readonly number[], keys: readonly number[], versions: number, index: number): void {
  checkList(expected, `epochs[${index}].expected`);
  checkList(keys, `epochs[${index}].keys`);
  const fits = expected.length === versions && keys.length === versions;
  const counted = keys.every((count, version) => count === 0 || (count > 0 && (expected[version] as number) > 0));
  if (fits && counted && Math.abs(sumOf(expected) - 1) < 1e-9) return;
  throw new PlumblineError(
    'invalid_request',
    `epochs[${index}]: expected probabilities of ${versions} versions that sum to 1, and keys only where they are above 0`,
    'Pass the same versions in each epoch; leave out keys of versions that had no weight.',
  );
}

function sumOf(values: Iterable<number>): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}
