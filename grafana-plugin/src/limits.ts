import limits from './limits.json';

/** From where on a value is a matter for somebody. The provisioned alert rules use the same numbers. */
export interface Limit {
  value: number;
  /** Which side of the value is bad. */
  bad: 'below' | 'above';
  severity: 'critical' | 'warning';
}

export const ACCURACY_LIMIT = limits.accuracy as Limit;
export const F1_LIMIT = limits.f1 as Limit;
export const FEATURE_DRIFT_LIMIT = limits.featureDrift as Limit;
export const PREDICTION_SHIFT_LIMIT = limits.predictionShift as Limit;

/** Below this many rows in the window a feature gets no verdict. */
export const MINIMUM_ROWS = 100;

/** Below this many predictions in either of two windows their class shares are not compared. */
export const MINIMUM_PREDICTIONS = 200;

/** Whether a value lies on the bad side of its limit; the limit itself is still good. */
export function isBreached(limit: Limit, value: number): boolean {
  return limit.bad === 'below' ? value < limit.value : value > limit.value;
}
