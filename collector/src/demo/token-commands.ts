/** What `plumbline token` does: on the database itself, so it needs no running service and no token. */
import { randomBytes } from 'node:crypto';
import { userInfo } from 'node:os';
import type { ListedToken, TokenAdministration } from '../audit/access-token.ts';
import type { Actor } from '../audit/audit-event.ts';
import { createTokenStore } from '../storage/tokens.ts';
import { table } from './report/tables.ts';
import { withDatabase, type StorePlace } from './store-place.ts';
import type { TokenCreateFlags, TokenFlags } from './serve-commands.ts';

/** Random bytes of a token: nobody guesses it, however fast its hash is computed. */
const TOKEN_BYTES = 32;
/** Bytes of an id; it is no secret and is typed by hand. */
const ID_BYTES = 5;
/** Tells people and secret scanners what a found token belongs to. */
const PREFIX = 'plumbline_';

/** Makes a token. @returns what is printed: the text of the token alone, or with `--json` what is known of it too */
export function createToken(place: StorePlace, flags: TokenCreateFlags): Promise<string> {
  return withTokens(place, async (tokens) => {
    const text = `${PREFIX}${randomBytes(TOKEN_BYTES).toString('base64url')}`;
    const { scope: scopes, name, requireIdentity } = flags;
    const created = await tokens.create(
      { scopes, requireIdentity, ...(name !== undefined && { name }) },
      text,
      operator(),
    );
    return flags.json ? JSON.stringify({ token: text, ...created }) : text;
  });
}

/** Lists all tokens. @returns what is printed */
export function listTokens(place: StorePlace, { json }: TokenFlags): Promise<string> {
  return withTokens(place, async (tokens) => {
    const found = await tokens.list();
    if (json) return JSON.stringify(found, undefined, 2);
    if (found.length === 0) return 'There is no token yet; plumbline token create makes one.';
    return table(['id', 'name', 'scopes', 'with identity', 'created', 'revoked'], found.map(cells));
  });
}

/** Ends a token. @returns what is printed */
export function revokeToken(place: StorePlace, id: string, { json }: TokenFlags): Promise<string> {
  return withTokens(place, async (tokens) => {
    const revoked = await tokens.revoke(id, operator());
    return json ? JSON.stringify(revoked) : `Revoked ${revoked.id} (${revoked.name}).`;
  });
}

function cells({ id, name, scopes, requireIdentity, createdAt, revokedAt }: ListedToken): string[] {
  return [id, name, scopes.join(', '), requireIdentity ? 'yes' : 'no', createdAt, revokedAt ?? '–'];
}

/** Whoever may write the database may make tokens; the name is what the machine says. */
function operator(): Actor {
  return { name: `command line (${userInfo().username})`, role: null, verified: false, token: null };
}

function withTokens<Result>(
  place: StorePlace,
  work: (tokens: TokenAdministration) => Promise<Result>,
): Promise<Result> {
  const newId = () => randomBytes(ID_BYTES).toString('hex');
  return withDatabase(place, (database) => work(createTokenStore(database, { now: Date.now, newId })));
}
