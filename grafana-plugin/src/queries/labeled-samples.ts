import { type ModelVersion, ofVersion, recorded } from './promql';

/** Labelled samples behind accuracy and F1, net of labels taken back. */
export function labeledSamples(target?: ModelVersion): string {
  return recorded('labeled', target && ofVersion(target));
}
