/** Two versions on the same rows: how their results differ, each row compared with itself. */
import type { Measured } from '../performance/measured.ts';

/** Two classifiers on the same rows. */
export interface PairedDifference {
  /** Accuracy of a minus accuracy of b, with a 95 % interval. */
  readonly difference: Measured;
  /** Rows that both, only a, only b, or neither got right. */
  readonly both: number;
  readonly onlyA: number;
  readonly onlyB: number;
  readonly neither: number;
  /** McNemar's exact two-sided p-value that a and b are right equally often; 1 where they never differ. */
  readonly pValue: number;
  /** The same by mid-p: less conservative. */
  readonly midP: number;
}

/** Two regressions on the same rows. */
export interface PairedErrorDifference {
  /** Mean of |error of a| − |error of b| with a 95 % interval: below 0 a is better. */
  readonly difference: Measured;
  /** Two-sided p-value of the paired t-test; null below two rows. */
  readonly pValue: number | null;
}
