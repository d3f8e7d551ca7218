import type { Limit } from '../limits';
import type { PromQuery } from '../queries/prom-query';

/** What all panels have: the words for the reader, and the queries. */
interface CommonSpec {
  /** Names the panel in tests and keeps it apart from its neighbours. */
  key: string;
  title: string;
  /** Says what the reader sees and when to worry; shown behind the panel's information icon. */
  description: string;
  queries: PromQuery[];
}

/** Lines over time. */
export interface TimeSeriesSpec extends CommonSpec {
  visualization: 'timeseries';
  /** Grafana's id of a unit: `percentunit`, `short`, `none`. */
  unit: string;
  min?: number;
  max?: number;
  decimals?: number;
  /** Drawn as a line with the bad side tinted. */
  limit?: Limit;
  /** Why there may be nothing to draw, in place of Grafana's "No data". */
  whenEmpty?: string;
  /** Adds the series up, as for shares that make a whole. */
  stacked?: boolean;
  /** The refId of a query drawn as a dashed grey line to compare the others with. */
  comparison?: string;
}

/** What a number means in a state timeline. */
export interface State {
  value: number;
  text: string;
  color: string;
}

/** Named states over time, one row per series. */
export interface StateTimelineSpec extends CommonSpec {
  visualization: 'state-timeline';
  states: State[];
}

/** A panel as data: what it says and asks, apart from how Grafana draws it. */
export type PanelSpec = TimeSeriesSpec | StateTimelineSpec;
