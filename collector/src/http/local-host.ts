/**
 * Whether a request to an open service on loopback comes from this machine's own programs. A web page in the user's browser reaches
 * loopback too: by a form sent across origins, or under a name of its own that resolves to 127.0.0.1. Browsers tell on both.
 */
import type { RequestHeaders } from './headers.ts';

const LOCAL = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i;

/** True when the host is loopback and no other origin is named. */
export function localHost(headers: RequestHeaders): boolean {
  const { host, origin } = headers;
  if (typeof host !== 'string' || !LOCAL.test(host)) return false;
  if (headers['sec-fetch-site'] === 'cross-site') return false;
  return origin === undefined || origin === `http://${host}`;
}
