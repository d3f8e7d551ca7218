/** Tokens given by the environment: `scope+scope[+identity]:token,…`, for containers that have nobody to run `token create`. */
import { timingSafeEqual } from 'node:crypto';
import { PlumblineError } from '../errors.ts';
import { hashToken, type AccessToken, type Tokens } from './access-token.ts';
import { isScope, SCOPES, type Scope } from './scopes.ts';

const IDENTITY = 'identity';
const FORM = 'Write PLUMBLINE_TOKENS=scope+scope[+identity]:token,… with scopes';

interface KnownToken {
  readonly token: AccessToken;
  readonly hash: Buffer;
}

/**
 * Reads the variable. No message shows the text of a token.
 * @throws PlumblineError `invalid_configuration` naming the entry by its position
 */
export function environmentTokens(text: string | undefined): Tokens {
  const known = (text ?? '')
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
    .map((entry, index) => parseEntry(entry, index + 1));
  const hashes = new Set(known.map(({ hash }) => hash.toString('hex')));
  if (hashes.size < known.length) throw invalid('the same token stands there twice');
  return {
    any: () => Promise.resolve(known.length > 0),
    find: (hash) => Promise.resolve(find(known, Buffer.from(hash, 'hex'))),
  };
}

/** Compares with each of them, whether or not one has matched: the time says nothing about which. */
function find(known: readonly KnownToken[], hash: Buffer): AccessToken | undefined {
  let found: AccessToken | undefined;
  for (const candidate of known) if (timingSafeEqual(candidate.hash, hash)) found = candidate.token;
  return found;
}

function parseEntry(entry: string, position: number): KnownToken {
  const colon = entry.indexOf(':');
  const text = entry.slice(colon + 1).trim();
  if (colon < 1 || text === '') throw invalid(`entry ${position} is not "scopes:token"`);
  const words = entry.slice(0, colon).split('+');
  const scopes = words.filter((word) => word !== IDENTITY);
  const unknown = scopes.find((word) => !isScope(word));
  if (unknown !== undefined || scopes.length === 0) throw invalid(`entry ${position} names no scope there is`);
  const requireIdentity = words.includes(IDENTITY);
  const name = `environment ${position} (${scopes.join('+')})`;
  const token = { id: `env-${position}`, name, scopes: scopes as Scope[], requireIdentity };
  return { token, hash: Buffer.from(hashToken(text), 'hex') };
}

function invalid(what: string): PlumblineError {
  return new PlumblineError('invalid_configuration', `PLUMBLINE_TOKENS: ${what}.`, `${FORM} ${SCOPES.join(', ')}.`);
}

/** Tokens of several places as one; the first that knows a token answers. */
export function combinedTokens(...places: readonly Tokens[]): Tokens {
  return {
    any: async () => {
      for (const place of places) if (await place.any()) return true;
      return false;
    },
    find: async (hash) => {
      for (const place of places) {
        const token = await place.find(hash);
        if (token) return token;
      }
      return undefined;
    },
  };
}
