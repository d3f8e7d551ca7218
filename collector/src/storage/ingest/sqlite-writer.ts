/** Writes batches to SQLite: synchronous and raw, since a row costs 10 µs here and as much again through a query builder. */
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { CheckedLabel } from '../../labels/check-label.ts';
import type { CheckedPrediction } from '../../labels/check-prediction.ts';
import type { IngestOutcome, IngestWork, LabelEvent } from '../../labels/ingest-store.ts';
import { predictionKey } from '../../labels/prediction-key.ts';
import { BatchFates } from './fates.ts';
import { applyLabel, keptLabel, LABEL_ROW, type LabelRow } from './label-rows.ts';
import { Tallies } from './tallies.ts';

const COLUMNS = [
  ...['seq', 'version_id', 'arrived', 'time', 'id_key', 'id', 'prediction', 'score', 'scores', 'segment', 'duration'],
  ...['features', 'routing_key', 'experiment', 'shadow_of'],
];
/** Rows of one statement: fewer calls, and SQLite takes 32,766 parameters at most. */
const ROWS_PER_STATEMENT = 50;

/** The statements of one connection. Call it only while the connection is held, outside of a transaction. */
export class SqliteWriter {
  readonly #sqlite: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(sqlite: DatabaseSync) {
    this.#sqlite = sqlite;
  }

  /** One transaction; on the disk when it returns. */
  commit({ predictions, labels, now, stripe }: IngestWork): IngestOutcome {
    return this.#transaction(() => {
      const tallies = new Tallies();
      const events: LabelEvent[] = [];
      const fates = this.#insert(predictions, now, tallies, events);
      const unknown = labels.flatMap((label, index) => (this.#label(label, tallies, events) ? [] : [index]));
      for (const [versionId, { predictions: stored, labeled, expired }] of tallies.entries())
        this.#prepare(ADD_TALLY).run(versionId, stripe, stored, labeled, expired);
      return { fates, events, unknown };
    });
  }

  #transaction<Result>(work: () => Result): Result {
    this.#sqlite.exec('begin immediate');
    try {
      const result = work();
      this.#sqlite.exec('commit');
      return result;
    } catch (error) {
      try {
        this.#sqlite.exec('rollback');
      } catch {
        // A full disk has ended the transaction already: the first error is the one to tell.
      }
      throw error;
    }
  }

  #insert(rows: readonly CheckedPrediction[], now: number, tallies: Tallies, events: LabelEvent[]) {
    const batch = new BatchFates(rows);
    // Numbers are never given twice, also not those of rows that were removed: labels go by them.
    const start = Number(this.#prepare(LAST_NUMBER).get()?.['seq'] ?? 0) + 1;
    for (let from = 0; from < batch.first.length; from += ROWS_PER_STATEMENT) {
      const indices = batch.first.slice(from, from + ROWS_PER_STATEMENT);
      const values: SQLInputValue[] = [];
      for (const [offset, index] of indices.entries())
        pushRow(values, rows[index] as CheckedPrediction, start + from + offset, now);
      const { changes } = this.#prepare(insertOf(indices.length)).run(...values);
      if (Number(changes) === indices.length) continue;
      indices.forEach((index, offset) => this.#compare(rows, index, start + from + offset, batch));
    }
    const fates = batch.read();
    rows.forEach((row, index) => {
      if (fates[index] !== 'stored') return;
      tallies.of(row.version.versionId).predictions++;
      if (row.shadowOf !== null) this.#joinShadow(row, row.shadowOf, tallies, events);
    });
    return fates;
  }

  #compare(rows: readonly CheckedPrediction[], index: number, seq: number, batch: BatchFates): void {
    const { version, id } = rows[index] as CheckedPrediction;
    const found = this.#prepare(FIND_KEPT).get(predictionKey(version.model, id)) as unknown as KeptRow;
    if (found.seq !== seq) batch.found(index, { ...found, versionId: found.version_id });
  }

  /** @returns whether there was anything to join */
  #label(label: CheckedLabel, tallies: Tallies, events: LabelEvent[]): boolean {
    const key = predictionKey(label.version.model, label.id);
    const own = this.#prepare(FIND_ONE).get(key) as unknown as LabelRow | undefined;
    const shadows = this.#prepare(FIND_SHADOWS).all(key) as unknown as LabelRow[];
    if (own) this.#apply(own, label, tallies, events);
    for (const shadow of shadows) this.#apply(shadow, label, tallies, events);
    return own !== undefined || shadows.length > 0;
  }

  /** A shadow that comes after the label of the prediction it shadows. */
  #joinShadow(row: CheckedPrediction, primaryId: string, tallies: Tallies, events: LabelEvent[]): void {
    const primary = this.#prepare(FIND_ONE).get(predictionKey(row.version.model, primaryId)) as unknown as
      LabelRow | undefined;
    const kept = primary && keptLabel(primary);
    if (!kept || kept.label === null) return;
    const shadow = this.#prepare(FIND_ONE).get(predictionKey(row.version.model, row.id)) as unknown as LabelRow;
    const label = { version: row.version, id: row.id, label: kept.label, time: kept.time };
    this.#apply(shadow, label, tallies, events);
  }

  #apply(row: LabelRow, label: CheckedLabel, tallies: Tallies, events: LabelEvent[]): void {
    const before = keptLabel(row);
    const { event, kept } = applyLabel(row, before, label, label.version.policy.deadline);
    events.push(event);
    if (!kept) return;
    const values = [kept.label, kept.time, Number(kept.late), row.seq];
    this.#prepare(before ? CORRECT_LABEL : ADD_LABEL).run(...values);
    if (!before) tallies.of(row.version_id).labeled++;
  }

  #prepare(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known) return known;
    const statement = this.#sqlite.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}

interface KeptRow {
  readonly seq: number;
  readonly version_id: number;
  readonly prediction: string;
  readonly score: number | null;
  readonly scores: string | null;
  readonly segment: string | null;
  readonly time: number;
}

const JOINED = `select ${LABEL_ROW} from predictions p left join labels l on l.seq = p.seq`;
const FIND_ONE = `${JOINED} where p.id_key = ?`;
const FIND_SHADOWS = `${JOINED} where p.shadow_of = ? order by p.seq`;
const FIND_KEPT = 'select seq, version_id, prediction, score, scores, segment, time from predictions where id_key = ?';
const LAST_NUMBER = `select seq from sqlite_sequence where name = 'predictions'`;
const ADD_LABEL = 'insert into labels (label, time, late, seq) values (?, ?, ?, ?)';
const CORRECT_LABEL = 'update labels set label = ?, time = ?, late = ? where seq = ?';
const ADD_TALLY = `
  insert into tallies (version_id, stripe, predictions, labeled, expired) values (?, ?, ?, ?, ?)
  on conflict (version_id, stripe) do update set predictions = predictions + excluded.predictions,
    labeled = labeled + excluded.labeled, expired = expired + excluded.expired`;

function insertOf(rows: number): string {
  const row = `(${COLUMNS.map(() => '?').join(', ')})`;
  const values = new Array(rows).fill(row).join(', ');
  return `insert into predictions (${COLUMNS.join(', ')}) values ${values} on conflict (id_key) do nothing`;
}

function pushRow(values: SQLInputValue[], row: CheckedPrediction, seq: number, now: number): void {
  const { model, versionId } = row.version;
  const shadowOf = row.shadowOf === null ? null : predictionKey(model, row.shadowOf);
  values.push(seq, versionId, now, row.time, predictionKey(model, row.id), row.id, row.prediction, row.score);
  values.push(row.scores, row.segment, row.duration, row.features, row.key, row.experiment, shadowOf);
}
