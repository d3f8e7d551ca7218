import { matchers, type ModelVersion, ofVersion } from './promql';

const SIZE = 'ml_feature_reference_size';

/** How many features of each version have a reference to be compared with. */
export function referenceFeatureCount(): string {
  return `count by (model, version) (max by (model, version, feature) (${SIZE}))`;
}

/** The features of one version that have a reference; the value is the reference's number of rows. */
export function referenceFeatures(target: ModelVersion): string {
  return `max by (model, version, reference, feature) (${SIZE}${matchers(ofVersion(target))})`;
}
