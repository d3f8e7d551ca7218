import { setCurrentUser } from '@grafana/runtime';
import { type CurrentUser, type DataQueryRequest, getDefaultTimeRange, LoadingState } from '@grafana/data';
import { SceneQueryRunner, type VizPanel } from '@grafana/scenes';
import { buildPanel, limitThresholds } from '../../../grafana-plugin/src/panels/build-panel';
import type { ModelVersion } from '../../../grafana-plugin/src/queries/promql';
import { everyPanel } from '../support/every-query';

const permissions: Record<string, boolean> = {};
beforeAll(() => setCurrentUser({ permissions } as CurrentUser));

const TARGET: ModelVersion = { model: 'churn', version: { variable: 'version' } };
const built = (key: string): VizPanel => {
  const spec = everyPanel(TARGET).find((panel) => panel.key === key);
  if (!spec) {
    throw new Error(`no panel ${key}`);
  }
  return buildPanel(spec, 'my-prometheus');
};

/** Runs the panel's behaviours while its query is answered with one point every `step` ms; returns how to end them. */
function answersEvery(panel: VizPanel, step: number): () => void {
  const [behavior] = panel.state.$behaviors ?? [];
  const end = typeof behavior === 'function' ? behavior(panel) : undefined;
  const timeRange = getDefaultTimeRange();
  const request = { intervalMs: step } as DataQueryRequest;
  panel.state.$data?.setState({ data: { state: LoadingState.Done, series: [], timeRange, request } });
  return () => end?.();
}

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

  it('shows the states of every feature at once, in the legend too', () => {
    const { fieldConfig, options } = built('drift-verdict').state;
    // Coloured by thresholds the legend would read "< 80" and "80+".
    expect(fieldConfig.defaults.color).toEqual({ mode: 'fixed', fixedColor: 'text' });
    expect(options).toMatchObject({ perPage: 0, legend: { showLegend: true } });
  });

  it('says what a shift needs where there is none', () => {
    expect(built('prediction-shift').state.fieldConfig.defaults.noValue).toBe(
      'Needs two full windows with 200 predictions each',
    );
  });

  it.each([
    { step: 10_000, calcs: ['lastNotNull'] },
    { step: 30_000, calcs: ['lastNotNull'] },
    { step: 60_000, calcs: [] },
  ])('with a point every $step ms the legend has $calcs', ({ step, calcs }) => {
    const panel = built('accuracy');
    const end = answersEvery(panel, step);
    expect(panel.state.options).toMatchObject({ legend: { calcs, showLegend: true, placement: 'bottom' } });
    end();
  });

  it('takes the last value out of the legend once it is old, and puts it back', () => {
    const panel = built('accuracy');
    for (const [step, calcs] of [
      [10_000, ['lastNotNull']],
      [300_000, []],
      [10_000, ['lastNotNull']],
    ] as const) {
      const end = answersEvery(panel, step);
      expect(panel.state.options).toMatchObject({ legend: { calcs } });
      end();
    }
  });

  it('leads those who may explore to Explore, and nobody else', () => {
    expect(built('accuracy').state.menu).toBeUndefined();
    permissions['datasources:explore'] = true;
    expect(built('accuracy').state.menu).toBeDefined();
  });
});

test('limitThresholds tints the bad side', () => {
  expect(limitThresholds({ value: 0.05, bad: 'above', severity: 'warning' }).steps).toEqual([
    { value: -Infinity, color: 'transparent' },
    { value: 0.05, color: 'orange' },
  ]);
});
