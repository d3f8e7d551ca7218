/**
 * Keyed 64-bit fingerprints of ids. Ids come from outside: with a hash anybody can compute, chosen ids could all fall into
 * one place of a table and make every record slow, or be mistaken for each other. HalfSipHash-1-3 with 64 bits of output
 * (Aumasson & Bernstein, "SipHash: a fast short-input PRF", 2012; the 32-bit form the Linux kernel uses for hash tables),
 * over four characters at a time where all lie below U+0100, as those of ids do, else over pairs of UTF-16 code units (under a
 * changed key, so that the two cannot meet).
 */

/** A secret 64-bit key as two whole numbers below 2³². */
export type HashKey = readonly [number, number];

/** Makes fingerprints; the last one stands in `low` and `high` (nothing is allocated per call). */
export class KeyedHash {
  readonly #key: HashKey;
  /** Lower and upper 32 bits of the last fingerprint, signed. */
  low = 0;
  high = 0;

  constructor(key: HashKey) {
    this.#key = key;
  }

  /** Cost: about 1 ns a character. */
  update(text: string): void {
    const k0 = this.#key[0];
    const k1 = this.#key[1];
    // One by one: a list of them taken apart costs as much as a round.
    let v0 = k0 | 0;
    let v1 = k1 ^ 0xee;
    let v2 = 0x6c796765 ^ k0;
    let v3 = 0x74656462 ^ k1;
    const length = text.length;
    const fours = length & ~3;
    // One word more than fours: the last holds what is left over, and the length.
    const first = codeAt(text, fours);
    const second = codeAt(text, fours + 1);
    const third = codeAt(text, fours + 2);
    const last = first | (second << 8) | (third << 16) | ((length & 0xff) << 24);
    let seen = first | second | third;
    for (let at = 0; at <= fours; at += 4) {
      let word = last;
      if (at < fours) {
        const a = text.charCodeAt(at);
        const b = text.charCodeAt(at + 1);
        const c = text.charCodeAt(at + 2);
        const d = text.charCodeAt(at + 3);
        seen |= a | b | c | d;
        word = a | (b << 8) | (c << 16) | (d << 24);
      }
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
    if (seen > 0xff) return this.#updateWide(text);
    this.#finish(v0, v1, v2, v3);
  }

  #updateWide(text: string): void {
    const [k0, k1] = this.#key;
    let [v0, v1, v2, v3] = [k0 | 0, k1 ^ 0xdd, 0x6c796765 ^ k0, 0x74656462 ^ k1];
    const length = text.length;
    for (let at = 0; at <= length; at += 2) {
      const first = at < length ? text.charCodeAt(at) : 0;
      const word = first | (at + 1 < length ? text.charCodeAt(at + 1) << 16 : length << 24);
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
    this.#finish(v0, v1, v2, v3);
  }

  /** Three rounds for each half of the output. */
  #finish(v0: number, v1: number, v2: number, v3: number): void {
    v2 ^= 0xee;
    for (let round = 0; round < 6; round++) {
      if (round === 3) {
        this.low = v1 ^ v3;
        v1 ^= 0xdd;
      }
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
    this.high = v1 ^ v3;
  }
}

/** The code unit at an index, 0 behind the end. */
function codeAt(text: string, index: number): number {
  return index < text.length ? text.charCodeAt(index) : 0;
}
