/** What a webhook is sent. */
import type { OpenCallback, TrainingJob, WebhookTrainer } from '../../retraining/trainer.ts';

/** The body of the first call, as JSON text. At most seven fields of ours: GitHub takes ten. */
export function startBody(
  { fields, under }: WebhookTrainer,
  { run, model, timeoutSeconds }: TrainingJob,
  { callbackUrl, dataUrl, token }: OpenCallback,
): string {
  const ours = { run, model, timeoutSeconds, dataUrl, callbackUrl, token };
  return JSON.stringify({ ...fields, ...(under === undefined ? ours : { [under]: ours }) });
}
