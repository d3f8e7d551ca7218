/** Publishes the reference profile, so that PromQL can compare the counters of all replicas with it. */
import { binLabels } from '../distribution/bins.ts';
import {
  referenceLabel,
  type CategoricalReference,
  type FeatureReference,
  type NumericReference,
  type ReferenceProfile,
} from '../distribution/reference.ts';
import { chiSquareQuantile } from '../drift/chi-square.ts';
import { OTHER } from '../prediction.ts';
import type { MetricStore } from '../telemetry/store.ts';

/** Declares the reference gauges of every feature. @param alpha false-alarm rate of one window over all features */
export function publishReference(store: MetricStore, reference: ReferenceProfile, alpha: number): void {
  for (const feature of reference.features) {
    const labels = { reference: referenceLabel(reference), feature: feature.feature };
    store.gauge('referenceSize').declare(labels, feature.n);
    store
      .gauge('referenceChi2')
      .declare(labels, chiSquareQuantile(1 - alpha / reference.features.length, degreesOfFreedom(feature)));
    if (feature.type === 'numeric') publishBins(store, feature, labels);
    else publishCategories(store, feature, labels);
  }
}

/** B − 1 for the B bins the reference fills; never below 1, so that a constant feature still has a null quantile. */
function degreesOfFreedom(feature: FeatureReference): number {
  return Math.max(1, feature.counts.filter((count) => count > 0).length - 1);
}

function publishBins(store: MetricStore, feature: NumericReference, labels: Record<string, string>): void {
  let running = 0;
  binLabels(feature.edges).forEach(({ gt, le }, index) => {
    const count = feature.counts[index] as number;
    running += count;
    store.gauge('referenceRatio').declare({ ...labels, gt, le }, count / feature.n);
    store.gauge('referenceCumulative').declare({ ...labels, le }, running / feature.n);
  });
}

function publishCategories(store: MetricStore, feature: CategoricalReference, labels: Record<string, string>): void {
  const ratio = store.gauge('referenceRatio');
  feature.categories.forEach((category, index) =>
    ratio.declare({ ...labels, category }, (feature.counts[index] as number) / feature.n),
  );
  ratio.declare({ ...labels, category: OTHER }, feature.other / feature.n);
}
