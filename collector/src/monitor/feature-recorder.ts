/** What recording one feature means: lifetime counters that add up over replicas, and what the open drift window holds. */
import type { SerialDependence } from '../drift/autocorrelation.ts';
import type { QualityCounts } from '../drift/data-quality.ts';
import type { FeatureWindow } from '../drift/feature-tests.ts';
import type { FeatureValue } from '../prediction.ts';
import type { FeatureSchema } from './options.ts';

/** What a closed window held of a feature. */
export interface ClosedFeature {
  readonly window: FeatureWindow;
  /** How much the rows depend on those before them. */
  readonly serial: SerialDependence;
  readonly quality: QualityCounts;
}

/** A feature whose values flow in; `close` hands the window over and starts the next. */
export interface FeatureRecorder {
  readonly feature: string;
  record(value: FeatureValue): void;
  /** What the window held; sorting happens in the returned function, when the verdict is made. @param rows predictions of the window */
  close(rows: number): () => ClosedFeature;
}

/** What recorders of one model version share. */
export interface RecorderContext {
  readonly labels: Readonly<Record<'reference' | 'feature', string>>;
  /** Predictions a window holds at most. */
  readonly window: number;
  readonly schema: FeatureSchema | undefined;
}
