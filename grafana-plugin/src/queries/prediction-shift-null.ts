import { type ModelVersion, ofVersion, recorded } from './promql';

/** The prediction shift that chance alone reaches, at these numbers of predictions. */
export function predictionShiftNull(target: ModelVersion): string {
  return recorded('prediction_shift_null', ofVersion(target));
}
