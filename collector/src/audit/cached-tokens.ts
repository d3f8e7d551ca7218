/** Tokens remembered for a moment, so that a busy client costs the database one look in that time. */
import type { AccessToken, Tokens } from './access-token.ts';

/** A revoked token works for so long still, in milliseconds. */
export const TOKEN_MEMORY = 2_000;
const MAX_REMEMBERED = 1_000;

/** @param now epoch ms. Unknown tokens are not remembered: one that was just made works at once. */
export function cachedTokens(tokens: Tokens, now: () => number): Tokens {
  const known = new Map<string, { readonly token: AccessToken; readonly until: number }>();
  let some: { readonly value: boolean; readonly until: number } | undefined;
  return {
    find: async (hash) => {
      const remembered = known.get(hash);
      if (remembered && now() < remembered.until) return remembered.token;
      const token = await tokens.find(hash);
      if (known.size >= MAX_REMEMBERED) known.clear();
      if (token) known.set(hash, { token, until: now() + TOKEN_MEMORY });
      else known.delete(hash);
      return token;
    },
    any: async () => {
      if (!some || now() >= some.until) some = { value: await tokens.any(), until: now() + TOKEN_MEMORY };
      return some.value;
    },
  };
}
