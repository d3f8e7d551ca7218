/** Joins the labels of a batch. */
import type { PoolClient } from 'pg';
import type { CheckedLabel } from '../../labels/check-label.ts';
import type { KeptLabel } from '../../labels/decide-label.ts';
import type { LabelEvent } from '../../labels/ingest-store.ts';
import { applyLabel, keptLabel, LABEL_ROW, type LabelRow } from './label-rows.ts';
import { bytesOf } from './postgres-keys.ts';
import { OvertakenError } from './postgres-transaction.ts';
import type { Tallies } from './tallies.ts';

/** A label to apply, and the key it goes by. */
export interface KeyedLabel {
  readonly key: string;
  readonly label: CheckedLabel;
  /** Only this one, where it is the label of another that a shadow found. */
  readonly seq?: number;
}

type FoundRow = LabelRow & { readonly key: string };

/** Applies labels in their order. @returns what to count, and the rows found by key */
export async function joinLabels(client: PoolClient, labels: readonly KeyedLabel[], tallies: Tallies) {
  const events: LabelEvent[] = [];
  const rows = new Map<string, FoundRow[]>();
  if (labels.length === 0) return { events, found: rows };
  const { rows: found } = await client.query<FoundRow>({
    name: 'find-labelled',
    text: FIND_ROWS,
    values: [bytesOf(new Set(labels.map(({ key }) => key)))],
  });
  for (const row of found) rows.set(row.key, [...(rows.get(row.key) ?? []), row]);
  const now = new Map<number, KeptLabel>();
  const first = new Map<number, LabelRow>();
  for (const { key, label, seq } of labels)
    for (const row of rows.get(key) ?? []) {
      if (seq !== undefined && seq !== row.seq) continue;
      const { event, kept } = applyLabel(row, now.get(row.seq) ?? keptLabel(row), label, label.version.policy.deadline);
      events.push(event);
      if (!kept) continue;
      now.set(row.seq, kept);
      first.set(row.seq, row);
    }
  await writeLabels(client, now, first, tallies);
  return { events, found: rows };
}

/** @param rows what was read of those that change */
async function writeLabels(
  client: PoolClient,
  labels: ReadonlyMap<number, KeptLabel>,
  rows: ReadonlyMap<number, LabelRow>,
  tallies: Tallies,
): Promise<void> {
  // Rows that several writers want are taken in the same order by all, or they would lock each other out.
  const changes = [...labels]
    .sort(([a], [b]) => a - b)
    .map(([seq, { label, time, late }]) => {
      const row = rows.get(seq) as LabelRow;
      return {
        seq,
        label,
        time,
        late: Number(late),
        former: row.label,
        isNew: row.label_seq === null,
        of: row.version_id,
      };
    });
  const [added, corrected] = [changes.filter(({ isNew }) => isNew), changes.filter(({ isNew }) => !isNew)];
  await writeAll(client, 'add-labels', ADD_LABELS, added);
  await writeAll(client, 'correct-labels', CORRECT_LABELS, corrected);
  for (const { of } of added) tallies.of(of).labeled++;
}

async function writeAll(client: PoolClient, name: string, text: string, changes: readonly object[]): Promise<void> {
  if (changes.length === 0) return;
  const { rowCount } = await client.query({ name, text, values: [JSON.stringify(changes)] });
  if (rowCount !== changes.length) throw new OvertakenError();
}

const FIND_ROWS = `
  select encode(p.id_key, 'hex') as key, ${LABEL_ROW} from predictions p left join labels l on l.seq = p.seq
  where p.id_key = any($1::bytea[])
  union all
  select encode(p.shadow_of, 'hex') as key, ${LABEL_ROW} from predictions p left join labels l on l.seq = p.seq
  where p.shadow_of = any($1::bytea[])`;
const LABELS = `json_to_recordset($1) as row (seq bigint, label text, time bigint, late integer, former text)`;
const ADD_LABELS = `
  insert into labels (seq, label, time, late) select seq, label, time, late from ${LABELS} on conflict (seq) do nothing`;
const CORRECT_LABELS = `
  update labels set label = row.label, time = row.time, late = row.late from ${LABELS}
  where labels.seq = row.seq and labels.label = row.former`;
