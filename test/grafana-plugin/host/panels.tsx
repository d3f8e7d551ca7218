import {
  type DataFrame,
  formattedValueToString,
  getFieldDisplayName,
  PanelPlugin,
  type PanelProps,
} from '@grafana/data';
import type { VizLegendOptions } from '@grafana/schema';
import { TimeSeries } from '@grafana/ui';
import React from 'react';

interface LineOptions {
  legend: VizLegendOptions;
}

/** Core panels are not in the npm packages: these draw the same data with what @grafana/ui has. */
function Lines({ data, options, fieldConfig, width, height, timeRange, timeZone }: PanelProps<LineOptions>) {
  if (data.series.length === 0) {
    return <p>{fieldConfig.defaults.noValue ?? 'No data'}</p>;
  }
  return (
    <TimeSeries
      frames={data.series}
      timeRange={timeRange}
      timeZone={timeZone}
      width={width}
      height={height}
      legend={options.legend}
      structureRev={data.structureRev}
    />
  );
}

function States({ data }: PanelProps) {
  return (
    <ul>
      {data.series.map((frame) => (
        <li key={nameOf(frame)}>{`${nameOf(frame)}: ${lastText(frame)}`}</li>
      ))}
    </ul>
  );
}

function nameOf(frame: DataFrame): string {
  const field = frame.fields[1];
  return field ? getFieldDisplayName(field, frame) : '';
}

function lastText(frame: DataFrame): string {
  const field = frame.fields[1];
  return field?.display ? formattedValueToString(field.display(field.values[field.values.length - 1])) : '';
}

const PLUGINS: Record<string, PanelPlugin> = {
  timeseries: new PanelPlugin(Lines).useFieldConfig(),
  'state-timeline': new PanelPlugin(States).useFieldConfig(),
};

for (const [id, plugin] of Object.entries(PLUGINS)) {
  plugin.meta = {
    id,
    name: id,
    type: 'panel' as typeof plugin.meta.type,
    module: '',
    baseUrl: '',
    sort: 0,
    info: {
      author: { name: 'host' },
      description: '',
      links: [],
      logos: { small: '', large: '' },
      screenshots: [],
      updated: '',
      version: '',
    },
  };
}

/** A panel type the host has; one the plugin should not use is an error. */
export function panelPlugin(id: string): PanelPlugin {
  const plugin = PLUGINS[id];
  if (!plugin) {
    throw new Error(`the host page has no panel "${id}"`);
  }
  return plugin;
}
