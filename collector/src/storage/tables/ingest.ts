/** Rows of predictions with their labels, of what is left of them after retention, and of drift windows. */
import type { Generated } from 'kysely';

/** Tables of `0002-ingest`. */
export interface IngestTables {
  predictions: {
    seq: Generated<number>;
    version_id: number;
    /** First 16 bytes of SHA-256 over model and id: what a prediction is found by. */
    id_key: Uint8Array;
    id: string;
    time: number;
    arrived: number;
    prediction: string;
    label: string | null;
  };
}
