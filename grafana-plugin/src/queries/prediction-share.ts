import { type ModelVersion, ofVersion, recorded } from './promql';

/** Share of each predicted class among the predictions of the window. */
export function predictionShare(target: ModelVersion): string {
  return recorded('prediction_share', ofVersion(target));
}
