/** The trainer of the service: local commands, and webhooks for what runs elsewhere. */
import type { Callbacks, Trainer } from '../retraining/trainer.ts';
import { trainByCommand } from './command-trainer.ts';
import type { Environment } from './processes/environment.ts';
import { COMMAND_LIMITS } from './processes/limits.ts';
import type { CommandLimits } from './processes/run-command.ts';
import { WEBHOOK_LIMITS, type WebhookLimits } from './webhook/limits.ts';
import { trainByWebhook } from './webhook/webhook-trainer.ts';

/** What a trainer needs of the service. */
export interface TrainerOptions {
  /** The service's own environment; what a policy names of it is given on. */
  readonly environment: Environment;
  /** Signs calls of webhooks (HMAC-SHA256). Secret. Without it, or without callbacks, webhook trainers fail and say why. */
  readonly webhookSecret?: string | undefined;
  readonly callbacks?: Callbacks | undefined;
  readonly commandLimits?: Partial<CommandLimits>;
  readonly webhookLimits?: Partial<WebhookLimits>;
}

/** Makes the trainer. */
export function createTrainer(options: TrainerOptions): Trainer {
  const { environment, callbacks, webhookSecret } = options;
  const commands = { environment, limits: { ...COMMAND_LIMITS, ...options.commandLimits } };
  const webhooks = { environment, webhookSecret, callbacks, limits: { ...WEBHOOK_LIMITS, ...options.webhookLimits } };
  return {
    train: (spec, job, signal, onOutput) =>
      spec.kind === 'command'
        ? trainByCommand(commands, spec, job, signal, onOutput)
        : trainByWebhook(webhooks, spec, job, signal, onOutput),
  };
}
