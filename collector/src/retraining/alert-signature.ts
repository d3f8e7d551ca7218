/** Whether a webhook was signed by whoever knows the secret, a short while ago: HMAC-SHA256 over `timestamp:body`, as Grafana makes it. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { PlumblineError } from '../errors.ts';

/** What came with a webhook. */
export interface SignedBody {
  /** Hexadecimal. */
  readonly signature: string | undefined;
  /** Seconds since 1970, as text. */
  readonly timestamp: string | undefined;
  /** Exactly the bytes that were sent. */
  readonly body: Uint8Array;
}

/** Headers Grafana sends, as `provisioning/alerting` names them. */
export const SIGNATURE_HEADER = 'x-grafana-alerting-signature';
/** See `SIGNATURE_HEADER`. */
export const TIMESTAMP_HEADER = 'x-grafana-alerting-signature-timestamp';
/** Seconds a signature may be old, or ahead. */
export const TOLERANCE = 300;

/** @param now epoch ms @throws PlumblineError `signature_invalid` saying what is wrong */
export function checkSignature(secret: string, { signature, timestamp, body }: SignedBody, now: number): void {
  if (signature === undefined || timestamp === undefined) throw refused('the headers of the signature are missing');
  if (!/^\d{1,12}$/.test(timestamp)) throw refused(`${TIMESTAMP_HEADER} is no number of seconds`);
  const expected = createHmac('sha256', secret).update(`${timestamp}:`).update(body).digest();
  const given = /^[0-9a-f]{64}$/i.test(signature) ? Buffer.from(signature, 'hex') : Buffer.alloc(expected.length);
  if (!timingSafeEqual(given, expected)) throw refused('the signature does not fit the body');
  // Told only to those who know the secret: a clock that is wrong is theirs to set.
  if (Math.abs(now / 1_000 - Number(timestamp)) > TOLERANCE)
    throw refused(`it was signed more than ${TOLERANCE / 60} minutes ago, or ahead`);
}

function refused(why: string): PlumblineError {
  const help = `Sign "timestamp:body" with PLUMBLINE_ALERT_HMAC (${SIGNATURE_HEADER}, ${TIMESTAMP_HEADER}); check both clocks.`;
  return new PlumblineError('signature_invalid', `The webhook is refused: ${why}.`, help);
}
