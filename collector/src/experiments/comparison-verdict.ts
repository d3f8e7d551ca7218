/** What follows from a comparison. */
import type { ComparedMetric, ComparisonReading, ComparisonVerdict, Difference } from './comparison-reading.ts';
import { ASYMPTOTIC_KEYS } from './asymptotic-reach.ts';

/** What a verdict rests on. */
export type Evidence = Pick<ComparisonReading, 'metric' | 'control' | 'differences' | 'sampleRatio' | 'waiting'>;

/**
 * The verdict. Blocked where keys did not reach the arms as the weights say, or labels expire more often in an arm than in the control:
 * then the keys that are compared are not alike, and no difference between them is the arm's doing. A winner is the arm whose
 * sequence lies wholly on the better side of the control's (of several, the one with the largest difference), or the control where
 * every arm's lies wholly on the worse side.
 */
export function judgeComparison(evidence: Evidence): ComparisonVerdict {
  const { metric, control, differences } = evidence;
  const blocked = blockedBy(evidence);
  if (blocked !== undefined) return blocked;
  const known = differences.filter((difference) => difference.metric === metric);
  const decided = known.filter(({ low, high }) => low !== null && high !== null);
  if (decided.length === 0) return { verdict: 'insufficient_data', reason: missing(metric, known, evidence.waiting) };
  const better = decided
    .filter((difference) => sideOf(metric, difference) > 0)
    .sort((a, b) => Math.abs(b.value as number) - Math.abs(a.value as number))[0];
  if (better !== undefined)
    return {
      verdict: 'winner',
      winner: better.version,
      reason: `${better.version} is better than ${control}: ${told(better)}`,
    };
  if (decided.length === known.length && decided.every((difference) => sideOf(metric, difference) < 0))
    return {
      verdict: 'winner',
      winner: control,
      reason: `every arm is worse than ${control}: ${decided.map(told).join('; ')}`,
    };
  return { verdict: 'no_difference_yet', reason: `no difference is sure yet: ${decided.map(told).join('; ')}` };
}

function blockedBy({ sampleRatio, differences }: Evidence): ComparisonVerdict | undefined {
  if (sampleRatio.mismatch)
    return {
      verdict: 'blocked',
      blockedBy: 'sample_ratio',
      reason: `keys did not reach the arms as the weights say (p = ${sampleRatio.p.toExponential(1)}): look for predictions that are lost or recorded twice in one arm`,
    };
  const uneven = differences.find(
    ({ metric, low, high }) => metric === 'expired' && ((low ?? 0) > 0 || (high ?? 0) < 0),
  );
  if (uneven === undefined) return undefined;
  return {
    verdict: 'blocked',
    blockedBy: 'label_expiry',
    reason: `labels of ${uneven.version} expire ${(uneven.value ?? 0) > 0 ? 'more' : 'less'} often than the control's: ${told(uneven)}; what is labelled is not alike`,
  };
}

/** 1 where the whole sequence is better than the control, −1 worse, 0 neither. */
function sideOf(metric: ComparedMetric, { low, high }: Difference): number {
  const side = (low as number) > 0 ? 1 : (high as number) < 0 ? -1 : 0;
  return metric === 'mae' ? -side : side;
}

function missing(metric: ComparedMetric, known: readonly Difference[], waiting: number): string {
  const counts = known.map(({ version, keys, controlKeys }) => `${version} ${keys}, control ${controlKeys}`).join('; ');
  const need = metric === 'accuracy' ? 'one labelled key' : `${ASYMPTOTIC_KEYS} labelled keys`;
  return `each arm needs ${need}: ${counts}; ${waiting} keys wait for labels`;
}

function told({ version, metric, value, low, high, level }: Difference): string {
  const digits = (number: number | null): string => (number === null ? '?' : Number(number.toPrecision(3)).toString());
  const percent = Number((100 * level).toFixed(2));
  return `${version} − control in ${metric} ${digits(value)}, ${percent} % always-valid interval ${digits(low)} to ${digits(high)}`;
}
