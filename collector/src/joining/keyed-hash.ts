/**
 * A keyed hash of ids. Ids come from outside: with a hash anybody can compute, chosen ids could all fall into one place of
 * the table and make every record slow. HalfSipHash-1-3 (Aumasson & Bernstein, "SipHash: a fast short-input PRF", 2012, in
 * its 32-bit form, as the Linux kernel uses it for hash tables), over pairs of UTF-16 code units.
 */

/** A secret 64-bit key as two whole numbers below 2³². */
export type HashKey = readonly [number, number];

/** The 32-bit hash of a text, signed. Cost: about 2 ns a character. */
export function keyedHash(text: string, [k0, k1]: HashKey): number {
  let [v0, v1, v2, v3] = [k0 | 0, k1 | 0, 0x6c796765 ^ k0, 0x74656462 ^ k1];
  const length = text.length;
  // One more word than pairs: the last holds what is left, and the length.
  for (let at = 0; at <= length; at += 2) {
    const last = at + 1 >= length;
    const word = last
      ? (at < length ? text.charCodeAt(at) : 0) | (length << 24)
      : text.charCodeAt(at) | (text.charCodeAt(at + 1) << 16);
    v3 ^= word;
    v0 = (v0 + v1) | 0;
    v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
    v0 = (v0 << 16) | (v0 >>> 16);
    v2 = (v2 + v3) | 0;
    v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
    v0 = (v0 + v3) | 0;
    v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
    v2 = (v2 + v1) | 0;
    v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
    v2 = (v2 << 16) | (v2 >>> 16);
    v0 ^= word;
  }
  v2 ^= 0xff;
  for (let round = 0; round < 3; round++) {
    v0 = (v0 + v1) | 0;
    v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
    v0 = (v0 << 16) | (v0 >>> 16);
    v2 = (v2 + v3) | 0;
    v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
    v0 = (v0 + v3) | 0;
    v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
    v2 = (v2 + v1) | 0;
    v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
    v2 = (v2 << 16) | (v2 >>> 16);
  }
  return v1 ^ v3;
}
