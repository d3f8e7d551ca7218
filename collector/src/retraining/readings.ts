/** Measures what triggers are judged on. What cannot be measured says why, and starts nothing. */
import { errorText, PlumblineError } from '../errors.ts';
import type { FeedbackCounts } from '../feedback/training-example.ts';
import type { IngestAnswers } from '../labels/ingest.ts';
import type { RetrainingPolicy } from '../lifecycle/retraining-policy.ts';
import type { Facts } from './judge-trigger.ts';
import type { RetrainingReading } from './retraining-store.ts';
import { scheduled } from './schedule.ts';
import { SCHEDULE_MARK } from './start-run.ts';

/** Where facts come from. */
export interface FactSources {
  readonly answers: Pick<IngestAnswers, 'performance' | 'drift'>;
  readonly feedback: FeedbackCounts;
  readonly store: Pick<RetrainingReading, 'markOf'>;
}

/** What the facts are about. */
export interface FactQuery {
  readonly model: string;
  readonly policy: RetrainingPolicy;
  /** Start of the last run that counts, epoch ms; null before the first. */
  readonly lastStart: number | null;
  readonly now: number;
}

const DAY = 86_400_000;

/** Measures what the policy listens to. Cost: a walk over the predictions of the accuracy's window. */
export async function factsOf(sources: FactSources, query: FactQuery): Promise<Facts> {
  const { accuracy, drift, feedback, schedule } = query.policy.triggers;
  const { model, lastStart, now } = query;
  const unknown = (error: unknown) => ({ unknown: whyUnknown(error) });
  const [right, drifted, accepted, mark] = await Promise.all([
    accuracy ? accuracyOf(sources, model, now - accuracy.windowDays * DAY).catch(unknown) : undefined,
    drift ? driftOf(sources, model).catch(unknown) : undefined,
    feedback ? sources.feedback.accepted(model, lastStart ?? undefined).catch(unknown) : undefined,
    schedule ? sources.store.markOf(model, SCHEDULE_MARK) : undefined,
  ]);
  return {
    ...(right && { accuracy: right }),
    ...(drifted && { drift: drifted }),
    ...(accepted !== undefined && { feedback: accepted }),
    // A schedule that nobody has looked at yet begins now.
    ...(schedule && { schedule: scheduled(schedule, mark === undefined ? now : Number(mark), now) }),
  };
}

async function accuracyOf({ answers }: FactSources, model: string, from: number) {
  const { metrics, task } = await answers.performance({ model, from });
  if (task === 'regression') return { unknown: 'A regression has no accuracy; switch the trigger off.' };
  return { value: metrics.accuracy.value, n: metrics.accuracy.n };
}

async function driftOf({ answers }: FactSources, model: string) {
  const { lasting, features } = await answers.drift({ model });
  const judged = features.filter(({ verdict }) => verdict !== 'insufficient_data');
  const drifted = judged.filter(({ verdict }) => verdict === 'drifted').length;
  const share = judged.length === 0 ? null : drifted / judged.length;
  return { verdict: lasting.verdict, drifted: lasting.drifted, windows: lasting.windows, share };
}

function whyUnknown(error: unknown): string {
  if (error instanceof PlumblineError && error.code === 'not_found') return 'The model has no version that predicted.';
  return `It could not be measured: ${errorText(error)}`;
}
