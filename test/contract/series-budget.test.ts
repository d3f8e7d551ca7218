/** How many series leave, and that none is folded into another unseen. */
import { diag, DiagLogLevel } from '@opentelemetry/api';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { MeterProvider, type ViewOptions } from '@opentelemetry/sdk-metrics';
import { attachToMeterProvider } from '../../collector/src/telemetry/instruments.ts';
import { startMetricExport } from '../../collector/src/telemetry/metric-export.ts';
import { TestCore } from '../collector/support/core.ts';
import { CONTRACT } from './metrics-table.ts';
import { parseExposition, seriesKey, type Exposition } from './support/exposition.ts';
import { feed, fullMonitor, scrape, ZERO_HOLD_SECONDS } from './support/full-monitor.ts';

/** Three versions with 1,000 classes each: 3,000 attribute sets of `ml.predictions`, more than OpenTelemetry's 2,000. */
function manySeries(): TestCore[] {
  const classes = Array.from({ length: 1_000 }, (_, index) => `class-${index}`);
  return ['1', '2', '3'].map((version) => {
    const monitor = new TestCore({ version, classes, seriesLimit: 100_000 });
    for (const prediction of classes) monitor.core.recordPrediction({ prediction });
    return monitor;
  });
}

function predictionSeries(exposition: Exposition) {
  return exposition.samples.filter(({ name }) => name === 'ml_predictions_total');
}

async function viaInstruments(monitors: readonly TestCore[], views: ViewOptions[] = []): Promise<Exposition[]> {
  const exporter = new PrometheusExporter({ preventServerStart: true, withoutScopeInfo: true });
  const provider = new MeterProvider({ readers: [exporter], views });
  for (const { core } of monitors) attachToMeterProvider(provider, core.store);
  const look = async () =>
    parseExposition(await scrape((request, response) => exporter.getMetricsRequestHandler(request, response)));
  const looks = [await look()];
  for (const monitor of monitors) {
    monitor.now += ZERO_HOLD_SECONDS * 1_000;
    monitor.core.recordPrediction({ prediction: 'class-0', durationSeconds: 0.1 });
  }
  looks.push(await look());
  await provider.shutdown();
  return looks;
}

afterEach(() => diag.disable());

function warnings(): string[] {
  const told: string[] = [];
  const ignore = () => undefined;
  const logger = {
    warn: (text: string) => void told.push(text),
    error: ignore,
    info: ignore,
    debug: ignore,
    verbose: ignore,
  };
  diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
  return told;
}

test('3,000 attribute sets leave one by one through a producer', async () => {
  const told = warnings();
  const exporting = await startMetricExport();
  for (const { core } of manySeries()) exporting.producer.attach(core.store);
  await scrape(exporting.handler);
  const series = predictionSeries(parseExposition(await scrape(exporting.handler)));
  expect(new Set(series.map(seriesKey)).size).toBe(3_000);
  expect(series.filter(({ value }) => value !== 1)).toEqual([]);
  expect(told).toEqual([]);
  await exporting.close();
});

test('through observable instruments OpenTelemetry folds them, and a warning says so and what to do', async () => {
  const told = warnings();
  const [, shown] = await viaInstruments(manySeries());
  expect(predictionSeries(shown as Exposition).length).toBeLessThanOrEqual(2_000);
  const ours = told.filter((text) => text.startsWith('Plumbline:'));
  expect(ours).toHaveLength(1);
  expect(ours[0]).toMatch(/3000 attribute sets.*MonitorMetricProducer.*aggregationCardinalityLimit/);
});

test('what it says helps: with a View that lifts the limit nothing is folded', async () => {
  warnings();
  const views = [{ instrumentName: '*', aggregationCardinalityLimit: 20_000 }];
  const [, shown] = await viaInstruments(manySeries(), views);
  const series = predictionSeries(shown as Exposition);
  expect(new Set(series.map(seriesKey)).size).toBe(3_000);
  expect(series.filter(({ labels, value }) => value !== (labels['prediction'] === 'class-0' ? 2 : 1))).toEqual([]);
});

test('below the limit there is no warning', async () => {
  const told = warnings();
  await viaInstruments([fullMonitor()]);
  expect(told.filter((text) => text.startsWith('Plumbline:'))).toEqual([]);
});

test('observable instruments keep the contract too, but for histograms before their first value', async () => {
  const monitor = fullMonitor();
  const [first, second] = (await viaInstruments([monitor])) as [Exposition, Exposition];
  const ours = (exposition: Exposition) => [...exposition.types.keys()].filter((name) => name !== 'target_info').sort();
  const inContract = (name: string) => CONTRACT.some((metric) => metric.name === name);
  expect(ours(second).filter((name) => !inContract(name))).toEqual([]);
  const nonZero = first.samples.filter(({ name, value }) => name.endsWith('_total') && value !== 0);
  expect(nonZero).toEqual([]);
  for (const { name, type } of CONTRACT.filter((metric) => ours(second).includes(metric.name)))
    expect([name, second.types.get(name)]).toEqual([name, type]);
  const shown = predictionSeries(second).find(({ labels }) => labels['prediction'] === '__other__');
  expect(shown?.value).toBe(0);
  expect(second.types.get('ml_prediction_duration_seconds')).toBe('histogram');
});

test('plumbline_series_used counts every series that leaves, and none that does not', async () => {
  const exporting = await startMetricExport();
  const monitor = fullMonitor();
  exporting.producer.attach(monitor.core.store);
  feed(monitor);
  const { samples } = parseExposition(await scrape(exporting.handler));
  const value = (name: string) => samples.find((sample) => sample.name === name)?.value;
  const leaving = samples.filter(({ labels }) => labels['model'] === 'churn').length;
  expect(value('plumbline_series_used')).toBe(leaving);
  expect(value('plumbline_series_limit')).toBe(10_000);
  await exporting.close();
});

test('hostile class names leave as they are, escaped', async () => {
  const exporting = await startMetricExport();
  const classes = ['"', '\\', 'a\nb', '{x="y"}', '🦓', '__proto__', ' ', '\\n', 'é', '#'];
  const monitor = new TestCore({ classes });
  exporting.producer.attach(monitor.core.store);
  const series = predictionSeries(parseExposition(await scrape(exporting.handler)));
  expect(series.map(({ labels }) => labels['prediction'])).toEqual(classes);
  await exporting.close();
});
