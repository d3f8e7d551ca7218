import { type ModelVersion, ofVersion, recorded } from './promql';

/** The verdict per feature: 1 drifted, 0 not; no value while there are too few rows to judge. */
export function featureDrifted(target: ModelVersion): string {
  return recorded('feature_drifted', ofVersion(target));
}
