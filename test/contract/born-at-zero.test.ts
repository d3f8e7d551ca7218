/** `increase()` does not see the step from no series to its first value: so every series is seen at 0 first, and nothing is lost. */
import { startMetricExport, type MetricExport } from '../../collector/src/telemetry/metric-export.ts';
import { TestCore } from '../collector/support/core.ts';
import { TWINS } from './metrics-table.ts';
import { parseExposition, seriesKey, type Exposition } from './support/exposition.ts';
import { CLASSES, feed, fullMonitor, REFERENCE, scrape, ZERO_HOLD_SECONDS } from './support/full-monitor.ts';

let exporting: MetricExport;
let monitor: TestCore;
beforeEach(async () => {
  exporting = await startMetricExport();
  monitor = fullMonitor();
  exporting.producer.attach(monitor.core.store);
});
afterEach(() => exporting.close());

const look = async (): Promise<Exposition> => parseExposition(await scrape(exporting.handler));
const isCounter = (exposition: Exposition, name: string) =>
  exposition.types.get(name) === 'counter' || /_(?:bucket|count|sum)$/.test(name);
const counters = (exposition: Exposition) => exposition.samples.filter(({ name }) => isCounter(exposition, name));

type Foreseen = [name: string, labels: Record<string, string>[]];

/** Own labels of the series that are known before anything is recorded. */
function foreseen(): Foreseen[] {
  const outcomes = CLASSES.flatMap((name) => ['tp', 'fp', 'fn'].map((outcome) => ({ class: name, outcome })));
  const exact = ['correct', 'incorrect'].map((result) => ({ result }));
  const confusion = CLASSES.flatMap((actual) => CLASSES.map((predicted) => ({ actual, predicted })));
  const statuses = ['joined', 'late', 'duplicate', 'corrected', 'unknown', 'expired'].map((status) => ({ status }));
  const invalid = ['age', 'plan'].flatMap((feature) =>
    ['missing', 'type', 'range', 'unseen', 'constant'].map((reason) => ({ feature, reason })),
  );
  const reference = REFERENCE.digest.slice(0, 12);
  const buckets = ['79', '159', '239', '319', '+Inf'].map((le) => ({ reference, feature: 'age', le }));
  const categories = ['basic', 'gold', '__other__'].map((category) => ({ reference, feature: 'plan', category }));
  const rejected = [
    'duplicate_id',
    'unknown_class',
    'class_overflow',
    'invalid_prediction',
    'invalid_label',
    'invalid_id',
  ];
  rejected.push('invalid_timestamp', 'invalid_score', 'invalid_duration', 'unknown_segment', 'invalid_feedback');
  const verdicts = ['correct', 'incorrect'].map((verdict) => ({ verdict }));
  const errors = [
    'recording_failed',
    'drift_failed',
    'callback_failed',
    'predict_failed',
    'to_row_failed',
    'reference_failed',
  ];
  const bins = CLASSES.flatMap((prediction) =>
    Array.from({ length: 15 }, (_, bin) => ({ prediction, bin: String(bin) })),
  );
  const calibration = ['labeled', 'correct', 'score'].flatMap((name) => [`${name}_total`, `${name}_revoked_total`]);
  const losses = ['squared_error', 'log_loss'].flatMap((name) => [`${name}_total`, `${name}_revoked_total`]);
  return [
    ...['predictions_total', ...calibration].map((name): Foreseen => [`ml_calibration_${name}`, bins]),
    ...losses.map((name): Foreseen => [`ml_score_${name}`, [{}]]),
    ['ml_predictions_total', CLASSES.map((prediction) => ({ prediction }))],
    ['ml_outcomes_total', outcomes],
    ['ml_outcomes_revoked_total', outcomes],
    ['ml_outcomes_exact_total', exact],
    ['ml_outcomes_exact_revoked_total', exact],
    ['ml_confusion_total', confusion],
    ['ml_confusion_revoked_total', confusion],
    ['ml_labels_total', statuses],
    ['ml_feedback_total', verdicts],
    ['ml_feedback_revoked_total', verdicts],
    ['ml_feature_bucket_total', buckets],
    ['ml_feature_categories_total', categories],
    ['ml_feature_invalid_total', invalid],
    ['ml_prediction_duration_seconds_count', [{}]],
    ['ml_label_delay_seconds_count', [{}]],
    ['plumbline_records_dropped_total', [{ reason: 'closed' }]],
    ['plumbline_records_rejected_total', rejected.map((reason) => ({ reason }))],
    ['plumbline_errors_total', errors.map((reason) => ({ reason }))],
  ];
}

test.each(foreseen())('%s exists from creation, every series of it, with 0', async (name, labels) => {
  const wanted = labels.map((own) => seriesKey({ name, labels: { model: 'churn', version: '2.1', ...own }, value: 0 }));
  const found = (await look()).samples.filter((sample) => sample.name === name);
  expect(found.map(seriesKey).sort()).toEqual(wanted.sort());
  expect(found.filter(({ value }) => value !== 0)).toEqual([]);
});

test('the list above is whole: no other counter exists before anything is recorded', async () => {
  const known = new Set(foreseen().map(([name]) => name));
  const parts = /^ml_(?:prediction_duration|label_delay)_seconds_(?:bucket|sum)$/;
  const others = counters(await look()).filter(({ name }) => !known.has(name) && !parts.test(name));
  expect(others).toEqual([]);
});

test('nothing is above 0 before a collection has seen it, whatever was recorded and however long ago', async () => {
  feed(monitor);
  monitor.now += 86_400_000;
  expect(counters(await look()).filter(({ value }) => value !== 0)).toEqual([]);
});

test('nor before zeroHold has passed since; then everything shows, and nothing is lost', async () => {
  await look();
  feed(monitor);
  monitor.now += ZERO_HOLD_SECONDS * 1_000 - 1;
  expect(
    counters(await look())
      .filter(({ value }) => value !== 0)
      .map(({ name }) => name),
  ).toEqual([]);
  monitor.now += 1;
  const shown = await look();
  const total = (name: string) =>
    shown.samples.filter((sample) => sample.name === name).reduce((sum, { value }) => sum + value, 0);
  // Declared series were first seen before the feed; the undeclared class and the score only one millisecond ago.
  expect(total('ml_predictions_total')).toBe(400);
  expect(total('ml_labels_total')).toBe(300 + 40);
  expect(total('ml_outcomes_exact_total') - total('ml_outcomes_exact_revoked_total')).toBe(300);
  expect(total('ml_prediction_duration_seconds_count')).toBe(400);
  expect(total('ml_prediction_score_count')).toBe(0);
  monitor.now += ZERO_HOLD_SECONDS * 1_000;
  const later = await look();
  expect(later.samples.find(({ name }) => name === 'ml_prediction_score_count')?.value).toBe(400);
  expect(
    later.samples
      .filter(({ name }) => name === 'ml_predictions_total')
      .map(({ labels, value }) => [labels['prediction'], value]),
  ).toEqual([
    ['no', 134],
    ['yes', 133],
    ['maybe', 133],
    ['__other__', 1],
  ]);
});

test('a series that turns up late is held back alone, and then shows all of its count', async () => {
  const late = new TestCore({ version: 'late', zeroHoldSeconds: ZERO_HOLD_SECONDS });
  exporting.producer.attach(late.core.store);
  const count = async (prediction: string) =>
    (await look()).samples.find(
      ({ labels, name }) =>
        name === 'ml_predictions_total' && labels['version'] === 'late' && labels['prediction'] === prediction,
    )?.value;
  late.core.recordPrediction({ prediction: 'a' });
  expect(await count('a')).toBe(0);
  late.now += ZERO_HOLD_SECONDS * 1_000;
  expect(await count('a')).toBe(1);
  for (let row = 0; row < 7; row++) late.core.recordPrediction({ prediction: 'b' });
  expect([await count('a'), await count('b')]).toEqual([1, 0]);
  late.now += ZERO_HOLD_SECONDS * 1_000;
  late.core.recordPrediction({ prediction: 'b' });
  expect([await count('a'), await count('b')]).toEqual([1, 8]);
});

test('once shown, a counter never falls, scrape after scrape', async () => {
  const last = new Map<string, number>();
  for (let round = 0; round < 6; round++) {
    const exposition = await look();
    for (const sample of counters(exposition)) {
      expect(sample.value).toBeGreaterThanOrEqual(last.get(seriesKey(sample)) ?? 0);
      last.set(seriesKey(sample), sample.value);
    }
    const gone = [...last.keys()].filter((key) => !exposition.samples.some((sample) => seriesKey(sample) === key));
    expect(gone).toEqual([]);
    for (let row = 0; row < 50; row++)
      monitor.core.recordLabel(monitor.core.recordPrediction({ prediction: `c${round}` }), 'yes');
    monitor.now += 5_000;
  }
  expect(Math.max(...last.values())).toBeGreaterThan(100);
});

const COUNTS_SAMPLES = /outcomes|confusion|calibration_labeled/;

test.each(TWINS.filter(([name]) => COUNTS_SAMPLES.test(name)))(
  '%s minus %s is what is labelled now',
  async (counted, revoked) => {
    await look();
    feed(monitor);
    monitor.now += 2 * ZERO_HOLD_SECONDS * 1_000;
    await look();
    const shown = await look();
    const total = (name: string, only: (labels: Readonly<Record<string, string>>) => boolean) =>
      shown.samples
        .filter((sample) => sample.name === name && only(sample.labels))
        .reduce((sum, { value }) => sum + value, 0);
    // Per sample one exact result and one cell; a hit is one tp, a miss one fn (and one fp), so tp + fn counts samples.
    const once = (labels: Readonly<Record<string, string>>) => labels['outcome'] !== 'fp';
    expect(total(counted, once) - total(revoked, once)).toBe(300);
    expect(total(revoked, once)).toBeGreaterThan(0);
  },
);
