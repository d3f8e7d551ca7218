/** A feature may declare that only one direction of change is bad: a rising error, a falling income. */
import type { LocationShift } from './location.ts';

/** A change of location that counts. */
export type Direction = 'increase' | 'decrease';

/** Which way a feature with a declared direction moved. */
export interface DirectionVerdict {
  /** The change that counts. */
  readonly counts: Direction;
  /** The change seen; `none` where chance alone moves the location as far (Mann–Whitney p above α). */
  readonly moved: Direction | 'none';
  /** P(current > reference) − P(current < reference), −1 to 1; null where a side is empty. */
  readonly superiority: number | null;
  /** Two-sided Mann–Whitney p; null where a side is empty. */
  readonly p_value: number | null;
}

/** Says which way a location moved; a change of spread alone moves it nowhere. */
export function directionOf(
  counts: Direction,
  { superiority, pValue }: LocationShift,
  alpha: number,
): DirectionVerdict {
  const sure = pValue <= alpha;
  const moved = !sure ? 'none' : superiority > 0 ? 'increase' : 'decrease';
  const known = !Number.isNaN(pValue);
  return { counts, moved, superiority: known ? superiority : null, p_value: known ? pValue : null };
}
