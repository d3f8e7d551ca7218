import { type ModelVersion, ofVersion, recorded } from './promql';

/** F1 of each class. */
export function classF1(target: ModelVersion): string {
  return recorded('f1', ofVersion(target));
}
