import { type ModelVersion, ofVersion, recorded } from './promql';

/** What the deciding statistic reaches by chance alone, per feature (α = 0.01, corrected for the number of features). */
export function driftNull(target: ModelVersion): string {
  const labels = ofVersion(target);
  return `${recorded('feature_ks_null', labels)} or ${recorded('feature_js_null', labels)}`;
}

/** The highest of the features' null quantiles: one line to hold the statistics against. */
export function highestDriftNull(target: ModelVersion): string {
  return `max by (model, version) (${driftNull(target)})`;
}
