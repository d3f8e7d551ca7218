/** What a token may do. The scope authorises, never the URL. */

/** All scopes. */
export const SCOPES = ['read', 'operate', 'admin', 'ingest', 'alerts'] as const;
/** One of them. */
export type Scope = (typeof SCOPES)[number];

/** `admin` ⊃ `operate` ⊃ `read`; `ingest` and `alerts` imply nothing, and nothing implies them. */
const IMPLIED: Readonly<Record<Scope, readonly Scope[]>> = {
  read: [],
  operate: ['read'],
  admin: ['operate', 'read'],
  ingest: [],
  alerts: [],
};

/** The scopes given and those they imply, in the order of `SCOPES`. */
export function impliedScopes(given: readonly Scope[]): Scope[] {
  const all = new Set(given.flatMap((scope) => [scope, ...IMPLIED[scope]]));
  return SCOPES.filter((scope) => all.has(scope));
}

/** Whether a text names a scope. */
export function isScope(text: string): text is Scope {
  return (SCOPES as readonly string[]).includes(text);
}
