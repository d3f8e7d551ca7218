/** What is left of predictions when retention removes them: sums by hour and segment, from which performance is still told. */
import type { ReferenceProfile } from '../distribution/reference.ts';
import { Replay } from '../monitor/replay.ts';
import { usableConfig } from './core-config.ts';
import type { KnownVersion } from './declared-model.ts';
import { replayed, type FoldedHour, type StoredRow } from './stored-rows.ts';

/** Hours are folded whole. */
export const HOUR = 3_600_000;

/** The hour and segment a prediction is folded into; a segment nobody declared is none. */
export function hourOf(row: Pick<StoredRow, 'time' | 'segment'>, known: KnownVersion): Omit<FoldedHour, 'folded'> {
  const { segments = [] } = known.declaration;
  const isDeclared = row.segment !== null && segments.includes(row.segment);
  return { hour: Math.floor(row.time / HOUR) * HOUR, segment: isDeclared ? (row.segment as string) : '' };
}

/** Adds predictions to what is folded. @param before hours as they were, of those that these predictions belong to */
export function foldRows(
  rows: readonly StoredRow[],
  before: readonly FoldedHour[],
  known: KnownVersion,
  reference: ReferenceProfile | undefined,
): FoldedHour[] {
  const groups = new Map<string, { readonly of: Omit<FoldedHour, 'folded'>; readonly rows: StoredRow[] }>();
  for (const row of rows) {
    const of = hourOf(row, known);
    const key = keyOf(of);
    const group = groups.get(key) ?? { of, rows: [] };
    group.rows.push(row);
    groups.set(key, group);
  }
  const config = usableConfig(known, reference, { segments: [] });
  const folded = new Map(before.map((hour) => [keyOf(hour), hour.folded]));
  return Array.from(groups, ([key, group]) => {
    const known = folded.get(key);
    // Sums of another task cannot be added to: what a model was declared as when the hour began holds for all of it.
    const task = known?.task ?? config.task;
    const replay = new Replay(task === config.task ? config : { ...config, task, classes: undefined }, false);
    if (known) replay.absorb(known, undefined);
    for (const row of group.rows) replay.add(replayed(row, task));
    return { ...group.of, folded: replay.fold() };
  });
}

function keyOf({ hour, segment }: Omit<FoldedHour, 'folded'>): string {
  return `${hour} ${segment}`;
}
