import { type ModelVersion, ofVersion, recorded } from './promql';

/** F1 weighted by class support, as scikit-learn's `average="weighted"`. */
export function f1Weighted(target?: ModelVersion): string {
  return recorded('f1_weighted', target && ofVersion(target));
}
