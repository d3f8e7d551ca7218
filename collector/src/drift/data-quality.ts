/** The quality of a feature's values in a window, each fault against its rate in the reference. */
import { checkRecord, refused } from '../distribution/arguments.ts';
import { chiSquareTail } from './chi-square.ts';

/** Rows of a window by what was wrong with them. */
export interface QualityCounts {
  /** Predictions of the window, whatever they held. */
  readonly rows: number;
  readonly missing: number;
  /** Of another type than the reference. */
  readonly type: number;
  /** Outside the declared range, or infinite. */
  readonly range: number;
  /** Categories the reference does not have. */
  readonly unseen: number;
  /** Distinct values seen, 2 for "several". */
  readonly distinct: number;
}

/** What the reference had. */
export interface QualityReference {
  readonly rows: number;
  readonly missing: number;
  /** Share of the most frequent value among those present; 1: the reference is constant itself. */
  readonly topShare: number;
}

/** The faults that are rates. */
export const FAULTS = ['missing', 'type', 'range', 'unseen'] as const;
/** One of them. */
export type Fault = (typeof FAULTS)[number];

/** One fault in one window. */
export interface FaultRate {
  readonly fault: Fault;
  readonly count: number;
  /** Share of the window's rows; null without rows. */
  readonly rate: number | null;
  /** Share of the reference's rows; a reference holds no values of other types, none out of range and none unseen. */
  readonly reference_rate: number;
  /** Probability of such a difference without a change (Pearson's χ² of the 2 × 2 table, no Yates); null without rows. */
  readonly p_value: number | null;
  /** More than a percentage point above the reference, and not by chance. */
  readonly worse: boolean;
}

/** The quality of one feature in one window. */
export interface FeatureQuality {
  readonly faults: readonly FaultRate[];
  /**
   * The window held one value only, and that is not chance: a sensor that hangs, a default that replaced the value. Of a window that keeps
   * bins alone (`exact: false`): all its values lie in one bin.
   */
  readonly constant: boolean;
}

/** A rate must rise by more than this to be worth a word. */
const MINIMAL_RISE = 0.01;

/**
 * Compares a window with the reference. One-sided in effect: a rate that falls is never `worse`.
 * No rows: rates and p are null, nothing is worse; one value alone is not `constant`. Cost: O(1).
 * @throws PlumblineError `invalid_request` naming the count that is no whole number from 0
 * @param alpha probability of a false `worse` per fault, and at most of a false `constant`
 */
export function judgeQuality(window: QualityCounts, reference: QualityReference, alpha: number): FeatureQuality {
  checkQuality(window, reference);
  const faults = FAULTS.map((fault) => {
    const before = fault === 'missing' ? reference.missing : 0;
    return rateOf(fault, window[fault], window.rows, before, reference.rows, alpha);
  });
  const valid = window.rows - window.missing;
  // So many independent rows of the reference hold one value with at most about this probability.
  const chance = reference.topShare ** valid;
  return { faults, constant: valid > 1 && window.distinct === 1 && chance <= alpha };
}

function checkQuality(window: QualityCounts, reference: QualityReference): void {
  checkRecord(window, 'window');
  checkRecord(reference, 'reference');
  const { missing, type, range, unseen, distinct } = window;
  const counts = { rows: window.rows, missing, type, range, unseen, distinct };
  const others = { rows: reference.rows, missing: reference.missing };
  for (const [side, own] of Object.entries({ window: counts, reference: others }))
    for (const [name, count] of Object.entries(own))
      if (!Number.isSafeInteger(count) || count < 0)
        throw refused(`${side}.${name}`, 'a whole number from 0', 'Pass counts of rows.');
}

function rateOf(fault: Fault, count: number, n: number, before: number, m: number, alpha: number): FaultRate {
  const reference_rate = m === 0 ? 0 : before / m;
  if (n === 0) return { fault, count, rate: null, reference_rate, p_value: null, worse: false };
  const rate = count / n;
  const pooled = (count + before) / (n + m);
  const variance = pooled * (1 - pooled) * (1 / n + 1 / Math.max(1, m));
  // All rows faulty on both sides, or none on either: nothing differs.
  const p_value = variance > 0 ? chiSquareTail((rate - reference_rate) ** 2 / variance, 1) : 1;
  return {
    fault,
    count,
    rate,
    reference_rate,
    p_value,
    worse: rate - reference_rate > MINIMAL_RISE && p_value <= alpha,
  };
}
