/** What recording features means: lifetime counters that add up over replicas, and what the open drift window holds. */
import type { SerialDependence } from '../drift/autocorrelation.ts';
import type { QualityCounts } from '../drift/data-quality.ts';
import type { FeatureWindow } from '../drift/feature-tests.ts';
import type { FeatureSchema } from './options.ts';

/** What a closed window held of a feature. */
export interface ClosedFeature {
  readonly window: FeatureWindow;
  /** How much the rows depend on those before them. */
  readonly serial: SerialDependence;
  readonly quality: QualityCounts;
}

/** What the recorders of one model version share. */
export interface RecorderContext {
  readonly labels: Readonly<Record<'reference', string>>;
  /** Predictions a window holds at most. */
  readonly window: number;
  /** Whether windows keep their numbers, or counts per bin alone. */
  readonly exact: boolean;
  readonly schemas: ReadonlyMap<string, FeatureSchema>;
}
