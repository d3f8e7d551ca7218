/** Every metric that a query, rule, dashboard or alert reads is one that the collector or a recording rule writes. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { METRICS, prometheusName, type MetricSpec } from '../../collector/src/telemetry/names.ts';
import {
  expressionsIn,
  namesInPromql,
  namesInSources,
  unknownNames,
  WINDOWS,
  type NameUse,
} from './rules/metric-names.ts';
import { parseSources, readSources, ROOT } from './support/sources.ts';

const PROVISIONING = join(ROOT, 'provisioning');

interface RuleFile {
  readonly groups: readonly { readonly rules: readonly { readonly record?: string }[] }[];
}

const documents = (folder: string, pattern: RegExp) =>
  readdirSync(join(PROVISIONING, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => pattern.test(name))
    .map((name) => ({
      name: `${folder}/${name}`,
      content: parse(readFileSync(join(PROVISIONING, folder, name), 'utf8')) as unknown,
    }));

const ruleFiles = documents('prometheus/rules', /\.ya?ml$/);
const recorded = new Set(
  ruleFiles.flatMap(({ content }) =>
    (content as RuleFile).groups.flatMap(({ rules }) => rules.flatMap(({ record }) => record ?? [])),
  ),
);
const exported = Object.values(METRICS).flatMap((spec: MetricSpec) => {
  const name = prometheusName(spec);
  return spec.kind === 'histogram' ? ['bucket', 'count', 'sum'].map((part) => `${name}_${part}`) : [name];
});
const known = new Set([...exported, ...recorded]);

function usesIn(files: readonly { readonly name: string; readonly content: unknown }[]): NameUse[] {
  return files.flatMap(({ name, content }) =>
    expressionsIn(content).flatMap((expr) => namesInPromql(expr).map((used) => ({ where: name, name: used }))),
  );
}

const readers: [what: string, uses: NameUse[], least: number][] = [
  ['the plugin', namesInSources(readSources('grafana-plugin/src')), 10],
  ['the recording rules', usesIn(ruleFiles), 20],
  ['the dashboards', usesIn(documents('dashboards', /\.json$/)), 10],
  ['the alert rules', usesIn(documents('alerting', /\.ya?ml$/)), 4],
];

describe.each(readers)('%s', (_what, uses, least) => {
  test('names many series', () => {
    expect(new Set(uses.map(({ name }) => name)).size).toBeGreaterThanOrEqual(least);
  });

  test('and none that nobody writes', () => {
    expect(unknownNames(uses, known)).toEqual([]);
  });
});

test('the recorded series everybody relies on exist for every window', () => {
  const relied = ['predictions', 'labeled', 'accuracy', 'f1_weighted', 'precision_weighted', 'recall_weighted', 'f1'];
  relied.push('prediction_share', 'prediction_shift', 'prediction_shift_null', 'feature_count', 'feature_cdf');
  relied.push(
    'feature_mass',
    'feature_ks',
    'feature_js',
    'feature_psi',
    'feature_ks_null',
    'feature_js_null',
    'feature_drifted',
  );
  const wanted = relied.flatMap((name) => WINDOWS.map((window) => `ml:${name}:${window}`));
  expect(wanted.filter((name) => !recorded.has(name))).toEqual([]);
});

describe('a name nobody writes is found', () => {
  const unknown = (uses: NameUse[]) => unknownNames(uses, known);

  test.each([
    'sum(rate(ml_prediction_total[5m]))',
    'ml:accuracy:2h',
    'ml:acuracy:$window{model="a"}',
    'ml:acuracy:${window:raw}',
    'plumbline_errors',
    'ml_prediction_duration_seconds',
  ])('in an expression: %s', (expr) => {
    expect(unknown(usesIn([{ name: 'a.json', content: { panels: [{ targets: [{ expr }] }] } }]))).not.toEqual([]);
  });

  test.each([
    "const a = recorded('acuracy');",
    'const a = recorded(name);',
    'const a = `sum(ml_prediction_total{${b}})`;',
    'const a = `${b} or ml:acuracy:1h`;',
    "const INFO = 'ml_modell_info';",
  ])('in a source: %s', (text) => {
    expect(unknown(namesInSources(parseSources({ 'queries/a.ts': text })))).not.toEqual([]);
  });

  test('while labels and other words are no names', () => {
    expect(namesInPromql('sum by (model, html_x) (foo{xml_y="1"})')).toEqual([]);
  });
});
