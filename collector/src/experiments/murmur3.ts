/**
 * MurmurHash3, x86, 32 bits, seed 0, over the UTF-8 of a text: the hash by which keys find their arm. Austin Appleby's public
 * algorithm (https://github.com/aappleby/smhasher), as `mmh3.hash(text, signed=False)` in Python and Guava's
 * `Hashing.murmur3_32_fixed()`. Our own, since the packages for it hash UTF-16 units or need a buffer first; this allocates nothing.
 */

/** A hash that is not finished: full blocks are mixed in, up to three bytes wait. */
interface Half {
  hash: number;
  /** Bytes that wait for their block, the first in the lowest place, and how many bits they take. */
  block: number;
  bits: number;
  /** Bytes so far. */
  length: number;
}

const C1 = 0xcc9e2d51;
const C2 = 0x1b873593;

/**
 * The hash of a text as a whole number below 2³². An unpaired surrogate counts as U+FFFD, as a `TextEncoder` writes it. Cost: 1 to
 * 2 ns a byte.
 */
export function murmur3(text: string): number {
  const half = emptyHash();
  feedText(half, text);
  return finished(half.hash ^ scrambled(half.block), half.length);
}

/** What `hashOfKey` last began with: most calls have the salt of the one before. */
let begun = '';
let beginning = saltedHash('');

/** The hash of `salt:key`, as `murmur3` of that text, without making it: 35 ns for `user-1234567`, 75 ns for a UUID. */
export function hashOfKey(key: string, salt: string): number {
  if (salt !== begun) {
    begun = salt;
    beginning = saltedHash(salt);
  }
  return asciiHash(beginning, key) ?? wideHash(beginning, key);
}

function emptyHash(): Half {
  return { hash: 0, block: 0, bits: 0, length: 0 };
}

function saltedHash(salt: string): Half {
  const half = emptyHash();
  feedText(half, `${salt}:`);
  return half;
}

/** Four characters at a time, behind the bytes that wait. @returns undefined where one is not ASCII */
function asciiHash(start: Half, text: string): number | undefined {
  const { bits } = start;
  const whole = text.length & ~3;
  let hash = start.hash;
  let block = start.block;
  let seen = 0;
  for (let index = 0; index < whole; index += 4) {
    const word = asciiWord(text, index);
    seen |= word;
    hash = mixed(hash, block | (word << bits));
    // In two steps, since `>>> 32` would shift by nothing: with none waiting, nothing is left over.
    block = (word >>> 1) >>> (31 - bits);
  }
  let shift = bits;
  for (let index = whole; index < text.length; index++) {
    const unit = wideUnit(text.charCodeAt(index));
    seen |= unit;
    block |= unit << shift;
    shift += 8;
    if (shift < 32) continue;
    hash = mixed(hash, block);
    block = 0;
    shift = 0;
  }
  return (seen & 0x80808080) === 0 ? finished(hash ^ scrambled(block), start.length + text.length) : undefined;
}

/** Four characters as a block; a character that is not ASCII sets the highest bit of its byte. */
function asciiWord(text: string, index: number): number {
  const first = wideUnit(text.charCodeAt(index));
  const second = wideUnit(text.charCodeAt(index + 1));
  const third = wideUnit(text.charCodeAt(index + 2));
  return first | (second << 8) | (third << 16) | (wideUnit(text.charCodeAt(index + 3)) << 24);
}

function wideUnit(unit: number): number {
  return unit < 0x80 ? unit : 0x80;
}

function wideHash(start: Half, text: string): number {
  const half = { ...start };
  feedText(half, text);
  return finished(half.hash ^ scrambled(half.block), half.length);
}

function feedText(half: Half, text: string): void {
  for (let index = 0; index < text.length; index++) {
    const point = text.codePointAt(index) as number;
    if (point < 0x80) feedByte(half, point);
    else feedWide(half, point >= 0xd800 && point < 0xe000 ? 0xfffd : point);
    if (point >= 0x10000) index++;
  }
}

/** A scalar value beyond ASCII as UTF-8. */
function feedWide(half: Half, point: number): void {
  if (point < 0x800) {
    feedByte(half, 0xc0 | (point >> 6));
  } else if (point < 0x10000) {
    feedByte(half, 0xe0 | (point >> 12));
    feedByte(half, 0x80 | ((point >> 6) & 0x3f));
  } else {
    feedByte(half, 0xf0 | (point >> 18));
    feedByte(half, 0x80 | ((point >> 12) & 0x3f));
    feedByte(half, 0x80 | ((point >> 6) & 0x3f));
  }
  feedByte(half, 0x80 | (point & 0x3f));
}

function feedByte(half: Half, byte: number): void {
  half.block |= byte << half.bits;
  half.bits += 8;
  half.length++;
  if (half.bits < 32) return;
  half.hash = mixed(half.hash, half.block);
  half.block = half.bits = 0;
}

function mixed(hash: number, block: number): number {
  const both = hash ^ scrambled(block);
  return (Math.imul((both << 13) | (both >>> 19), 5) + 0xe6546b64) | 0;
}

function scrambled(block: number): number {
  const product = Math.imul(block, C1);
  return Math.imul((product << 15) | (product >>> 17), C2);
}

function finished(hash: number, length: number): number {
  let last = hash ^ length;
  last = Math.imul(last ^ (last >>> 16), 0x85ebca6b);
  last = Math.imul(last ^ (last >>> 13), 0xc2b2ae35);
  return (last ^ (last >>> 16)) >>> 0;
}
