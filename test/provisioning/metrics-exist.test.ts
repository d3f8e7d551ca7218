/** A name that nobody emits or records makes an empty panel or an alert that never fires, and nothing else would say so. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { METRICS, prometheusName, type MetricSpec } from '../../collector/src/telemetry/names.ts';
import { findTool } from '../support/tools.ts';
import { allExpressions, dashboards, recordingRules, seriesIn, seriesOfPlugin } from './support/expressions.ts';
import { REPOSITORY } from './support/files.ts';

/** Set by the service only; the rules supply the defaults. */
const OF_THE_SERVICE = ['ml_threshold'];

const recorded = new Set(recordingRules().map(({ record }) => record));
const emitted = new Set([...Object.values(METRICS).flatMap(namesOf), ...OF_THE_SERVICE]);

function namesOf(spec: MetricSpec): string[] {
  const name = prometheusName(spec);
  return spec.kind === 'histogram' ? [`${name}_bucket`, `${name}_count`, `${name}_sum`] : [name];
}

const isKnown = (name: string): boolean => (name.includes(':') ? recorded : emitted).has(name);

it('every series that rules, alerts and panels read is emitted or recorded', () => {
  const read = allExpressions().flatMap(({ where, expr }) => seriesIn(expr).map((name) => ({ where, name })));
  expect(read.length).toBeGreaterThan(300);
  expect(read.filter(({ name }) => !isKnown(name))).toEqual([]);
});

it('every series that the variables of the dashboard read is emitted', () => {
  const queries = dashboards().flatMap(({ templating }) => templating.list.map(({ query }) => query));
  const names = queries.flatMap((query) => seriesIn(typeof query === 'string' ? query : query.query));
  expect(new Set(names)).toEqual(new Set(['ml_model_info']));
});

it('every series that the plugin reads is emitted or recorded', () => {
  const names = seriesOfPlugin(REPOSITORY);
  expect(names.length).toBeGreaterThan(30);
  expect(names.filter((name) => !isKnown(name))).toEqual([]);
});

it('no series is recorded twice with the same labels', () => {
  const keys = recordingRules().map((rule) => JSON.stringify([rule.record, (rule as { labels?: unknown }).labels]));
  expect(keys.length).toBe(new Set(keys).size);
});

const promtool = findTool('promtool');
(promtool === undefined ? it.skip : it)('Prometheus can read every query of alerts and panels', () => {
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-queries-'));
  const rules = allExpressions().map(({ expr }, index) => ({ record: `query_${index}`, expr }));
  writeFileSync(join(folder, 'queries.yml'), stringify({ groups: [{ name: 'queries', rules }] }));
  try {
    const words = execFileSync(promtool ?? '', ['check', 'rules', join(folder, 'queries.yml')], { encoding: 'utf8' });
    expect(words).toContain(`SUCCESS: ${rules.length} rules found`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
