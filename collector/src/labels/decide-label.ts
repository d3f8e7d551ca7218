/** What a label does to the prediction it names: a pure rule, so that every engine and every replica decides alike. */

/** A label as it is kept. */
export interface KeptLabel {
  /** As text; null where the prediction expired without one. */
  readonly label: string | null;
  /** When it became known, epoch ms. */
  readonly time: number;
  readonly late: boolean;
}

/** What is done. */
export type LabelDecision =
  /** The first label. `delay` in milliseconds. */
  | { readonly status: 'joined' | 'late'; readonly kept: KeptLabel; readonly delay: number }
  /** Another one than before. */
  | { readonly status: 'corrected'; readonly kept: KeptLabel; readonly former: string }
  /** The same again; or the prediction has expired, and is as good as gone. */
  | { readonly status: 'duplicate' | 'unknown' };

/**
 * Decides. @param made when the prediction was made @param before its label until now
 * @param deadline milliseconds after which a label is late
 */
export function decideLabel(
  { label, time }: { readonly label: string; readonly time: number },
  made: number,
  before: KeptLabel | undefined,
  deadline: number,
): LabelDecision {
  if (before?.label === null) return { status: 'unknown' };
  if (before?.label === label) return { status: 'duplicate' };
  if (before) return { status: 'corrected', former: before.label, kept: { label, time, late: before.late } };
  const delay = Math.max(0, time - made);
  const late = delay > deadline;
  return { status: late ? 'late' : 'joined', delay, kept: { label, time, late } };
}
