import { type ModelVersion, ofVersion, recorded } from './promql';

/** Rows of each feature seen in the window: the n behind its verdict. */
export function featureRows(target: ModelVersion): string {
  return recorded('feature_count', ofVersion(target));
}
