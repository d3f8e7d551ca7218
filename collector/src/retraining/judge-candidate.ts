/** Whether a candidate may be used: it must reach the threshold, and must not be worse than the version in production by more than the margin. */
import type { ValidationPolicy } from '../lifecycle/retraining-policy.ts';

/** A metric on the held-out rows. */
export interface Scored {
  readonly value: number | null;
  readonly n: number;
}

/** What was found; stands in the run's evidence. */
export interface CandidateVerdict {
  readonly good: boolean;
  readonly why: string;
  readonly metric: string;
  readonly direction: 'at_least' | 'at_most';
  readonly need: number;
  readonly margin: number;
  readonly candidate: Scored;
  /** The version in production on the same rows; null without one. */
  readonly incumbent: (Scored & { readonly version: string }) | null;
}

/** Judges a candidate; both values must rest on the same rows. */
export function judgeCandidate(
  policy: ValidationPolicy,
  candidate: Scored,
  incumbent: (Scored & { readonly version: string }) | null,
): CandidateVerdict {
  const { metric, min, max, margin } = policy;
  const direction = min === undefined ? 'at_most' : 'at_least';
  const need = min ?? (max as number);
  const why = reasonAgainst(policy, candidate, incumbent);
  const facts = { metric, direction, need, margin, candidate, incumbent } as const;
  return { good: why === null, why: why ?? praise(facts), ...facts };
}

function reasonAgainst(
  { metric, min, max, margin, minimumRows }: ValidationPolicy,
  { value, n }: Scored,
  incumbent: (Scored & { readonly version: string }) | null,
): string | null {
  if (value === null) return `The candidate has no ${metric} on the held-out rows.`;
  if (n < minimumRows) return `The ${metric} rests on ${n} held-out rows; ${minimumRows} are needed.`;
  if (min !== undefined && value < min) return `The ${metric} of the candidate, ${shown(value)}, is below ${min}.`;
  if (max !== undefined && value > max) return `The ${metric} of the candidate, ${shown(value)}, is above ${max}.`;
  if (incumbent === null) return null;
  if (incumbent.value === null)
    return `Version "${incumbent.version}", in production, has no ${metric} on the held-out rows.`;
  if (incumbent.n !== n)
    return `The ${metric} rests on ${n} rows, that of version "${incumbent.version}" on ${incumbent.n}.`;
  const worse = min === undefined ? value - incumbent.value : incumbent.value - value;
  // A difference of the margin itself is within it, whatever the last digit says.
  if (worse <= margin + 1e-12) return null;
  return (
    `The ${metric} of the candidate, ${shown(value)}, is worse than ${shown(incumbent.value)} of version ` +
    `"${incumbent.version}", now in production, by more than the margin of ${margin}.`
  );
}

function praise({ metric, candidate, incumbent, need, direction }: Omit<CandidateVerdict, 'good' | 'why'>): string {
  const reached = `${metric} ${shown(candidate.value as number)} on ${candidate.n} held-out rows`;
  const wanted = `${direction === 'at_least' ? 'at least' : 'at most'} ${need}`;
  if (incumbent === null) return `The candidate has ${reached} (${wanted}).`;
  const other = `version "${incumbent.version}", then in production, has ${shown(incumbent.value as number)}`;
  return `The candidate has ${reached} (${wanted}); ${other}.`;
}

function shown(value: number): string {
  return String(Number(value.toPrecision(6)));
}
