/** What Grafana is provisioned with: it stops at a fault in these files, or says nothing and leaves something out. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { SIGNATURE_HEADER, TIMESTAMP_HEADER } from '../../collector/src/retraining/alert-signature.ts';
import limits from '../../grafana-plugin/src/limits.json' with { type: 'json' };
import { alertRules, dashboards, recordingRules, type FieldDefaults } from './support/expressions.ts';
import { filesUnder, provisioned, PROVISIONING } from './support/files.ts';

const VARIABLES = [
  'PLUMBLINE_PROMETHEUS_URL',
  'PLUMBLINE_COLLECTOR_URL',
  'PLUMBLINE_READ_TOKEN',
  'PLUMBLINE_OPERATE_TOKEN',
  'PLUMBLINE_ADMIN_TOKEN',
  'PLUMBLINE_ALERT_TOKEN',
  'PLUMBLINE_ALERT_HMAC',
  'PLUMBLINE_ALERT_EMAIL',
  'GF_PATHS_PROVISIONING',
];

const GRAFANA_FOLDERS = ['datasources', 'plugins', 'dashboards', 'alerting'];
const grafanaFiles = GRAFANA_FOLDERS.flatMap((folder) => filesUnder(join(PROVISIONING, folder), '.yaml'));
const dashboardFiles = filesUnder(join(PROVISIONING, 'dashboards'), '.json');

describe('every file', () => {
  it.each([...filesUnder(PROVISIONING, '.yaml'), ...filesUnder(PROVISIONING, '.yml')])('%s is sound YAML', (path) => {
    const documents = parseAllDocuments(readFileSync(path, 'utf8'), { uniqueKeys: true });
    expect([documents].flat().flatMap(({ errors, warnings }) => [...errors, ...warnings])).toEqual([]);
  });

  it('lies where Grafana looks for it', () => {
    expect(grafanaFiles.length).toBe(8);
    for (const path of grafanaFiles) expect(parse(readFileSync(path, 'utf8'))).toMatchObject({ apiVersion: 1 });
  });
});

describe('variables', () => {
  // Annotations and queries are not expanded: $labels, $values, $A and Grafana's own variables stand as they are.
  const OF_GRAFANA = /^\$(labels|values|[A-Z])$/;

  it('are those of the design and no other', () => {
    const used = grafanaFiles.flatMap((path) => readFileSync(path, 'utf8').match(/\$\{?\w+/g) ?? []);
    const names = used.filter((name) => !OF_GRAFANA.test(name)).map((name) => name.replace(/^\$\{?/, ''));
    expect(names.length).toBeGreaterThan(5);
    expect(names.filter((name) => !VARIABLES.includes(name))).toEqual([]);
  });

  it('stand in example.env, all of them', () => {
    const lines = provisioned('example.env').split('\n');
    const names = lines.flatMap((line) => /^(\w+)=./.exec(line)?.[1] ?? []);
    expect(names.sort()).toEqual([...VARIABLES].sort());
  });
});

describe('alert rules', () => {
  const rules = alertRules();

  /** Rules that may start a run of retraining. */
  const RETRAIN = ['accuracy_critical', 'feature_drift'];

  it('are the four, in one folder, each to a contact point that is provisioned', () => {
    expect(rules.map(({ uid }) => uid).sort()).toEqual([
      'accuracy_critical',
      'f1_warning',
      'feature_drift',
      'prediction_shift',
    ]);
    const { contactPoints } = parse(provisioned('alerting/contact-points.yaml')) as {
      contactPoints: { name: string; receivers: { uid: string; type: string; settings: object }[] }[];
    };
    const mail = { type: 'email', settings: { addresses: '$PLUMBLINE_ALERT_EMAIL' } };
    expect(contactPoints).toMatchObject([
      { name: 'Plumbline e-mail', receivers: [mail] },
      { name: 'Plumbline e-mail and retraining', receivers: [mail, { type: 'webhook' }] },
    ]);
    const uids = contactPoints.flatMap(({ receivers }) => receivers.map(({ uid }) => uid));
    expect(new Set(uids).size).toBe(uids.length);
    for (const uid of uids) expect(uid.length).toBeLessThanOrEqual(40);
    // What the collector checks: the header names are part of the contract.
    expect(contactPoints[1]?.receivers[1]?.settings).toEqual({
      ...{ url: '$PLUMBLINE_COLLECTOR_URL/v1/alerts', httpMethod: 'POST', maxAlerts: '100' },
      ...{ authorization_scheme: 'Bearer', authorization_credentials: '$PLUMBLINE_ALERT_TOKEN' },
      hmacConfig: {
        secret: '$PLUMBLINE_ALERT_HMAC',
        header: expect.stringMatching(new RegExp(`^${SIGNATURE_HEADER}$`, 'i')),
        timestampHeader: expect.stringMatching(new RegExp(`^${TIMESTAMP_HEADER}$`, 'i')),
      },
    });
    for (const rule of rules) {
      expect(rule.folder).toBe('Model monitoring');
      const retrains = RETRAIN.includes(rule.uid);
      expect(rule.labels['action']).toBe(retrains ? 'retrain' : undefined);
      expect(rule.notification_settings.receiver).toBe(contactPoints[retrains ? 1 : 0]?.name);
      expect(rule.notification_settings.group_by).toEqual(expect.arrayContaining(['alertname', 'grafana_folder']));
    }
  });

  it.each(rules)('$uid has its severity, says a fault and keeps quiet without data', (rule) => {
    expect(rule.labels['severity']).toBe(rule.uid === 'accuracy_critical' ? 'critical' : 'warning');
    expect(rule.labels['__grafana_origin']).toBe('plugin/plumbline-models-app');
    expect(rule).toMatchObject({ noDataState: 'OK', execErrState: 'Error' });
  });

  it.each(rules)('$uid tells value, threshold, model and version, and links to dashboard and app', (rule) => {
    const { summary = '', description = '' } = rule.annotations;
    for (const word of ['$labels.model', '$labels.version', '$values.A.Value']) expect(summary).toContain(word);
    for (const word of ['$labels.model', '$labels.version', '$values.B.Value']) expect(description).toContain(word);
    expect(description).toContain('{{ externalURL }}a/plumbline-models-app/models/');
    expect(description).toContain('{{ externalURL }}d/plumbline-overview');
  });

  it.each(rules)('$uid begins in plain words: lists show the template as it stands', ({ annotations }) => {
    expect(annotations['summary']).toMatch(/^[A-Z][\w ]+: \{\{/);
  });

  it.each(rules)('$uid opens dashboard and app on its version, and on the window it is about', (rule) => {
    const links = rule.annotations['description']?.match(/\{\{ externalURL \}\}.*?(?=\s[A-Z]|\{\{ else)/g) ?? [];
    expect(links.length).toBe(2);
    // Rules over several windows tell them apart by a label.
    const ofWindows = rule.data.some(({ model }) => model.expr?.includes('"window"'));
    expect(ofWindows).toBe(['feature_drift', 'prediction_shift'].includes(rule.uid));
    for (const link of links) {
      expect(link).toContain('var-version={{ urlquery $labels.version }}');
      expect(link.endsWith('&var-window={{ $labels.window }}')).toBe(ofWindows);
    }
  });

  it.each(rules)('$uid leads to the runbook the app has of it', ({ uid, annotations }) => {
    expect(annotations['runbook_url']).toBe(`{{ externalURL }}a/plumbline-models-app/runbooks/${uid}`);
    const runbooks = readFileSync(join(PROVISIONING, '../grafana-plugin/src/pages/runbooks/runbooks.ts'), 'utf8');
    expect(runbooks).toContain(`rule: '${uid}',`);
  });

  it.each(rules)('$uid makes one alert of a value that comes and goes', (rule) => {
    // Grafana passes over a name it does not know: in files it is keepFiringFor, in its API keep_firing_for.
    expect(rule).toMatchObject({ keepFiringFor: '5m' });
    // An alert that is kept firing may have a good value, so no text may say which side it is on.
    expect(rule.annotations['summary']).not.toMatch(/\b(below|above)\b/);
  });

  it.each(rules)('$uid hangs on a panel of the dashboard', ({ dashboardUid, panelId, annotations }) => {
    const dashboard = dashboards().find(({ uid }) => uid === dashboardUid);
    expect(dashboard?.panels.map(({ id }) => id)).toContain(panelId);
    expect(annotations).toMatchObject({ __dashboardUid__: dashboardUid, __panelId__: String(panelId) });
  });

  it.each(rules)('$uid asks the provisioned data source, and its condition is one of its queries', (rule) => {
    const { datasources } = parse(provisioned('datasources/prometheus.yaml')) as { datasources: { uid: string }[] };
    expect(datasources.map(({ uid }) => uid)).toEqual(['plumbline-prometheus']);
    const sources = rule.data.map(({ datasourceUid }) => datasourceUid).filter((uid) => uid !== '__expr__');
    expect(new Set(sources)).toEqual(new Set(['plumbline-prometheus']));
    const refIds = rule.data.map(({ refId }) => refId);
    expect(refIds).toContain(rule.condition);
    const asked = rule.data.flatMap(({ model }) => model.expression?.match(/\$[A-Z]/g) ?? []);
    expect(asked.length).toBeGreaterThan(0);
    for (const name of asked) expect(refIds).toContain(name.slice(1));
  });
});

it('the default thresholds are those the plugin shows', () => {
  const defaults = recordingRules().flatMap((rule) => {
    if (rule.record !== 'ml:threshold') return [];
    const { metric, severity } = (rule as unknown as { labels: Record<string, string> }).labels;
    return [[`${metric} ${severity}`, Number(/\+ ([\d.]+)$/.exec(rule.expr.trim())?.[1])]];
  });
  expect(Object.fromEntries(defaults)).toEqual({
    'accuracy critical': limits.accuracy.value,
    'f1_weighted warning': limits.f1.value,
    'feature_drift warning': limits.featureDrift.value,
    'prediction_shift warning': limits.predictionShift.value,
  });
});

describe('dashboards', () => {
  it('are files with unique panels that say what they show and do not overlap', () => {
    expect(dashboardFiles.length).toBe(1);
    for (const { panels } of dashboards()) {
      expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
      for (const panel of panels) {
        if (panel.type !== 'row') expect(panel.description).toMatch(/\w{3,}.*\.$/);
        for (const { datasource } of panel.targets ?? []) expect(datasource.uid).toBe('plumbline-prometheus');
      }
      const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
        Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)},${y + Math.floor(cell / w)}`),
      );
      expect(new Set(cells).size).toBe(cells.length);
    }
  });

  const [dashboard] = dashboards();
  const panels = new Map(dashboard?.panels.map((panel) => [panel.id, panel]));
  const defaultsOf = (id: number): Partial<FieldDefaults> => panels.get(id)?.fieldConfig?.defaults ?? {};

  it.each([2, 3, 5])('panel %i takes a missing value for no verdict: neither good nor bad in colour', (id) => {
    const { color, mappings = [] } = defaultsOf(id);
    expect(color?.mode).toBe('thresholds');
    const result = { text: 'no value', color: 'text' };
    expect(mappings).toMatchObject([{ type: 'special', options: { match: 'null+nan', result } }]);
  });

  it.each([4, 6, 7])('panel %i shows a count in full', (id) => {
    expect(defaultsOf(id)).toMatchObject({ unit: 'locale', decimals: 0 });
  });

  it('verdicts over time are drawn and listed in words, not by thresholds', () => {
    const timeline = panels.get(22);
    expect(defaultsOf(22).color).toEqual({ mode: 'fixed', fixedColor: 'text' });
    expect(defaultsOf(22).thresholds).toBeUndefined();
    expect(timeline?.options).toMatchObject({ legend: { showLegend: true } });
  });

  it('an alert that is kept firing stays in the list of alerts', () => {
    const { stateFilter } = panels.get(43)?.options as { stateFilter: Record<string, boolean> };
    expect(stateFilter).toMatchObject({ firing: true, pending: true, recovering: true, error: true });
  });
});

it('no file holds a secret or the address of a machine', () => {
  for (const path of filesUnder(PROVISIONING)) {
    const text = readFileSync(path, 'utf8');
    expect({
      path,
      found: text.match(/(token|secret|password)s?["']?\s*[:=]\s*["']?(?!\$|replace-with)[\w+/-]{16,}/gi),
    }).toEqual({
      path,
      found: null,
    });
    expect({ path, found: text.match(/\/(home|work|Users)\/\w+/g) }).toEqual({ path, found: null });
  }
});
