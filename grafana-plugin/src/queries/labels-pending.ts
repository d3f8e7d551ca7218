import { matchers, type ModelVersion, ofVersion } from './promql';

/** Predictions that still wait for their label, over all processes of the version. */
export function labelsPending(target: ModelVersion): string {
  return `sum by (model, version) (ml_predictions_pending${matchers(ofVersion(target))})`;
}
