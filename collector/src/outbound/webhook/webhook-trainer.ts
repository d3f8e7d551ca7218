/** Trains by a webhook: a signed call that starts it, then a callback of the run or a status address that is asked again and again. */
import { setTimeout as delay } from 'node:timers/promises';
import { errorText } from '../../errors.ts';
import type {
  OnOutput,
  OpenCallback,
  TrainerOutcome,
  TrainerReport,
  TrainingJob,
  WebhookTrainer,
} from '../../retraining/trainer.ts';
import { COMMAND_LIMITS } from '../processes/limits.ts';
import { outputFault } from '../processes/output-folder.ts';
import { sameOrigin } from './addresses.ts';
import { begin, type Named } from './begin.ts';
import { sessionOf, WebhookFault, type Session, type WebhookGround } from './session.ts';
import { shownAddress } from './signed-call.ts';
import { statusOf } from './status.ts';

/** Calls the webhook of a job and waits for its end. Never rejects for what the other side does. */
export async function trainByWebhook(
  ground: WebhookGround,
  spec: WebhookTrainer,
  job: TrainingJob,
  signal: AbortSignal,
  onOutput: OnOutput,
): Promise<TrainerOutcome> {
  let callback: OpenCallback | undefined;
  const clock = new AbortController();
  const timer = setTimeout(() => clock.abort(), Math.min(job.timeoutSeconds * 1_000, 2 ** 31 - 1));
  const either = AbortSignal.any([signal, clock.signal]);
  try {
    const session = sessionOf(ground, spec, job, onOutput);
    callback = await session.callbacks.open(job);
    return await train(session, callback, either, () => (signal.aborted ? 'cancelled' : 'timed_out'));
  } catch (error) {
    if (!(error instanceof WebhookFault)) throw error;
    return { end: 'failed', exitCode: null, reason: `${error.message}.` };
  } finally {
    clearTimeout(timer);
    callback?.close();
  }
}

async function train(
  session: Session,
  callback: OpenCallback,
  either: AbortSignal,
  why: () => 'cancelled' | 'timed_out',
): Promise<TrainerOutcome> {
  const over = new Promise<undefined>((resolve) => {
    if (either.aborted) resolve(undefined);
    else either.addEventListener('abort', () => resolve(undefined), { once: true });
  });
  const polling = new AbortController();
  const isOver = AbortSignal.any([either, polling.signal]);
  let named: Named = {};
  try {
    // A callback may come before the first call is answered.
    const early = callback.ended.then((): Named => ({}));
    named = (await Promise.race([begin(session, callback, isOver), early, over])) ?? {};
    const statusUrl = sameOrigin(session.spec.url, named['statusUrl']);
    const seen = statusUrl === undefined ? [] : [watchStatus(session, statusUrl, isOver)];
    const first = await Promise.race([callback.ended, over, ...seen]);
    if (first === undefined) return await ended(session, why(), named);
    return await judged(session, first, callback, either);
  } catch (error) {
    if (either.aborted) return await ended(session, why(), named);
    throw error;
  } finally {
    polling.abort();
  }
}

/** Asks the status address until it says an end. */
async function watchStatus(session: Session, url: string, signal: AbortSignal): Promise<TrainerReport | undefined> {
  const { spec, headers, limits, log } = session;
  let before = '';
  for (let failures = 0; failures < limits.statusFailures;) {
    await delay(spec.pollSeconds * 1_000, undefined, { signal }).catch(() => {});
    if (signal.aborted) return undefined;
    const answer = await session.call({ method: 'GET', url, headers, body: '' }, signal).catch(errorText);
    const isFine = typeof answer !== 'string' && answer.status >= 200 && answer.status < 300;
    const report = isFine ? statusOf(answer.text) : undefined;
    const said = report?.status ?? (typeof answer === 'string' ? answer : `no status (HTTP ${answer.status})`);
    if (said !== before && !signal.aborted) log(`status: ${said}`);
    before = said;
    failures = report === undefined ? failures + 1 : 0;
    if (report !== undefined && report.status !== 'running') return report;
  }
  throw new WebhookFault(
    `The status address ${shownAddress(url)} gave no status ${limits.statusFailures} times: ${before}`,
  );
}

async function judged(
  { job, limits }: Session,
  report: TrainerReport,
  callback: OpenCallback,
  signal: AbortSignal,
): Promise<TrainerOutcome> {
  const says = report.reason === undefined ? '' : `: ${report.reason}`;
  if (report.status !== 'finished') return { end: 'failed', exitCode: null, reason: `The trainer failed${says}.` };
  let fault = await outputFault(job.outputFolder, COMMAND_LIMITS);
  if (fault !== undefined) {
    // A pipeline may be done by its own account before what it sends has arrived.
    const late = delay(limits.callbackPatience, undefined, { signal }).catch(() => {});
    await Promise.race([callback.ended, late]);
    fault = await outputFault(job.outputFolder, COMMAND_LIMITS);
  }
  if (fault === undefined) return { end: 'finished', exitCode: null, reason: `The trainer finished${says}.` };
  return { end: 'failed', exitCode: null, reason: `The trainer says that it finished, but ${fault}.` };
}

/** Tells the other side where it named an address for that. */
async function ended(session: Session, end: 'cancelled' | 'timed_out', named: Named): Promise<TrainerOutcome> {
  const { spec, job, headers, log } = session;
  const url = sameOrigin(spec.url, named['cancelUrl']);
  const told = url === undefined ? 'it named no address to tell it' : await tell(url);
  const why = end === 'cancelled' ? 'It was cancelled' : `It took longer than ${job.timeoutSeconds} s`;
  return { end, exitCode: null, reason: `${why}; the trainer may go on elsewhere: ${told}.` };

  async function tell(address: string): Promise<string> {
    const body = JSON.stringify({ run: job.run, model: job.model, reason: end });
    const request = { method: 'POST', url: address, headers, body, idempotencyKey: `${job.run}-cancel` } as const;
    const answer = await session.call(request, new AbortController().signal).catch(errorText);
    const said = typeof answer === 'string' ? answer : `HTTP ${answer.status}`;
    log(`POST ${shownAddress(address)}: ${said}`);
    return `told to end, it answered ${said}`;
  }
}
