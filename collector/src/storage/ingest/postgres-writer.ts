/** Writes batches to PostgreSQL: a batch is one JSON parameter per statement, so that rows cost no round trips. */
import type { Pool, PoolClient } from 'pg';
import type { IngestOutcome, IngestWork } from '../../labels/ingest-store.ts';
import { keyOf } from './postgres-keys.ts';
import { joinLabels } from './postgres-labels.ts';
import { insertPredictions } from './postgres-predictions.ts';
import { inTransaction } from './postgres-transaction.ts';
import { Tallies } from './tallies.ts';

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

async function addTallies(client: PoolClient, tallies: Tallies, stripe: number): Promise<void> {
  const sums = tallies.entries().map(([versionId, tally]) => ({ version_id: versionId, stripe, ...tally }));
  if (sums.length === 0) return;
  await client.query({ name: 'add-tallies', text: ADD_TALLIES, values: [JSON.stringify(sums)] });
}

const ADD_TALLIES = `
  insert into tallies (version_id, stripe, predictions, labeled, expired)
  select version_id, stripe, predictions, labeled, expired from json_to_recordset($1)
    as row (version_id integer, stripe integer, predictions bigint, labeled bigint, expired bigint)
  on conflict (version_id, stripe) do update set predictions = tallies.predictions + excluded.predictions,
    labeled = tallies.labeled + excluded.labeled, expired = tallies.expired + excluded.expired`;
