import type { Labels } from '@grafana/data';

/** A series as Prometheus would answer it: labels, and a value for every moment. */
export interface FakeSeries {
  labels: Labels;
  at: (progress: number) => number;
}

type Answer = () => FakeSeries[];

const constant = (labels: Labels, value: number): FakeSeries => ({ labels, at: () => value });
const line = (labels: Labels, from: number, to: number): FakeSeries => ({
  labels,
  at: (progress) => from + (to - from) * progress + 0.01 * Math.sin(40 * progress),
});

const V1 = { model: 'electricity', version: '1' };
const V2 = { model: 'electricity', version: '2' };
const ODD = { model: 'fraud/eu "b" 50%', version: '1' };
const NEW = { model: 'churn', version: '2026-11' };

const FEATURES = ['vicprice', 'vicdemand', 'transfer', 'nswprice', 'nswdemand', 'day'];
const statisticOf = (feature: string) => (FEATURES.indexOf(feature) < 3 ? 0.31 : 0.021);
const perFeature = (make: (feature: string) => FakeSeries): FakeSeries[] => FEATURES.map(make);
const ofFeature = (feature: string) => ({ ...V2, reference: '3fa9c1d2e4b5', feature });

/** The Models page: W stands for the window. */
const FLEET: Record<string, Answer> = {
  'max by (model, version) (last_over_time(ml_model_info[W]))': () =>
    [V1, V2, ODD, NEW].map((labels) => constant(labels, 1)),
  'ml:accuracy:W': () => [constant(V1, 0.853), constant(V2, 0.704), constant(ODD, 0.9912)],
  'ml:f1_weighted:W': () => [constant(V1, 0.851), constant(V2, 0.698), constant(ODD, 0.9911)],
  'ml:labeled:W': () => [constant(V1, 4321.4), constant(V2, 1890), constant(ODD, 120), constant(NEW, 0)],
  'ml:predictions:W': () => [constant(V1, 5012.7), constant(V2, 2100), constant(ODD, 130), constant(NEW, 42)],
  'sum by (model, version) (max by (model, version, feature) (ml:feature_drifted:W))': () => [
    constant(V1, 0),
    constant(V2, 3),
  ],
  'count by (model, version) (max by (model, version, feature) (ml:feature_drifted:W))': () => [
    constant(V1, 6),
    constant(V2, 6),
  ],
  'count by (model, version) (max by (model, version, feature) (ml_feature_reference_size))': () =>
    [V1, V2, NEW].map((labels) => constant(labels, 6)),
};

/** The page of one version: {} stands for its matchers. */
const VERSION: Record<string, Answer> = {
  'ml:accuracy:W{}': () => [line(V2, 0.86, 0.7)],
  'ml:f1_weighted:W{}': () => [line(V2, 0.85, 0.69)],
  'ml:f1:W{}': () => [line({ ...V2, class: 'UP' }, 0.8, 0.6), line({ ...V2, class: 'DOWN' }, 0.88, 0.76)],
  'ml:labeled:W{}': () => [line(V2, 1700, 1890)],
  'ml:predictions:W{}': () => [line(V2, 2000, 2100)],
  'ml:prediction_share:W{}': () => [
    line({ ...V2, prediction: 'UP' }, 0.42, 0.3),
    line({ ...V2, prediction: 'DOWN' }, 0.58, 0.7),
  ],
  'ml:prediction_shift:W{}': () => [line(V2, 0.02, 0.13)],
  'ml:prediction_shift_null:W{}': () => [line(V2, 0.04, 0.045)],
  'label_replace(ml:feature_ks:W{}, "statistic", "ks", "", "") or ignoring (statistic) label_replace(ml:feature_js:W{}, "statistic", "js", "", "")':
    () =>
      perFeature((feature) =>
        line({ ...ofFeature(feature), statistic: feature === 'day' ? 'js' : 'ks' }, 0.02, statisticOf(feature)),
      ),
  'ml:feature_ks_null:W{} or ml:feature_js_null:W{}': () =>
    perFeature((feature) => constant(ofFeature(feature), 0.043)),
  'max by (model, version) (ml:feature_ks_null:W{} or ml:feature_js_null:W{})': () => [constant(V2, 0.043)],
  'ml:feature_drifted:W{}': () =>
    perFeature((feature) => ({
      labels: ofFeature(feature),
      at: (progress) => (progress > 0.4 && statisticOf(feature) > 0.05 ? 1 : 0),
    })),
  'ml:feature_count:W{}': () => perFeature((feature) => constant(ofFeature(feature), 1890)),
  'max by (model, version, reference, feature) (ml_feature_reference_size{})': () =>
    perFeature((feature) => constant(ofFeature(feature), 5000)),
  'sum by (status) (increase(ml_labels_total{}[W]))': () => [
    line({ status: 'joined' }, 1500, 1700),
    line({ status: 'late' }, 180, 190),
    line({ status: 'expired' }, 20, 25),
  ],
  'sum by (model, version) (ml_predictions_pending{})': () => [line(V2, 90, 140)],
};

const ANSWERS = { ...FLEET, ...VERSION };

/** The versions `label_values(…, version)` finds, by the matchers asked for. */
const VERSIONS: Record<string, string[]> = {
  '{model="electricity"}': ['1', '2'],
  '{model="fraud/eu \\"b\\" 50%"}': ['1'],
  '{model="churn"}': ['2026-11'],
};

/** Only these are known of their matchers; a query about anything else finds nothing, as in a real Prometheus. */
const DETAILED = '{model="electricity",version="2"}';

/** Answers a query as written by the plugin; a query it does not know is an error, so that no page asks in vain. */
export function answer(expr: string): FakeSeries[] {
  const shape = expr.replaceAll(/:(5m|1h|24h)\b/g, ':W').replaceAll(/\[(5m|1h|24h)\]/g, '[W]');
  const matchers = /\{model="(?:[^"\\]|\\.)*",version="(?:[^"\\]|\\.)*"\}/g;
  const find = ANSWERS[shape.replaceAll(matchers, '{}')];
  if (!find) {
    throw new Error(`the fake Prometheus has no answer to: ${expr}`);
  }
  const asked = shape.match(matchers) ?? [];
  return asked.every((text) => text === DETAILED) ? find() : [];
}

/** Answers the query of the version variable. */
export function versions(query: string): string[] {
  const selector = /^label_values\(ml_model_info(\{.*\}), version\)$/.exec(query)?.[1];
  if (selector === undefined) {
    throw new Error(`the fake Prometheus has no answer to: ${query}`);
  }
  return VERSIONS[selector] ?? [];
}
