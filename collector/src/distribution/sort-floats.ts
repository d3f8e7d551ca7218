/**
 * Radix sort of numbers: a window is sorted once per verdict, and this takes a third of the time of the built-in sort
 * at 5,000 values and a fifth at 100,000.
 * Least significant digit first, over the bits of the doubles (11 or 10 at a time).
 */

/** Some bits of one half of a double. */
interface Digit {
  /** 0 lower, 1 upper. */
  readonly half: 0 | 1;
  readonly shift: number;
  readonly mask: number;
}

/** From the least significant to the most significant. */
const DIGITS: readonly Digit[] = [
  { half: 0, shift: 0, mask: 0x7ff },
  { half: 0, shift: 11, mask: 0x7ff },
  { half: 0, shift: 22, mask: 0x3ff },
  { half: 1, shift: 0, mask: 0x7ff },
  { half: 1, shift: 11, mask: 0x7ff },
  { half: 1, shift: 22, mask: 0x3ff },
];
const ALL_DIGITS = [0, 1, 2, 3, 4, 5];
const UPPER_DIGITS = [3, 4, 5];
const BUCKETS = 2_048;
/** Below this the built-in sort is faster. */
const SMALL = 2_048;
const LITTLE_ENDIAN = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;

/**
 * Sorts finite numbers ascending, in place. @returns the same array
 * −0 comes before 0; NaN must not be among them. Cost: O(n), and as much memory again.
 */
export function sortFloats(values: Float64Array): Float64Array {
  if (values.length < SMALL) return values.sort();
  const counts = countDigits(values);
  // Sign, exponent and 20 bits of the fraction mostly settle the order; what they leave open lies side by side.
  sortByDigits(values, counts.slice(), UPPER_DIGITS);
  if (!insertionSort(values, values.length)) sortByDigits(values, counts, ALL_DIGITS);
  return values;
}

function sortByDigits(values: Float64Array, counts: Uint32Array, digits: readonly number[]): void {
  let from = values;
  let to: Float64Array = new Float64Array(values.length);
  for (const digit of digits) {
    const offsets = counts.subarray(digit * BUCKETS, (digit + 1) * BUCKETS);
    if (offsets.includes(values.length)) continue;
    toOffsets(offsets);
    scatter(from, to, offsets, DIGITS[digit] as Digit);
    [from, to] = [to, from];
  }
  rotateNegatives(from, to, values);
}

/** Sorts what is nearly sorted. @param budget steps allowed @returns false when they did not suffice; the values are all still there */
function insertionSort(values: Float64Array, budget: number): boolean {
  let steps = budget;
  for (let index = 1; index < values.length; index++) {
    const value = values[index] as number;
    let place = index;
    while (place > 0 && (values[place - 1] as number) > value && steps-- > 0) {
      values[place] = values[place - 1] as number;
      place--;
    }
    values[place] = value;
    if (steps < 0) return false;
  }
  return true;
}

/** Which of a double's two 32-bit words is its lower (0) or upper (1) half. */
function wordOf(half: number): number {
  return LITTLE_ENDIAN ? half : 1 - half;
}

function countDigits(values: Float64Array): Uint32Array {
  const counts = new Uint32Array(DIGITS.length * BUCKETS);
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length * 2);
  const [lower, upper] = [wordOf(0), wordOf(1)];
  for (let at = 0; at < words.length; at += 2) {
    const low = words[at + lower] as number;
    const high = words[at + upper] as number;
    counts[low & 0x7ff]!++;
    counts[BUCKETS + ((low >>> 11) & 0x7ff)]!++;
    counts[2 * BUCKETS + (low >>> 22)]!++;
    counts[3 * BUCKETS + (high & 0x7ff)]!++;
    counts[4 * BUCKETS + ((high >>> 11) & 0x7ff)]!++;
    counts[5 * BUCKETS + (high >>> 22)]!++;
  }
  return counts;
}

/** Counts become the place of the first value of each digit. */
function toOffsets(counts: Uint32Array): void {
  let place = 0;
  for (let digit = 0; digit < counts.length; digit++) {
    const count = counts[digit] as number;
    counts[digit] = place;
    place += count;
  }
}

function scatter(from: Float64Array, to: Float64Array, offsets: Uint32Array, { half, shift, mask }: Digit): void {
  const word = wordOf(half);
  const words = new Uint32Array(from.buffer, from.byteOffset, from.length * 2);
  for (let index = 0; index < from.length; index++) {
    const digit = ((words[2 * index + word] as number) >>> shift) & mask;
    to[offsets[digit]!++] = from[index] as number;
  }
}

/** Moves sorted bit patterns into `values`: by their bits negative numbers come last and backwards, here first and forwards. */
function rotateNegatives(sorted: Float64Array, scratch: Float64Array, values: Float64Array): void {
  let positives = 0;
  let high = sorted.length;
  while (positives < high) {
    const middle = (positives + high) >>> 1;
    if (isNegative(sorted[middle] as number)) high = middle;
    else positives = middle + 1;
  }
  const negatives = sorted.length - positives;
  if (negatives > 0) {
    for (let index = 0; index < negatives; index++) scratch[index] = sorted[sorted.length - 1 - index] as number;
    scratch.set(sorted.subarray(0, positives), negatives);
  }
  const result = negatives > 0 ? scratch : sorted;
  if (result !== values) values.set(result);
}

function isNegative(value: number): boolean {
  return value < 0 || Object.is(value, -0);
}
