/** Rows of feedback. */
import type { Generated } from 'kysely';

/** Tables of `0005-feedback`. */
export interface FeedbackTables {
  feedback: {
    /** In the order they arrived. */
    seq: Generated<number>;
    /** What an item is known by, see `feedbackKey`. */
    key: string;
    model_id: number;
    /** The version it was counted for. */
    version_id: number;
    /** That of the prediction, see `predictions.id_key`; there may be none, or not yet. */
    id_key: Uint8Array;
    prediction_id: string;
    identifier: string | null;
    /** SHA-256 over what it says, its first 128 bits, hexadecimal. */
    digest: string;
    correct: number;
    /** Written as labels are. */
    corrected_label: string | null;
    /** JSON text. */
    input: string | null;
    explanation: string | null;
    annotator_kind: string | null;
    annotator_name: string | null;
    score: number | null;
    /** When it was given, and when it arrived. */
    time: number;
    arrived: number;
    /** pending, accepted or rejected. */
    status: string;
    /** What was accepted as true. */
    label: string | null;
    /** Place of the prediction in the order they are stored, once the item is accepted. */
    prediction_arrived: number | null;
    prediction_seq: number | null;
    reviewed_at: number | null;
    /** JSON of the actor. */
    reviewer: string | null;
    reason: string | null;
    /** Grows with each change. */
    revision: number;
  };
}
