/** What leaves the collector, by `/metrics` and by OTLP, is what DESIGN §4 says: names, types, labels, and the same numbers. */
import { startMetricExport, type MetricExport } from '../../collector/src/telemetry/metric-export.ts';
import { METRICS, prometheusName } from '../../collector/src/telemetry/names.ts';
import { createServiceMetrics } from '../../collector/src/telemetry/service-metrics.ts';
import { START } from '../collector/support/core.ts';
import { CONTRACT, TWINS } from './metrics-table.ts';
import { parseExposition, seriesKey, type Exposition, type Sample } from './support/exposition.ts';
import {
  feed,
  feedRegression,
  fullMonitor,
  experimentMetrics,
  lifecycleMetrics,
  REGRESSION_REFERENCE,
  regressionMonitor,
  remoteMetrics,
  scrape,
  ZERO_HOLD_SECONDS,
} from './support/full-monitor.ts';
import { OtlpReceiver, translate, translatedName } from './support/otlp.ts';

const ways: [name: string, exposition: () => Exposition][] = [
  ['/metrics', () => scraped],
  ['OTLP', () => pushed],
];
let scraped: Exposition;
let pushed: Exposition;

beforeAll(async () => {
  const receiver = await OtlpReceiver.listen();
  const exporting: MetricExport = await startMetricExport({ otlp: { url: receiver.url, intervalSeconds: 3_600 } });
  const monitor = fullMonitor();
  exporting.producer.attach(monitor.core.store);
  feed(monitor);
  const regression = regressionMonitor();
  exporting.producer.attach(regression.core.store);
  feedRegression(regression);
  exporting.producer.attach(remoteMetrics().store);
  exporting.producer.attach(createServiceMetrics({ diskFree: () => 1e9, queueDepth: () => 4, now: () => START }));
  exporting.producer.attach((await lifecycleMetrics()).store);
  exporting.producer.attach((await experimentMetrics()).store);
  await scrape(exporting.handler);
  for (const core of [monitor, regression]) core.now += ZERO_HOLD_SECONDS * 1_000;
  scraped = parseExposition(await scrape(exporting.handler));
  await exporting.close();
  pushed = translate(receiver.pushes.at(-1) as Parameters<typeof translate>[0]);
  await receiver.close();
});

/** Samples of a metric, those of a histogram without the `le` of its buckets. */
function samplesOf(exposition: Exposition, name: string, type: string): Sample[] {
  if (type !== 'histogram') return exposition.samples.filter((sample) => sample.name === name);
  const parts = ['bucket', 'count', 'sum'].map((part) => `${name}_${part}`);
  return exposition.samples
    .filter((sample) => parts.includes(sample.name))
    .map(({ labels: { le: _bound, ...labels }, ...sample }) => ({ ...sample, labels }));
}

describe.each(ways)('%s', (_way, exposition) => {
  test('holds exactly the metrics of the contract', () => {
    // `target_info` describes the resource and is not ours.
    const names = [...exposition().types.keys()].filter((name) => name !== 'target_info');
    expect(names.sort()).toEqual(CONTRACT.map(({ name }) => name).sort());
  });

  test.each(CONTRACT)('$name is a $type with these labels and no others', ({ name, type, labels }) => {
    expect(exposition().types.get(name)).toBe(type);
    const found = samplesOf(exposition(), name, type).map((sample) => Object.keys(sample.labels).sort().join());
    expect([...new Set(found)].sort()).toEqual(labels.map((set) => [...set].sort().join()).sort());
  });

  test('no series occurs twice, and none has an empty name or value', () => {
    const keys = exposition().samples.map(seriesKey);
    expect(new Set(keys).size).toBe(keys.length);
    expect(exposition().samples.filter(({ value }) => Number.isNaN(value))).toEqual([]);
  });

  test.each(TWINS)('%s has a twin for every series: %s', (counted, revoked) => {
    const labelsOf = (name: string) =>
      exposition()
        .samples.filter((sample) => sample.name === name)
        .map(({ labels }) => JSON.stringify(Object.entries(labels).sort()))
        .sort();
    expect(labelsOf(counted).length).toBeGreaterThan(0);
    expect(labelsOf(revoked)).toEqual(labelsOf(counted));
  });

  test('gt and le of the reference and le of the counters are the same text', () => {
    const texts = (name: string, label: string) => [
      ...new Set(
        exposition()
          .samples.filter(
            ({ labels, ...sample }) => sample.name === name && labels[label] && labels['model'] === 'churn',
          )
          .map(({ labels }) => labels[label] as string),
      ),
    ];
    const bounds = texts('ml_feature_bucket_total', 'le');
    expect(bounds).toEqual(['79', '159', '239', '319', '+Inf']);
    expect(texts('ml_feature_reference_ratio', 'le')).toEqual(bounds);
    expect(texts('ml_feature_reference_cumulative_ratio', 'le')).toEqual(bounds);
    expect(texts('ml_feature_reference_ratio', 'gt')).toEqual(['-Inf', ...bounds.slice(0, -1)]);
  });
});

test('both ways say the same of every series', () => {
  const values = ({ samples }: Exposition) =>
    Object.fromEntries(
      samples.filter(({ name }) => name !== 'target_info').map((sample) => [seriesKey(sample), sample.value]),
    );
  expect(values(pushed)).toEqual(values(scraped));
});

test('the table in the code is the contract', () => {
  expect(
    Object.values(METRICS)
      .map((spec) => prometheusName(spec))
      .sort(),
  ).toEqual(CONTRACT.map(({ name }) => name).sort());
});

test.each(Object.values(METRICS))('$name: both translations give one name', (spec) => {
  const unit = 'unit' in spec ? spec.unit : '';
  expect(translatedName(spec.name, unit, spec.kind)).toBe(prometheusName(spec));
});

test.each([
  ['ml.delay', 's', 'gauge', 'ml_delay_seconds'],
  ['ml.delay.seconds', 's', 'histogram', 'ml_delay_seconds'],
  ['ml.share', '1', 'gauge', 'ml_share_ratio'],
  ['ml.rows', '', 'counter', 'ml_rows_total'],
  ['ml.rows.total', '1', 'counter', 'ml_rows_total'],
])('translation of %s with unit "%s" as a %s', (name, unit, type, expected) => {
  expect(translatedName(name, unit, type)).toBe(expected);
});

test('the gauges of a closed window, and the counts behind it', () => {
  const value = (name: string, labels: Record<string, string>) =>
    scraped.samples.find(
      (sample) =>
        sample.name === name &&
        Object.entries({ model: 'churn', ...labels }).every(([key, text]) => sample.labels[key] === text),
    )?.value;
  expect(value('ml_feature_window', { feature: 'age' })).toBe(200);
  expect(value('ml_feature_drifted', { feature: 'age' })).toBe(1);
  expect(value('ml_feature_drifted', { feature: 'plan' })).toBe(0);
  expect(value('ml_feature_bucket_total', { feature: 'age', le: '+Inf' })).toBe(400);
  expect(value('ml_predictions_total', { prediction: '__other__' })).toBe(1);
  expect(value('ml_predictions_pending', {})).toBe(101);
  expect(value('ml_prediction_score_count', {})).toBe(400);
  expect(value('ml_model_info', { stage: 'unknown', digest: 'abc123' })).toBe(1);

  const calibrated = (name: string) => value(`ml_calibration_${name}_total`, { prediction: 'yes', bin: '0' });
  expect([calibrated('predictions'), calibrated('labeled')]).toEqual([9, 8]); // one of 7 labels was corrected
  const regression = { model: 'demand', reference: REGRESSION_REFERENCE.digest.slice(0, 12) };
  const [counted, revoked] = ['', '_revoked'].map(
    (side) => value(`ml_regression_count${side}_total`, regression) ?? NaN,
  );
  expect([counted, revoked]).toEqual([340, 40]);
  expect(value('ml_prediction_value_count', { model: 'demand' })).toBe(400);
  expect(value('ml_feature_bucket_total', { model: 'demand', feature: '__prediction__', le: '+Inf' })).toBe(400);
});
