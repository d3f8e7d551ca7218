/** What the status address of a webhook says. */
import type { TrainerReport } from '../../retraining/trainer.ts';

const MEANING: Readonly<Record<string, TrainerReport['status']>> = {
  ...{ queued: 'running', pending: 'running', running: 'running', in_progress: 'running' },
  ...{ finished: 'finished', succeeded: 'finished', success: 'finished' },
  ...{ failed: 'failed', error: 'failed', cancelled: 'failed' },
};
const MAX_REASON = 500;

/** JSON of an answer; undefined for what is none. */
export function objectOf(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

/** A status answer; undefined where it says nothing that is known. */
export function statusOf(text: string): TrainerReport | undefined {
  const { status, reason } = objectOf(text) ?? {};
  const known = typeof status === 'string' ? status.toLowerCase() : '';
  const meaning = Object.hasOwn(MEANING, known) ? MEANING[known] : undefined;
  if (meaning === undefined) return undefined;
  return { status: meaning, ...(typeof reason === 'string' && { reason: reason.slice(0, MAX_REASON) }) };
}
