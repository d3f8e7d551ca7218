import { type ModelVersion, ofVersion, recorded } from './promql';

/** Predictions made in the chosen window. */
export function predictions(target?: ModelVersion): string {
  return recorded('predictions', target && ofVersion(target));
}
