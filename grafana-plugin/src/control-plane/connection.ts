import type { Privilege } from '../permissions';
import { call } from './client';
import { Problem, problemFrom } from './problem';
import type { Info } from './types';

/** The version of the collector's API that this app is written for. */
export const API_VERSION = 1;

/** What came of asking with one token: who it makes one, or what is wrong. */
export type ConnectionResult = { privilege: Privilege; info: Info } | { privilege: Privilege; problem: Problem };

/**
 * Asks the collector who it is and what one token may, over the very route that token is for. An open collector grants everything, so the
 * scopes are looked at as well.
 */
export async function testConnection(privilege: Privilege): Promise<ConnectionResult> {
  try {
    const method = privilege === 'admin' ? 'POST' : 'GET';
    const info = await call<Info>({ privilege, method, path: ['info'], patience: 10_000 });
    return { privilege, ...judged(info, privilege) };
  } catch (error) {
    return { privilege, problem: problemFrom(error) };
  }
}

function judged(info: Info, privilege: Privilege): { info: Info } | { problem: Problem } {
  if (info.apiVersion !== API_VERSION) {
    return { problem: new Problem('version', String(info.apiVersion ?? '')) };
  }
  if (!info.scopes.includes(privilege)) {
    return { problem: new Problem('scope', info.scopes.join(', ')) };
  }
  return { info };
}
