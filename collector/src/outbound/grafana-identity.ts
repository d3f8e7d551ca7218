/** Verifies `X-Grafana-Id`, the identity Grafana signs (ES256) for the requests of its plugin proxy, with the keys Grafana publishes. */
import { createRemoteJWKSet, errors, jwtVerify, type JWTPayload } from 'jose';
import type { Identity, IdentityVerifier } from '../audit/identity.ts';
import { errorText, PlumblineError } from '../errors.ts';

/** Whose signature counts. */
export interface GrafanaIdentityOptions {
  /** Where the collector reaches Grafana; it may be another name than the issuer's. */
  readonly url: string;
  /** What Grafana calls itself (its root URL); compared without trailing slash. */
  readonly issuer: string;
  /** Organisations whose users are accepted. */
  readonly orgIds: readonly number[];
  /** At most one fetch of the keys in so many milliseconds, whoever shows unknown key ids. */
  readonly cooldown?: number;
}

/** Keys are fetched again after this time, in milliseconds: a key that was withdrawn is not trusted for longer. */
const KEYS_AGE = 10 * 60_000;
const COOLDOWN = 10_000;
const FETCH_TIMEOUT = 3_000;
/** Clocks may differ by so much, in seconds; Grafana's identities live ten minutes. */
const CLOCK_SKEW = 30;

/** A verifier that fetches keys when it first needs them, and again when a key id is new (Grafana rotates its keys). */
export function createGrafanaIdentity(options: GrafanaIdentityOptions): IdentityVerifier {
  const keys = createRemoteJWKSet(new URL(`${withoutSlash(options.url)}/api/signing-keys/keys`), {
    cooldownDuration: options.cooldown ?? COOLDOWN,
    cacheMaxAge: KEYS_AGE,
    timeoutDuration: FETCH_TIMEOUT,
  });
  const issuer = withoutSlash(options.issuer);
  const expected = {
    algorithms: ['ES256'],
    issuer: [issuer, `${issuer}/`],
    audience: options.orgIds.map((id) => `org:${id}`),
    clockTolerance: CLOCK_SKEW,
    requiredClaims: ['exp', 'sub'],
  };
  return {
    verify: async (token) => {
      try {
        return identityOf((await jwtVerify(token, keys, expected)).payload);
      } catch (error) {
        throw refused(error);
      }
    },
  };
}

function identityOf(claims: JWTPayload): Identity {
  const text = (name: string): string | undefined => {
    const value = claims[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  return { name: text('username') ?? text('email') ?? (claims.sub as string), role: text('role') ?? null };
}

/** What a wrong token is told differs from what a Grafana that is away is told: only the latter is worth a second try. */
function refused(error: unknown): PlumblineError {
  const cause = { cause: error };
  if (isAboutTheToken(error)) {
    const help = 'Open the page through Grafana again; check GRAFANA_ISSUER, GRAFANA_ORG_IDS and both clocks.';
    return new PlumblineError('identity_invalid', `X-Grafana-Id is not accepted: ${errorText(error)}.`, help, cause);
  }
  const help = 'Check GRAFANA_URL and that Grafana is up; then send the request again.';
  return new PlumblineError(
    'unavailable',
    'The keys that verify X-Grafana-Id cannot be had from Grafana.',
    help,
    cause,
  );
}

function isAboutTheToken(error: unknown): boolean {
  return (
    error instanceof errors.JWTClaimValidationFailed ||
    error instanceof errors.JWTExpired ||
    error instanceof errors.JWTInvalid ||
    error instanceof errors.JWSInvalid ||
    error instanceof errors.JWSSignatureVerificationFailed ||
    error instanceof errors.JOSEAlgNotAllowed ||
    error instanceof errors.JOSENotSupported ||
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JWKSMultipleMatchingKeys
  );
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '');
}
