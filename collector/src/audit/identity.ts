/** Who a request is made for, as a signed identity says. */

/** A person (or service account) of Grafana, proven by a signature. */
export interface Identity {
  readonly name: string;
  readonly role: string | null;
}

/** Checks a signed identity. */
export interface IdentityVerifier {
  /** @throws PlumblineError `identity_invalid`; `unavailable` when nobody can be asked for the keys */
  verify(token: string): Promise<Identity>;
}
