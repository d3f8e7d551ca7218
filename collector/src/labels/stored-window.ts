/** Windows as they are kept: disjoint, so many predictions each, in the order they arrived, whichever replica took them. */
import type { DriftWindow } from '../monitor/drift-monitor.ts';
import type { Place } from './place.ts';

/** `store`: over the predictions of all replicas; `live`: over those of one, where features are not kept. */
export type WindowSource = 'store' | 'live';

/** The verdict of a window, without its place. */
export type StoredVerdict = Omit<DriftWindow, 'index' | 'start' | 'end'>;

/** A window that was closed and judged just now, as whoever watches it is told. */
export interface ClosedWindow extends DriftWindow {
  readonly model: string;
  readonly version: string;
}

/** A closed window. */
export interface StoredWindow {
  readonly versionId: number;
  readonly source: WindowSource;
  /** 0, 1, 2 … */
  readonly number: number;
  /** Positions of its first prediction and of the one after its last, among those of the version. */
  readonly start: number;
  readonly end: number;
  /** It holds what arrived after `after`, up to and with `last`. */
  readonly after: Place;
  readonly last: Place;
  /** Label of the reference it was judged against; null without one. */
  readonly reference: string | null;
  /** Predictions by class. */
  readonly counts: Readonly<Record<string, number>>;
  readonly verdict: StoredVerdict | null;
  /** Epoch ms. */
  readonly closedAt: number;
}
