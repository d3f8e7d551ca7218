/** Tokens: what is known of one, how its text is kept, and where they are found. */
import { createHash } from 'node:crypto';
import type { Actor } from './audit-event.ts';
import type { Scope } from './scopes.ts';

/** A token without its text, which nobody keeps. */
export interface AccessToken {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** Valid only together with a signed identity: the text alone is worth nothing to whoever gets hold of it. */
  readonly requireIdentity: boolean;
}

/** A token as the list of tokens shows it. */
export interface ListedToken extends AccessToken {
  /** RFC 3339; `revokedAt` is null while it is valid. */
  readonly createdAt: string;
  readonly revokedAt: string | null;
}

/** What is asked for when a token is made. */
export interface NewToken {
  readonly scopes: readonly Scope[];
  readonly name?: string;
  readonly requireIdentity: boolean;
}

/** Where requests are authorised from. */
export interface Tokens {
  /** The valid token with this hash (`hashToken`). */
  find(hash: string): Promise<AccessToken | undefined>;
  /** Whether there is any valid token; a loopback service without one is open. */
  any(): Promise<boolean>;
}

/** What `plumbline token` does; every change is audited. */
export interface TokenAdministration extends Tokens {
  /** Keeps the hash of a token and returns what is known of it. */
  create(token: NewToken, text: string, actor: Actor): Promise<ListedToken>;
  list(): Promise<readonly ListedToken[]>;
  /** @throws PlumblineError `not_found`; revoking twice changes nothing */
  revoke(id: string, actor: Actor): Promise<ListedToken>;
}

/**
 * SHA-256 of a token's text, hexadecimal. A generated token is 256 random bits, which no dictionary holds, so a slow hash would
 * protect nothing more. Looking a token up by its hash tells an attacker nothing by its time: the hash is not in his hand.
 */
export function hashToken(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}
