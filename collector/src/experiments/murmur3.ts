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

const [C1, C2] = [0xcc9e2d51, 0x1b873593];
/** The place where a text is hashed: nothing leaves it between two calls. */
const WORK: Half = { hash: 0, block: 0, bits: 0, length: 0 };

/**
 * The hash of one or more texts, one after the other, as a whole number below 2³². An unpaired surrogate counts as U+FFFD, as a
 * `TextEncoder` writes it. Cost: about 1.5 ns a byte.
 */
export function murmur3(...texts: readonly string[]): number {
  restart();
  for (const text of texts) feedText(text);
  return finished();
}

/** The hash of `salt:key`, as `murmur3(salt, ':', key)`. */
export function hashOfKey(key: string, salt: string): number {
  restart();
  feedText(salt);
  feedByte(0x3a);
  feedText(key);
  return finished();
}

function restart(): void {
  WORK.hash = WORK.block = WORK.bits = WORK.length = 0;
}

function feedText(text: string): void {
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) feedByte(unit);
    else index += feedWide(text, index);
  }
}

/** What is not ASCII. @returns how many units it took beyond the first */
function feedWide(text: string, index: number): number {
  const point = text.codePointAt(index) as number;
  if (point < 0x800) {
    feedByte(0xc0 | (point >> 6));
  } else if (point < 0x10000) {
    const scalar = point >= 0xd800 && point < 0xe000 ? 0xfffd : point;
    feedByte(0xe0 | (scalar >> 12));
    feedByte(0x80 | ((scalar >> 6) & 0x3f));
    feedByte(0x80 | (scalar & 0x3f));
    return 0;
  } else {
    feedByte(0xf0 | (point >> 18));
    feedByte(0x80 | ((point >> 12) & 0x3f));
    feedByte(0x80 | ((point >> 6) & 0x3f));
  }
  feedByte(0x80 | (point & 0x3f));
  return point < 0x10000 ? 0 : 1;
}

function feedByte(byte: number): void {
  WORK.block |= byte << WORK.bits;
  WORK.bits += 8;
  WORK.length++;
  if (WORK.bits < 32) return;
  const hash = WORK.hash ^ scrambled(WORK.block);
  WORK.hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0;
  WORK.block = WORK.bits = 0;
}

function scrambled(block: number): number {
  const product = Math.imul(block, C1);
  return Math.imul((product << 15) | (product >>> 17), C2);
}

function finished(): number {
  let hash = WORK.hash ^ scrambled(WORK.block) ^ WORK.length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
