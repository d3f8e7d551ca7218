/** What the steps of the loop share. */
import type { Answer, Collector } from './collector.ts';
import type { Market } from './market.ts';
import { eventually, metricsOf } from './watching.ts';

export const MODEL = 'electricity';
/** Their routes. */
export const AT = `/v1/models/${MODEL}`;

/** One for each who takes part; the audit names them by their place. */
export const TOKENS = {
  ingest: 'journey-ingest-token-long-enough',
  operate: 'journey-operate-token-long-enough',
  admin: 'journey-admin-token-long-enough',
  alerts: 'journey-alerts-token-long-enough',
} as const;

/** A collector and the traffic it watches. */
export interface Loop {
  readonly on: Collector;
  readonly market: Market;
  /** What Grafana signs with. */
  readonly secret: string;
}

/** Readings that are like those version 1 learned from; those after May 1997, when prices began to be made elsewhere, too; and what follows. */
export const STABLE = [11_000, 12_300] as const;
export const DRIFTED = [24_500, 26_900] as const;
export const COMPARED = [26_900, 29_300] as const;
/** Predictions of a window of drift. */
export const WINDOW = 1_000;

/** What the metrics say of versions, by labels. */
export const REGISTRY = {
  ml_model_info: ['version', 'stage'],
  ml_model_transitions_total: ['version', 'kind'],
} as const;

/** Asks for a move. */
export function move({ on }: Loop, version: string, to: string, reason: string): Promise<Answer> {
  return on.call('POST', `${AT}/versions/${version}/transition`, { to, reason });
}

/** Waits until the metrics say so. */
export function seen(
  { on }: Loop,
  names: Parameters<typeof metricsOf>[2],
  values: Readonly<Record<string, unknown>>,
): Promise<void> {
  return eventually(async () => expect(await metricsOf(on, MODEL, names)).toMatchObject(values));
}
