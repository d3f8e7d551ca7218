/** Collects the PromQL of everything that is provisioned. */
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import { filesUnder, PROVISIONING } from './files.ts';

/** A query and where it stands. */
export interface Expression {
  readonly where: string;
  readonly expr: string;
}

export interface RecordingRule {
  readonly record: string;
  readonly expr: string;
}

export interface AlertRule {
  readonly uid: string;
  readonly title: string;
  readonly condition: string;
  readonly for: string;
  readonly noDataState: string;
  readonly execErrState: string;
  readonly dashboardUid: string;
  readonly panelId: number;
  readonly labels: Record<string, string>;
  readonly annotations: Record<string, string>;
  readonly notification_settings: { receiver: string; group_by: string[] };
  readonly data: { refId: string; datasourceUid: string; model: { expr?: string; expression?: string } }[];
}

/** What the panels say of their fields, as far as tests ask. */
export interface FieldDefaults {
  readonly unit: string;
  readonly decimals: number;
  readonly color: { mode: string; fixedColor?: string };
  readonly thresholds: { steps: unknown[] };
  readonly mappings: { type: string; options: object }[];
}

export interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly gridPos: { x: number; y: number; w: number; h: number };
  readonly targets?: { expr: string; datasource: { uid: string } }[];
  readonly fieldConfig?: { defaults: Partial<FieldDefaults> };
  readonly options?: Record<string, unknown>;
}

export interface Dashboard {
  readonly uid: string;
  readonly templating: { list: { query: string | { query: string } }[] };
  readonly panels: Panel[];
}

export const WINDOWS = ['5m', '1h', '24h'];

/** The rules that Prometheus loads. */
export function recordingRules(): RecordingRule[] {
  return filesUnder(join(PROVISIONING, 'prometheus/rules')).flatMap((path) => {
    const { groups } = parse(readFileSync(path, 'utf8')) as { groups: { rules: RecordingRule[] }[] };
    return groups.flatMap(({ rules }) => rules);
  });
}

/** The alert rules that Grafana loads, with the folder each is put in. */
export function alertRules(): (AlertRule & { folder: string })[] {
  return filesUnder(join(PROVISIONING, 'alerting')).flatMap((path) => {
    const file = parse(readFileSync(path, 'utf8')) as { groups?: { folder: string; rules: AlertRule[] }[] };
    return (file.groups ?? []).flatMap(({ folder, rules }) => rules.map((rule) => ({ ...rule, folder })));
  });
}

/** The dashboards that Grafana loads. */
export function dashboards(): Dashboard[] {
  return filesUnder(join(PROVISIONING, 'dashboards'), '.json').map(
    (path) => JSON.parse(readFileSync(path, 'utf8')) as Dashboard,
  );
}

/** All queries, with Grafana's variables filled in as Grafana would: one expression for each window. */
export function allExpressions(): Expression[] {
  const rules = recordingRules().map(({ record, expr }) => ({ where: record, expr }));
  const alerts = alertRules().flatMap(({ uid, data }) =>
    data.flatMap(({ refId, model }) => (model.expr ? [{ where: `alert ${uid} ${refId}`, expr: model.expr }] : [])),
  );
  const panels = dashboards().flatMap(({ uid, panels: all }) =>
    all.flatMap(({ title, targets = [] }) =>
      targets.flatMap(({ expr }) => fillIn(expr).map((filled) => ({ where: `${uid}: ${title}`, expr: filled }))),
    ),
  );
  return [...rules, ...alerts, ...panels];
}

function fillIn(expr: string): string[] {
  const filled = expr.replaceAll('$__rate_interval', '1m').replaceAll(/\$(model|version)/g, 'some');
  return WINDOWS.map((window) => filled.replaceAll('$window', window));
}

/** The names of series that an expression reads. */
export function seriesIn(expr: string): string[] {
  return expr.match(/\b(?:ml|plumbline)[_:][a-z0-9_:]+/g) ?? [];
}

/** The names the plugin asks for: `recorded('accuracy')` stands for `ml:accuracy:<window>`, others stand in full. */
export function seriesOfPlugin(repository: string): string[] {
  return filesUnder(join(repository, 'grafana-plugin/src/queries'), '.ts').flatMap((path) => {
    if (basename(path) === 'promql.ts') return [];
    const text = readFileSync(path, 'utf8');
    const recorded = Array.from(text.matchAll(/recorded\('(\w+)'/g), ([, name]) => name ?? '');
    const raw = Array.from(text.matchAll(/['"`(]((?:ml|plumbline)_\w+)/g), ([, name]) => name ?? '');
    return [...raw, ...recorded.flatMap((name) => WINDOWS.map((window) => `ml:${name}:${window}`))];
  });
}
