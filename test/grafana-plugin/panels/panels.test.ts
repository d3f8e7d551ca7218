import { SceneQueryRunner, type VizPanel } from '@grafana/scenes';
import { buildPanel, limitThresholds } from '../../../grafana-plugin/src/panels/build-panel';
import type { ModelVersion } from '../../../grafana-plugin/src/queries/promql';
import { everyPanel } from '../support/every-query';

const TARGET: ModelVersion = { model: 'churn', version: { variable: 'version' } };
const built = (key: string): VizPanel => {
  const spec = everyPanel(TARGET).find((panel) => panel.key === key);
  if (!spec) {
    throw new Error(`no panel ${key}`);
  }
  return buildPanel(spec, 'my-prometheus');
};

describe('the panels', () => {
  it('have keys and titles of their own, and a description for the reader', () => {
    const panels = everyPanel(TARGET);
    expect(new Set(panels.map(({ key }) => key)).size).toBe(panels.length);
    expect(new Set(panels.map(({ title }) => title)).size).toBe(panels.length);
    for (const { description } of panels) {
      expect(description).toMatch(/^[A-Z].{40,}\.$/);
      expect(description).not.toContain('{{');
    }
  });

  it('ask only about the version of the page', () => {
    for (const { queries } of everyPanel(TARGET)) {
      for (const { expr } of queries) {
        expect(expr).toContain('model="churn",version="${version}"');
      }
    }
  });

  it('compare with a query they really run', () => {
    for (const panel of everyPanel(TARGET)) {
      if (panel.visualization === 'timeseries' && panel.comparison) {
        expect(panel.queries.map(({ refId }) => refId)).toContain(panel.comparison);
      }
    }
  });
});

describe('buildPanel', () => {
  it('gives accuracy its unit, its red limit and its query on the chosen data source', () => {
    const { title, pluginId, fieldConfig, $data } = built('accuracy').state;
    expect({ title, pluginId }).toEqual({ title: 'Accuracy', pluginId: 'timeseries' });
    expect(fieldConfig.defaults).toMatchObject({ unit: 'percentunit', max: 1 });
    expect(fieldConfig.defaults.custom).toMatchObject({ thresholdsStyle: { mode: 'dashed+area' } });
    expect(fieldConfig.defaults.thresholds?.steps).toEqual([
      { value: -Infinity, color: 'red' },
      { value: 0.8, color: 'transparent' },
    ]);
    expect($data).toBeInstanceOf(SceneQueryRunner);
    expect(($data as SceneQueryRunner).state).toMatchObject({
      datasource: { type: 'prometheus', uid: 'my-prometheus' },
      queries: [{ expr: 'ml:accuracy:${window:raw}{model="churn",version="${version}"}', range: true, instant: false }],
    });
  });

  it('draws chance as a dashed line of its own', () => {
    expect(built('drift-statistic').state.fieldConfig.overrides).toEqual([
      {
        matcher: { id: 'byFrameRefID', options: 'chance' },
        properties: expect.arrayContaining([{ id: 'custom.lineStyle', value: { fill: 'dash', dash: [8, 8] } }]),
      },
    ]);
  });

  it('stacks shares that make a whole', () => {
    expect(built('prediction-share').state.fieldConfig.defaults.custom).toMatchObject({ stacking: { mode: 'normal' } });
  });

  it('says drifted and no drift in words', () => {
    const { pluginId, fieldConfig } = built('drift-verdict').state;
    expect(pluginId).toBe('state-timeline');
    expect(fieldConfig.defaults.mappings?.[0]?.options).toEqual({
      0: { text: 'no drift', color: 'green', index: 0 },
      1: { text: 'drifted', color: 'orange', index: 1 },
    });
  });
});

test('limitThresholds tints the bad side', () => {
  expect(limitThresholds({ value: 0.05, bad: 'above', severity: 'warning' }).steps).toEqual([
    { value: -Infinity, color: 'transparent' },
    { value: 0.05, color: 'orange' },
  ]);
});
