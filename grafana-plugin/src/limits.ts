/** From where on a value is a matter for somebody. The provisioned alert rules use the same numbers. */
export interface Limit {
  value: number;
  /** Which side of the value is bad. */
  bad: 'below' | 'above';
  severity: 'critical' | 'warning';
}

export const ACCURACY_LIMIT: Limit = { value: 0.8, bad: 'below', severity: 'critical' };
export const F1_LIMIT: Limit = { value: 0.75, bad: 'below', severity: 'warning' };
export const FEATURE_DRIFT_LIMIT: Limit = { value: 0.05, bad: 'above', severity: 'warning' };
export const PREDICTION_SHIFT_LIMIT: Limit = { value: 0.1, bad: 'above', severity: 'warning' };

/** Below this many rows in the window a feature gets no verdict. */
export const MINIMUM_ROWS = 100;

/** Below this many predictions in either of two windows their class shares are not compared. */
export const MINIMUM_PREDICTIONS = 200;

/** Whether a value lies on the bad side of its limit; the limit itself is still good. */
export function isBreached(limit: Limit, value: number): boolean {
  return limit.bad === 'below' ? value < limit.value : value > limit.value;
}
