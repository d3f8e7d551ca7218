/** The webhook of a firing alert as Grafana sends it, for a model of one's own, signed now. */
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CallOptions } from './collector.ts';

const RECORDED = join(__dirname, '../../collector/retraining/fixtures/grafana-alert-firing.json');

interface Body {
  readonly alerts: readonly { readonly labels: Readonly<Record<string, string>> }[];
}

/** What tells one alert from another. */
export interface FiringAlert {
  readonly model: string;
  readonly fingerprint: string;
}

/** The bytes of a call that was recorded, about another model. @returns what `Collector.call` takes */
export function alertWebhook(
  { model, fingerprint }: FiringAlert,
  { secret, token }: { readonly secret: string; readonly token: string },
): { readonly body: string; readonly options: CallOptions } {
  const { rawBody } = JSON.parse(readFileSync(RECORDED, 'utf8')) as { readonly rawBody: string };
  const recorded = JSON.parse(rawBody) as Body;
  const startsAt = new Date().toISOString();
  const alerts = recorded.alerts.map((alert) => ({
    ...{ ...alert, fingerprint, startsAt },
    labels: { ...alert.labels, model },
  }));
  const body = JSON.stringify({ ...recorded, alerts });
  const timestamp = String(Math.floor(Date.now() / 1_000));
  const headers = {
    'content-type': 'application/json',
    'x-grafana-alerting-signature': createHmac('sha256', secret).update(`${timestamp}:${body}`).digest('hex'),
    'x-grafana-alerting-signature-timestamp': timestamp,
  };
  return { body, options: { token, headers } };
}
