import { type ModelVersion, ofVersion, recorded } from './promql';

/** Largest absolute change of a predicted class's share against the window before. */
export function predictionShift(target: ModelVersion): string {
  return recorded('prediction_shift', ofVersion(target));
}
