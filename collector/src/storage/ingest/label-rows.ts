/** Predictions with their labels as the database gives them, and what a label does to them. */
import { decideLabel, type KeptLabel } from '../../labels/decide-label.ts';
import type { LabelEvent } from '../../labels/ingest-store.ts';

/** A prediction as far as its label needs it. */
export interface LabelRow {
  readonly seq: number;
  readonly version_id: number;
  readonly time: number;
  readonly prediction: string;
  readonly score: number | null;
  readonly scores: string | null;
  /** Null where there is no label and the prediction has not expired either. */
  readonly label_seq: number | null;
  readonly label: string | null;
  readonly label_time: number | null;
  readonly late: number | null;
}

/** Columns of it; `p` is the prediction, `l` its label. */
export const LABEL_ROW =
  'p.seq, p.version_id, p.time, p.prediction, p.score, p.scores, l.seq as label_seq, l.label, l.time as label_time, l.late';

/** The label a prediction has until now. */
export function keptLabel({ label_seq, label, label_time, late }: LabelRow): KeptLabel | undefined {
  return label_seq === null ? undefined : { label, time: label_time ?? 0, late: late === 1 };
}

/** What to count, and what to write where it changes something. */
export interface AppliedLabel {
  readonly event: LabelEvent;
  readonly kept: KeptLabel | undefined;
}

/** Applies a label. @param before the label until now @param deadline milliseconds */
export function applyLabel(
  row: LabelRow,
  before: KeptLabel | undefined,
  label: { readonly label: string; readonly time: number },
  deadline: number,
): AppliedLabel {
  const decision = decideLabel(label, row.time, before, deadline);
  const event: LabelEvent = {
    versionId: row.version_id,
    status: decision.status,
    prediction: row.prediction,
    score: row.score,
    scores: row.scores,
    label: label.label,
    former: 'former' in decision ? decision.former : undefined,
    delay: 'delay' in decision ? decision.delay : undefined,
  };
  return { event, kept: 'kept' in decision ? decision.kept : undefined };
}
