/** Writes batches to PostgreSQL: a batch is one JSON parameter per statement, so that rows cost no round trips. */
import type { Pool, PoolClient } from 'pg';
import type { CheckedLabel } from '../../labels/check-label.ts';
import type { CheckedPrediction } from '../../labels/check-prediction.ts';
import type { KeptLabel } from '../../labels/decide-label.ts';
import type { IngestOutcome, IngestWork, LabelEvent } from '../../labels/ingest-store.ts';
import { predictionKey } from '../../labels/prediction-key.ts';
import type { KeptPrediction } from '../../labels/same-prediction.ts';
import { BatchFates } from './fates.ts';
import { applyLabel, keptLabel, LABEL_ROW, type LabelRow } from './label-rows.ts';
import { inTransaction, OvertakenError } from './postgres-transaction.ts';
import { Tallies } from './tallies.ts';

/** A prediction of a batch that was stored. */
interface Stored {
  readonly seq: number;
  readonly key: string;
}

/** A label to apply, and the key it goes by. */
interface KeyedLabel {
  readonly key: string;
  readonly label: CheckedLabel;
  /** Only this one, where it is the label of another that a shadow found. */
  readonly seq?: number;
}

/**
 * Commits batches. Two replicas that write the same ids at once wait for each other at the unique keys; whoever is overtaken after it
 * has read starts again.
 */
export class PostgresWriter {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** One transaction; durable when it resolves. */
  commit(work: IngestWork): Promise<IngestOutcome> {
    return inTransaction(this.#pool, async (client) => {
      const tallies = new Tallies();
      const { fates, late } = await insertPredictions(client, work, tallies);
      const labels = work.labels.map((label) => ({ label, key: keyOf(label.version.model, label.id) }));
      const { events, found } = await joinLabels(client, [...late, ...labels], tallies);
      await addTallies(client, tallies, work.stripe);
      const unknown = labels.flatMap(({ key }, index) => (found.has(key) ? [] : [index]));
      return { fates, events, unknown };
    });
  }
}

const bytesOf = (keys: Iterable<string>): Buffer[] => Array.from(keys, (key) => Buffer.from(key, 'hex'));
const keyOf = (model: string, id: string): string => predictionKey(model, id).toString('hex');

async function insertPredictions(client: PoolClient, { predictions, now }: IngestWork, tallies: Tallies) {
  if (predictions.length === 0) return { fates: [], late: [] };
  const batch = new BatchFates(predictions);
  const keys = batch.first.map((index) => {
    const { version, id } = predictions[index] as CheckedPrediction;
    return keyOf(version.model, id);
  });
  const rows = batch.first.map((index, at) => rowOf(predictions[index] as CheckedPrediction, keys[at] as string, now));
  const { rows: stored } = await client.query<Stored>({
    name: 'insert-predictions',
    text: INSERT,
    values: [JSON.stringify(rows)],
  });
  if (stored.length < rows.length) await compareFound(client, { batch, keys, stored });
  const fates = batch.read();
  const seqs = new Map(stored.map(({ key, seq }) => [key, seq]));
  const shadows: [CheckedPrediction, number][] = [];
  batch.first.forEach((index, at) => {
    const row = predictions[index] as CheckedPrediction;
    const seq = seqs.get(keys[at] as string);
    if (seq === undefined) return;
    tallies.of(row.version.versionId).predictions++;
    if (row.shadowOf !== null) shadows.push([row, seq]);
  });
  return { fates, late: await labelsOfPrimaries(client, shadows) };
}

async function compareFound(
  client: PoolClient,
  { batch, keys, stored }: { batch: BatchFates; keys: readonly string[]; stored: readonly Stored[] },
): Promise<void> {
  const isNew = new Set(stored.map(({ key }) => key));
  const old = keys.filter((key) => !isNew.has(key));
  const { rows } = await client.query<KeptPrediction & { readonly key: string }>(FIND_KEPT, [bytesOf(old)]);
  const kept = new Map(rows.map((row) => [row.key, row]));
  batch.first.forEach((index, at) => {
    const key = keys[at] as string;
    if (isNew.has(key)) return;
    const found = kept.get(key);
    if (!found) throw new OvertakenError(); // it was there, and retention removed it since
    batch.found(index, found);
  });
}

/** Shadows that come after the label of the prediction they shadow. */
async function labelsOfPrimaries(
  client: PoolClient,
  shadows: readonly (readonly [CheckedPrediction, number])[],
): Promise<KeyedLabel[]> {
  if (shadows.length === 0) return [];
  const primary = ({ version, shadowOf }: CheckedPrediction): string => keyOf(version.model, shadowOf as string);
  const { rows } = await client.query<{ key: string; label: string; time: number }>(FIND_LABELS, [
    bytesOf(shadows.map(([row]) => primary(row))),
  ]);
  const labels = new Map(rows.map((row) => [row.key, row]));
  return shadows.flatMap(([row, seq]) => {
    const known = labels.get(primary(row));
    if (!known) return [];
    const label = { version: row.version, id: row.id, label: known.label, time: known.time };
    return [{ key: keyOf(row.version.model, row.id), label, seq }];
  });
}

type FoundRow = LabelRow & { readonly key: string };

async function joinLabels(client: PoolClient, labels: readonly KeyedLabel[], tallies: Tallies) {
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

async function addTallies(client: PoolClient, tallies: Tallies, stripe: number): Promise<void> {
  const sums = tallies.entries().map(([versionId, tally]) => ({ version_id: versionId, stripe, ...tally }));
  if (sums.length === 0) return;
  await client.query({ name: 'add-tallies', text: ADD_TALLIES, values: [JSON.stringify(sums)] });
}

function rowOf(row: CheckedPrediction, key: string, now: number) {
  const { version, time, id, prediction, score, scores, segment, duration, features, experiment } = row;
  return {
    ...{ version_id: version.versionId, arrived: now, time, id_key: key, id, prediction, score, scores, segment },
    ...{ duration, features, routing_key: row.key, experiment },
    shadow_of: row.shadowOf === null ? null : keyOf(version.model, row.shadowOf),
  };
}

const COLUMNS =
  'version_id, arrived, time, id_key, id, prediction, score, scores, segment, duration, features, routing_key, experiment, shadow_of';
const INSERT = `
  insert into predictions (${COLUMNS})
  select version_id, arrived, time, decode(id_key, 'hex'), id, prediction, score, scores, segment, duration, features,
    routing_key, experiment, decode(shadow_of, 'hex')
  from json_to_recordset($1) as row (version_id integer, arrived bigint, time bigint, id_key text, id text, prediction text,
    score double precision, scores text, segment text, duration double precision, features text, routing_key text,
    experiment text, shadow_of text)
  on conflict (id_key) do nothing returning seq, encode(id_key, 'hex') as key`;
const FIND_KEPT = `
  select encode(id_key, 'hex') as key, version_id as "versionId", prediction, score, scores, segment, time
  from predictions where id_key = any($1::bytea[])`;
const FIND_LABELS = `
  select encode(p.id_key, 'hex') as key, l.label, l.time from predictions p join labels l on l.seq = p.seq
  where p.id_key = any($1::bytea[]) and l.label is not null`;
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
const ADD_TALLIES = `
  insert into tallies (version_id, stripe, predictions, labeled, expired)
  select version_id, stripe, predictions, labeled, expired from json_to_recordset($1)
    as row (version_id integer, stripe integer, predictions bigint, labeled bigint, expired bigint)
  on conflict (version_id, stripe) do update set predictions = tallies.predictions + excluded.predictions,
    labeled = tallies.labeled + excluded.labeled, expired = tallies.expired + excluded.expired`;
