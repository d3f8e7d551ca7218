/** The call that starts a run elsewhere. */
import { setTimeout as delay } from 'node:timers/promises';
import { errorText } from '../../errors.ts';
import { backoffDelay, retryAfter } from '../../remote/delivery/backoff.ts';
import type { OpenCallback } from '../../retraining/trainer.ts';
import { sameOrigin } from './addresses.ts';
import { WebhookFault, type Session } from './session.ts';
import { shownAddress, type CallAnswer } from './signed-call.ts';
import { startBody } from './start-body.ts';
import { objectOf } from './status.ts';

/** What the other side answered: perhaps `statusUrl` and `cancelUrl`. */
export type Named = Readonly<Record<string, unknown>>;

/**
 * Starts it, again where the network or a busy server is at fault; every try has the same `Idempotency-Key`.
 * @returns what it answered; undefined where the signal came first @throws WebhookFault
 */
export async function begin(session: Session, callback: OpenCallback, signal: AbortSignal): Promise<Named | undefined> {
  const { spec, job, headers, limits, log } = session;
  const body = startBody(spec, job, callback);
  const shown = shownAddress(spec.url);
  for (let attempt = 1; ; attempt++) {
    const request = { method: 'POST', url: spec.url, headers, body, idempotencyKey: job.run } as const;
    const answer = await session.call(request, signal).catch((error: unknown) => errorText(error));
    if (signal.aborted) return undefined;
    const said = typeof answer === 'string' ? answer : `HTTP ${answer.status}`;
    log(`POST ${shown}: ${said}`);
    if (typeof answer !== 'string' && !isPassing(answer.status)) return accepted(answer, session);
    if (attempt >= limits.attempts) throw new WebhookFault(`The webhook at ${shown} could not be reached: ${said}`);
    const asked = typeof answer === 'string' ? undefined : retryAfter(answer.retryAfter, Date.now());
    await delay((asked ?? backoffDelay(attempt, Math.random())) * limits.backoff, undefined, { signal }).catch(
      () => {},
    );
  }
}

function isPassing(status: number): boolean {
  return [408, 429, 502, 503, 504].includes(status);
}

function accepted({ status, text }: CallAnswer, { spec, log }: Session): Named {
  const shown = shownAddress(spec.url);
  if (status >= 300 && status < 400)
    throw new WebhookFault(
      `The webhook at ${shown} redirects (HTTP ${status}), which is not followed: name where it is`,
    );
  if (status >= 400) throw new WebhookFault(`The webhook at ${shown} refused the run (HTTP ${status})`);
  const named = objectOf(text) ?? {};
  for (const field of ['statusUrl', 'cancelUrl'])
    if (named[field] !== undefined && sameOrigin(spec.url, named[field]) === undefined)
      log(`${field} is not used: it is not of the same origin as the webhook`);
  return named;
}
