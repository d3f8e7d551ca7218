import {
  type DataFrame,
  type DataQueryRequest,
  type DataQueryResponse,
  DataSourceApi,
  type DataSourceInstanceSettings,
  dateTime,
  FieldType,
  type MetricFindValue,
  type ScopedVars,
  toDataFrame,
} from '@grafana/data';
import type { DataQuery } from '@grafana/schema';
import { type SceneObject, sceneGraph } from '@grafana/scenes';
import type { PromQuery } from '../../../grafana-plugin/src/queries/prom-query';
import { answer, type FakeSeries, versions } from './fake-prometheus';
import { scenario } from './scenario';

const POINTS = 60;

/** Stands where Grafana's Prometheus data source stands, and shapes its answers the same way. */
export class FakeDataSource extends DataSourceApi {
  public constructor(settings: DataSourceInstanceSettings) {
    super(settings);
  }

  public override async query(request: DataQueryRequest): Promise<DataQueryResponse> {
    await this.answerAsTold();
    if (scenario.data === 'empty') {
      return { data: [] };
    }
    return { data: request.targets.flatMap((target) => framesOf(target, request)) };
  }

  public override async metricFindQuery(
    query: { query: string },
    options: { scopedVars: ScopedVars },
  ): Promise<MetricFindValue[]> {
    await this.answerAsTold();
    const found = scenario.data === 'empty' ? [] : versions(interpolate(query.query, options.scopedVars));
    return found.map((text) => ({ text }));
  }

  public override async testDatasource() {
    return { status: 'success', message: 'fake' };
  }

  private async answerAsTold(): Promise<void> {
    if (scenario.data === 'failing') {
      throw new Error('connect ECONNREFUSED 127.0.0.1:9090');
    }
    while (scenario.data === 'slow') {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** Grafana's template service does this with its own copy of scenes on the plugin's objects; so do we. */
function interpolate(text: string, scopedVars: ScopedVars): string {
  const holder: { valueOf(): SceneObject } = scopedVars['__sceneObject']?.value;
  return sceneGraph.interpolate(holder.valueOf(), text, scopedVars);
}

function isPromQuery(target: DataQuery): target is PromQuery {
  return 'expr' in target;
}

function framesOf(target: DataQuery, request: DataQueryRequest): DataFrame[] {
  if (!isPromQuery(target)) {
    throw new Error(`not a Prometheus query: ${JSON.stringify(target)}`);
  }
  const expr = interpolate(target.expr, request.scopedVars);
  const series = answer(expr);
  if (series.length === 0 || (scenario.data === 'unrecorded' && expr.includes('ml:'))) {
    return [];
  }
  return target.instant ? [tableFrame(target, series, request)] : series.map((one) => rangeFrame(target, one, request));
}

function tableFrame(target: PromQuery, series: FakeSeries[], request: DataQueryRequest): DataFrame {
  const names = [...new Set(series.flatMap(({ labels }) => Object.keys(labels)))];
  return toDataFrame({
    refId: target.refId,
    fields: [
      { name: 'Time', type: FieldType.time, values: series.map(() => request.range.to.valueOf()) },
      ...names.map((name) => ({ name, type: FieldType.string, values: series.map(({ labels }) => labels[name]) })),
      { name: `Value #${target.refId}`, type: FieldType.number, values: series.map(({ at }) => at(1)) },
    ],
  });
}

function rangeFrame(target: PromQuery, { labels, at }: FakeSeries, request: DataQueryRequest): DataFrame {
  const from = request.range.from.valueOf();
  const to = request.range.to.valueOf();
  const progress = Array.from({ length: POINTS }, (_, index) => index / (POINTS - 1));
  const name = (target.legendFormat ?? '').replaceAll(/\{\{(\w+)\}\}/g, (_, label: string) => labels[label] ?? '');
  return toDataFrame({
    refId: target.refId,
    name,
    fields: [
      { name: 'Time', type: FieldType.time, values: progress.map((p) => dateTime(from + p * (to - from)).valueOf()) },
      { name: 'Value', type: FieldType.number, labels, values: progress.map(at), config: { displayNameFromDS: name } },
    ],
  });
}
