/** Rows of tokens, of answers kept for a repeated request, and of leases. */

/** Tables of `0003-access`. */
export interface AccessTables {
  tokens: {
    id: string;
    name: string;
    /** SHA-256 of the token, hexadecimal; a token is 256 random bits, so that a slow hash would protect nothing more. */
    hash: string;
    /** JSON list. */
    scopes: string;
    require_identity: number;
    created_at: number;
    revoked_at: number | null;
  };
  idempotency: {
    /** Token, actor and key in one text. */
    scope: string;
    request_hash: string;
    /** Null while the first request is under way. */
    status: number | null;
    body: string | null;
    created_at: number;
  };
  leases: {
    name: string;
    holder: string;
    expires_at: number;
  };
}
