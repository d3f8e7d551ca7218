import { recorded } from './promql';

/** How many features of each version drifted. A feature counts once, whatever the number of references it has. */
export function driftedFeatureCount(): string {
  return `sum by (model, version) (max by (model, version, feature) (${recorded('feature_drifted')}))`;
}
