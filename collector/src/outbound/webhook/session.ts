/** One run of a webhook, checked before anything is called. */
import { variableFault } from '../../lifecycle/environment.ts';
import type { Callbacks, OnOutput, TrainingJob, WebhookTrainer } from '../../retraining/trainer.ts';
import type { Environment } from '../processes/environment.ts';
import { addressFault } from './addresses.ts';
import type { WebhookLimits } from './limits.ts';
import { callSigned, type CallAnswer, type SignedCall } from './signed-call.ts';

/** What the service gives. */
export interface WebhookGround {
  readonly environment: Environment;
  readonly webhookSecret: string | undefined;
  readonly callbacks: Callbacks | undefined;
  readonly limits: WebhookLimits;
}

/** A signed call. */
export type Call = (call: SignedCall, signal: AbortSignal) => Promise<CallAnswer>;

/** One run as its parts see it. */
export interface Session {
  readonly spec: WebhookTrainer;
  readonly job: TrainingJob;
  readonly headers: Readonly<Record<string, string>>;
  readonly limits: WebhookLimits;
  readonly callbacks: Callbacks;
  readonly call: Call;
  readonly log: (line: string) => void;
}

/** Ends a run that cannot go on; its message is a sentence without its end. */
export class WebhookFault extends Error {}

/** Checks address, secret and headers. @throws WebhookFault */
export function sessionOf(ground: WebhookGround, spec: WebhookTrainer, job: TrainingJob, onOutput: OnOutput): Session {
  const { webhookSecret: secret, callbacks, limits } = ground;
  const wrong = addressFault(spec.url);
  if (wrong !== undefined) throw new WebhookFault(`The address of the webhook ${wrong}`);
  if (secret === undefined || callbacks === undefined)
    throw new WebhookFault('Calls of webhooks cannot be signed: set PLUMBLINE_TRAINER_HMAC, the secret shared with it');
  const call: Call = (request, signal) =>
    callSigned(request, { secret, now: Date.now, timeout: limits.callTimeout }, signal);
  const headers = headersOf(spec, ground.environment);
  return { spec, job, headers, limits, callbacks, call, log: (line: string) => onOutput(`${line}\n`) };
}

function headersOf({ headers = {} }: WebhookTrainer, environment: Environment): Record<string, string> {
  const entries = Object.entries(headers).map(([header, variable]) => {
    const wrong = variableFault(variable);
    if (wrong !== undefined) throw new WebhookFault(`The header ${header} names ${variable}, which ${wrong}`);
    const value = environment[variable];
    if (value === undefined || value === '')
      throw new WebhookFault(`The header ${header} needs the environment variable ${variable}, which is not set`);
    return [header, value] as const;
  });
  try {
    new Headers(entries.map(([header, value]) => [header, value]));
  } catch {
    throw new WebhookFault('A header of the webhook has a name or value that HTTP does not take');
  }
  return Object.fromEntries(entries);
}
