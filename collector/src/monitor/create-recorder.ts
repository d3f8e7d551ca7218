/** Makes the recorder that fits a feature. */
import type { FeatureReference } from '../distribution/reference.ts';
import type { QualityReference } from '../drift/data-quality.ts';
import type { MetricStore } from '../telemetry/store.ts';
import { CategoricalRecorder } from './categorical-recorder.ts';
import type { FeatureRecorder, RecorderContext } from './feature-recorder.ts';
import { NumericRecorder } from './numeric-recorder.ts';

/** The recorder of a feature, with all its series. */
export function createFeatureRecorder(
  store: MetricStore,
  reference: FeatureReference,
  context: RecorderContext,
): FeatureRecorder {
  return reference.type === 'numeric'
    ? new NumericRecorder(store, reference, context)
    : new CategoricalRecorder(store, reference, context);
}

/** What the reference says about a feature's quality. */
export function qualityReference(reference: FeatureReference): QualityReference {
  const filled =
    reference.type === 'numeric'
      ? reference.values.length
      : reference.counts.filter((count) => count > 0).length + Number(reference.other > 0);
  return { rows: reference.n + reference.missing, missing: reference.missing, distinct: Math.min(2, filled) };
}
