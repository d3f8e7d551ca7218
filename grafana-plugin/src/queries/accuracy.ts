import { type ModelVersion, ofVersion, recorded } from './promql';

/** Share of labelled predictions that were right, per version, in the chosen window. */
export function accuracy(target?: ModelVersion): string {
  return recorded('accuracy', target && ofVersion(target));
}
