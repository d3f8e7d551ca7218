/**
 * Which arm a key belongs to: the key falls into one of 10,000 buckets by a hash that every language can repeat, and arms hold
 * buckets. When weights change, buckets move from arms that shrink to arms that grow and nobody else's do.
 */
import { checkList, checkNumber, checkRecord, checkRecords, checkText } from '../distribution/arguments.ts';
import { PlumblineError } from '../errors.ts';
import { hashOfKey } from './murmur3.ts';
import { targetBuckets, type Share } from './target-buckets.ts';

export type { Share } from './target-buckets.ts';

/** Buckets of an experiment; a weight is right to half of one, 0.005 %. */
export const BUCKETS = 10_000;

/** Buckets of a version, from `start` up to but without `end`. */
export interface Range {
  readonly version: string;
  readonly start: number;
  readonly end: number;
}

/** The bucket of a key, 0 to 9,999: ⌊hash · 10,000 / 2³²⌋ of the murmur3 hash of `salt:key` in UTF-8. Cost: see `murmur3`. @throws PlumblineError `invalid_request` where one is no text */
export function bucketOf(key: string, salt: string): number {
  checkText(key, 'key');
  checkText(salt, 'salt');
  return Math.floor((hashOfKey(key, salt) * BUCKETS) / 2 ** 32);
}

/**
 * Ranges that give each version its share of the buckets, sorted, without gaps. Whole buckets by the largest remainder; what is tied
 * goes to the version that moves less by it, then to the earlier name. With the ranges of before, exactly as many buckets move as must:
 * a version that shrinks gives up its highest buckets, one that grows takes the lowest of those that are free, in the order of
 * names. The order of the shares does not matter. A weight of less than half a bucket may get none. Cost: O(ranges + versions · log
 * versions), at most as many ranges as buckets.
 * @throws PlumblineError `invalid_request` naming the weight, version or range that is wrong
 */
export function allocate(shares: readonly Share[], previous: readonly Range[] = []): Range[] {
  checkShares(shares);
  checkRecords(previous, 'previous');
  if (previous.length > 0) checkRanges(previous);
  const held = bucketsHeld(previous);
  const targets = targetBuckets(shares, BUCKETS, held);
  const kept = previous.length === 0 ? [] : keptRanges(previous, held, targets);
  const missing = [...targets].map(([version, target]): [string, number] => [
    version,
    Math.max(0, target - (held.get(version) ?? 0)),
  ]);
  return filled(kept, missing);
}

/** The version that holds a bucket. @param ranges as `allocate` makes them @param bucket 0 to 9,999 @returns undefined beyond them @throws PlumblineError `invalid_request` */
export function versionAt(ranges: readonly Range[], bucket: number): string | undefined {
  checkList(ranges, 'ranges');
  checkNumber(bucket, 'bucket');
  let [low, high] = [0, ranges.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const range = ranges[middle] as Range;
    checkRecord(range, 'ranges');
    if (range.end <= bucket) low = middle + 1;
    else high = middle;
  }
  const range = ranges[low];
  return range !== undefined && range.start <= bucket ? range.version : undefined;
}

/** Buckets of each version that has any. */
export function bucketsHeld(ranges: readonly Range[]): Map<string, number> {
  const held = new Map<string, number>();
  for (const { version, start, end } of ranges) held.set(version, (held.get(version) ?? 0) + end - start);
  return held;
}

/** The probability that a new key belongs to a version: its propensity, a number that is logged with a prediction. @throws PlumblineError `invalid_request` */
export function propensityOf(ranges: readonly Range[], version: string): number {
  checkRecords(ranges, 'ranges');
  checkText(version, 'version');
  return (bucketsHeld(ranges).get(version) ?? 0) / BUCKETS;
}

/** What stays where it is: each version's lowest buckets, up to its target. */
function keptRanges(
  previous: readonly Range[],
  held: ReadonlyMap<string, number>,
  targets: ReadonlyMap<string, number>,
): Range[] {
  const room = new Map([...held].map(([version, count]) => [version, Math.min(count, targets.get(version) ?? 0)]));
  return previous.flatMap((range) => {
    const stays = Math.min(range.end - range.start, room.get(range.version) as number);
    room.set(range.version, (room.get(range.version) as number) - stays);
    return stays === 0 ? [] : [{ ...range, end: range.start + stays }];
  });
}

/** The gaps filled, in order, by those who miss buckets, in order. */
function filled(kept: readonly Range[], missing: [string, number][]): Range[] {
  const ranges: Range[] = [];
  const add = (version: string, start: number, end: number): void => {
    const last = ranges.at(-1);
    if (last?.version === version) ranges[ranges.length - 1] = { version, start: last.start, end };
    else ranges.push({ version, start, end });
  };
  const fillTo = (end: number): void => {
    for (let start = ranges.at(-1)?.end ?? 0; start < end;) {
      const taker = missing.find(([, count]) => count > 0) as [string, number];
      const taken = Math.min(taker[1], end - start);
      taker[1] -= taken;
      add(taker[0], start, start + taken);
      start += taken;
    }
  };
  for (const { version, start, end } of kept) {
    fillTo(start);
    add(version, start, end);
  }
  fillTo(BUCKETS);
  return ranges;
}

/** @throws PlumblineError `invalid_request` naming the share that is wrong */
function checkShares(shares: readonly Share[]): void {
  checkRecords(shares, 'weights');
  const seen = new Set<string>();
  for (const [index, { version, weight }] of shares.entries()) {
    if (typeof version !== 'string' || version === '' || seen.has(version))
      throw invalid(
        `weights[${index}].version: "${String(version)}" is ${seen.has(version) ? 'there twice' : 'no name'}`,
      );
    seen.add(version);
    if (!(typeof weight === 'number' && weight >= 0 && weight < Number.POSITIVE_INFINITY))
      throw invalid(`weights[${index}].weight: ${String(weight)} of "${version}" is no number from 0`);
  }
  if (!shares.some(({ weight }) => weight > 0)) throw invalid('weights: no version has a weight above 0');
}

function checkRanges(ranges: readonly Range[]): void {
  let end = 0;
  for (const [index, range] of ranges.entries()) {
    if (range.start !== end || !Number.isInteger(range.end) || range.end <= end)
      throw invalid(`allocation[${index}]: expected buckets from ${end} on, got ${range.start} to ${range.end}`);
    end = range.end;
  }
  if (end !== BUCKETS) throw invalid(`allocation: ends at ${end}, not at ${BUCKETS}`);
}

function invalid(message: string): PlumblineError {
  return new PlumblineError(
    'invalid_request',
    message,
    'Give each version once, with a weight from 0, and one above 0.',
  );
}
