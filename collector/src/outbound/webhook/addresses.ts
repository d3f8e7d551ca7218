/** Which addresses a webhook may be called at. */

/** What is wrong with an address of a policy, as the end of a sentence; undefined where nothing is. */
export function addressFault(url: string): string | undefined {
  if (!URL.canParse(url)) return 'is no address';
  const { protocol, username, password } = new URL(url);
  if (protocol !== 'http:' && protocol !== 'https:') return 'is no http(s) address';
  if (username !== '' || password !== '')
    return 'holds a name or password; name a header and the variable that holds its value instead';
  return undefined;
}

/**
 * An address that the answer of a webhook named, made absolute; undefined where it lies elsewhere: whoever answers must not choose where signed
 * calls with the policy's headers go.
 */
export function sameOrigin(base: string, named: unknown): string | undefined {
  if (typeof named !== 'string' || !URL.canParse(named, base)) return undefined;
  const url = new URL(named, base);
  return url.origin === new URL(base).origin && addressFault(url.href) === undefined ? url.href : undefined;
}
