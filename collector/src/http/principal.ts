/** Who sends a request and what they may do: from the token, and from the identity Grafana signed. */
import { hashToken, type AccessToken, type Tokens } from '../audit/access-token.ts';
import type { Actor } from '../audit/audit-event.ts';
import type { IdentityVerifier } from '../audit/identity.ts';
import { impliedScopes, SCOPES, type Scope } from '../audit/scopes.ts';
import { PlumblineError } from '../errors.ts';
import type { RequestHeaders } from './headers.ts';
import { localHost } from './local-host.ts';

/** Who sends a request. */
export interface Principal {
  readonly scopes: readonly Scope[];
  readonly actor: Actor;
}

/** What a route asks for: a scope, any token at all, or nothing. */
export type Access = Scope | 'any' | 'none';

/** What requests are judged by. */
export interface AuthenticationOptions {
  readonly tokens: Tokens;
  /** Undefined without `GRAFANA_URL`: no identity can then be verified. */
  readonly identities: IdentityVerifier | undefined;
  /** Whether only this machine reaches the service; then no token at all means that everything is open. */
  readonly loopback: boolean;
}

/** Finds out who sends a request, and refuses what they may not do. */
export type Authenticate = (headers: RequestHeaders, access: Scope | 'any') => Promise<Principal>;

const IDENTITY_HEADER = 'x-grafana-id';
const ANONYMOUS: Actor = { name: 'anonymous', role: null, verified: false, token: null };

/** @throws (the function returned) PlumblineError `unauthorized`, `token_refused`, `forbidden`, `identity_required`, `identity_invalid`, `unavailable` */
export function createAuthenticate({ tokens, identities, loopback }: AuthenticationOptions): Authenticate {
  return async (headers, access) => {
    const token = await tokenOf(headers, tokens, loopback);
    const scopes = token ? impliedScopes(token.scopes) : SCOPES;
    if (access !== 'any' && !scopes.includes(access)) throw forbidden(access, scopes);
    return { scopes, actor: await actorOf(headers, token, identities) };
  };
}

/** The token of a request; null on a service that is open. */
async function tokenOf(headers: RequestHeaders, tokens: Tokens, loopback: boolean): Promise<AccessToken | null> {
  const text = /^Bearer +(\S+) *$/i.exec(single(headers['authorization']) ?? '')?.[1];
  const token = text === undefined ? undefined : await tokens.find(hashToken(text));
  if (token) return token;
  if (loopback && !(await tokens.any())) {
    if (!localHost(headers)) throw foreignPage();
    return null;
  }
  throw unauthorized(text !== undefined, headers['x-grafana-context'] !== undefined);
}

async function actorOf(
  headers: RequestHeaders,
  token: AccessToken | null,
  identities: IdentityVerifier | undefined,
): Promise<Actor> {
  const signed = single(headers[IDENTITY_HEADER]);
  const id = token?.id ?? null;
  if (identities && signed !== undefined) return { ...(await identities.verify(signed)), verified: true, token: id };
  if (token?.requireIdentity === true) throw identityRequired(identities !== undefined);
  return token ? { ...ANONYMOUS, name: token.name, token: id } : ANONYMOUS;
}

function single(header: string | readonly string[] | undefined): string | undefined {
  return typeof header === 'string' && header !== '' ? header : undefined;
}

/** Grafana takes a 401 of its plugin proxy for the end of the user's session and logs in again, so it is told 403, with a code of its own. */
function unauthorized(given: boolean, throughGrafana: boolean): PlumblineError {
  const message = given ? 'The token is not known, or was revoked.' : 'The request carries no token.';
  const help = 'Send "Authorization: Bearer TOKEN"; plumbline token create makes one.';
  if (throughGrafana) return new PlumblineError('token_refused', message, 'Set the tokens in the app’s configuration.');
  return new PlumblineError('unauthorized', message, help);
}

function forbidden(needed: Scope, given: readonly Scope[]): PlumblineError {
  const has = given.length === 0 ? 'none' : given.join(', ');
  const message = `This needs a token with the scope ${needed}; this one has ${has}.`;
  return new PlumblineError(
    'forbidden',
    message,
    `Use another token, or make one: plumbline token create --scope ${needed}.`,
  );
}

function identityRequired(canVerify: boolean): PlumblineError {
  const message = 'This token is valid only together with an identity signed by Grafana (X-Grafana-Id).';
  const help = canVerify ? 'Send the request through Grafana.' : 'Set GRAFANA_URL, so that identities can be verified.';
  return new PlumblineError('identity_required', message, help);
}

function foreignPage(): PlumblineError {
  const message = 'A service without tokens answers requests to localhost only, and none that another web page sends.';
  return new PlumblineError('forbidden', message, 'Make a token (plumbline token create) and send it.');
}
