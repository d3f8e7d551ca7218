import {
  FieldColorModeId,
  type FieldConfigSource,
  MappingType,
  type ThresholdsConfig,
  ThresholdsMode,
} from '@grafana/data';
import { PanelBuilders, type VizPanel } from '@grafana/scenes';
import {
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  SortOrder,
  StackingMode,
  TooltipDisplayMode,
  VisibilityMode,
} from '@grafana/schema';
import type { Limit } from '../limits';
import { promRunner } from '../queries/prom-query';
import { exploreMenu } from './explore-menu';
import { newestValueInLegend } from './newest-value';
import type { PanelSpec, State, StateTimelineSpec, TimeSeriesSpec } from './panel-spec';

/** Turns a panel's data into a scene panel that runs its own queries. */
export function buildPanel(spec: PanelSpec, prometheusUid: string): VizPanel {
  const panel = spec.visualization === 'timeseries' ? buildTimeSeries(spec) : buildStateTimeline(spec);
  panel.setState({
    key: `panel-${spec.key}`,
    title: spec.title,
    description: spec.description,
    menu: exploreMenu(),
    $data: promRunner(prometheusUid, spec.queries),
  });
  return panel;
}

function buildTimeSeries(spec: TimeSeriesSpec): VizPanel {
  const builder = PanelBuilders.timeseries()
    .setUnit(spec.unit)
    .setColor({ mode: FieldColorModeId.PaletteClassic })
    .setCustomFieldConfig('fillOpacity', spec.stacked ? 40 : 0)
    .setCustomFieldConfig('showPoints', VisibilityMode.Auto)
    .setCustomFieldConfig('spanNulls', false)
    .setOption('legend', {
      showLegend: true,
      displayMode: LegendDisplayMode.List,
      placement: 'bottom',
      calcs: [],
    })
    .setOption('tooltip', { mode: TooltipDisplayMode.Multi, sort: SortOrder.Descending })
    .setBehaviors([newestValueInLegend]);
  if (spec.whenEmpty !== undefined) {
    builder.setNoValue(spec.whenEmpty);
  }
  if (spec.min !== undefined) {
    builder.setMin(spec.min);
  }
  if (spec.max !== undefined) {
    builder.setMax(spec.max);
  }
  if (spec.decimals !== undefined) {
    builder.setDecimals(spec.decimals);
  }
  if (spec.stacked) {
    builder.setCustomFieldConfig('stacking', { mode: StackingMode.Normal, group: 'A' });
  }
  if (spec.limit) {
    builder.setThresholds(limitThresholds(spec.limit));
    builder.setCustomFieldConfig('thresholdsStyle', { mode: GraphThresholdsStyleMode.DashedAndArea });
  }
  const panel = builder.build();
  if (spec.comparison) {
    panel.setState({ fieldConfig: withComparison(panel.state.fieldConfig, spec.comparison) });
  }
  return panel;
}

function buildStateTimeline(spec: StateTimelineSpec): VizPanel {
  // By thresholds, Grafana's default, the legend would name those instead of the states.
  const color = { mode: FieldColorModeId.Fixed, fixedColor: 'text' };
  return PanelBuilders.statetimeline()
    .setMappings([{ type: MappingType.ValueToText, options: stateOptions(spec.states) }])
    .setCustomFieldConfig('fillOpacity', 70)
    .setOption('showValue', VisibilityMode.Auto)
    .setOption('mergeValues', true)
    .setOption('perPage', 0)
    .setColor(color)
    .setOption('legend', { showLegend: true, displayMode: LegendDisplayMode.List, placement: 'bottom' })
    .build();
}

function stateOptions(states: State[]): Record<string, { text: string; color: string; index: number }> {
  return Object.fromEntries(states.map(({ value, text, color }, index) => [String(value), { text, color, index }]));
}

/**
 * Grafana draws a threshold's line in the colour of the step that starts there, unless that step is transparent: then
 * it takes the colour of the step below. Both directions give one coloured line with the bad side tinted.
 */
export function limitThresholds({ value, bad, severity }: Limit): ThresholdsConfig {
  const color = severity === 'critical' ? 'red' : 'orange';
  const steps =
    bad === 'below'
      ? [
          { value: -Infinity, color },
          { value, color: 'transparent' },
        ]
      : [
          { value: -Infinity, color: 'transparent' },
          { value, color },
        ];
  return { mode: ThresholdsMode.Absolute, steps };
}

function withComparison(config: FieldConfigSource, refId: string): FieldConfigSource {
  const properties = [
    { id: 'color', value: { mode: 'fixed', fixedColor: 'text' } },
    { id: 'custom.lineStyle', value: { fill: 'dash', dash: [8, 8] } },
    { id: 'custom.fillOpacity', value: 0 },
  ];
  const override = { matcher: { id: 'byFrameRefID', options: refId }, properties };
  return { ...config, overrides: [...config.overrides, override] };
}
