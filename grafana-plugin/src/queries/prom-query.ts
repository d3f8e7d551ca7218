import type { DataSourceRef } from '@grafana/schema';
import { SceneQueryRunner } from '@grafana/scenes';

/** A query as Grafana's Prometheus data source takes it. */
export interface PromQuery {
  refId: string;
  expr: string;
  legendFormat?: string;
  instant?: boolean;
  range?: boolean;
  format?: 'table' | 'time_series';
}

/** One line per series over the time range. */
export function rangeQuery(refId: string, expr: string, legendFormat: string): PromQuery {
  return { refId, expr, legendFormat, range: true, instant: false, format: 'time_series' };
}

/** The values at the end of the time range, as one table. */
export function instantQuery(refId: string, expr: string): PromQuery {
  return { refId, expr, instant: true, range: false, format: 'table' };
}

/** The data source the app reads from, as scenes wants it. */
export function prometheusRef(uid: string): DataSourceRef {
  return { type: 'prometheus', uid };
}

/** Runs queries on the app's Prometheus and again whenever a variable or the time range changes. */
export function promRunner(prometheusUid: string, queries: PromQuery[]): SceneQueryRunner {
  return new SceneQueryRunner({ datasource: prometheusRef(prometheusUid), queries, maxDataPoints: 400 });
}
