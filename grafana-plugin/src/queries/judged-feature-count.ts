import { recorded } from './promql';

/** How many features of each version have a verdict at all: those with enough rows in the window. */
export function judgedFeatureCount(): string {
  return `count by (model, version) (max by (model, version, feature) (${recorded('feature_drifted')}))`;
}
