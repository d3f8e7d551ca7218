/** Inserts the predictions of a batch. */
import type { PoolClient } from 'pg';
import type { CheckedPrediction } from '../../labels/check-prediction.ts';
import type { IngestWork } from '../../labels/ingest-store.ts';
import type { KeptPrediction } from '../../labels/same-prediction.ts';
import { BatchFates } from './fates.ts';
import { bytesOf, keyOf } from './postgres-keys.ts';
import type { KeyedLabel } from './postgres-labels.ts';
import { OvertakenError } from './postgres-transaction.ts';
import type { Tallies } from './tallies.ts';

/** A prediction of a batch that was stored. */
interface Stored {
  readonly seq: number;
  readonly key: string;
}

/** @returns the fates in the order of the predictions, and labels that shadows found waiting for them */
export async function insertPredictions(client: PoolClient, { predictions, now }: IngestWork, tallies: Tallies) {
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
