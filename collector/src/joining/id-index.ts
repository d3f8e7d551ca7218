/**
 * Finds the slot of an id: open addressing with linear probing over typed arrays. Nothing is allocated per entry, and a
 * removal moves followers back instead of leaving a tombstone, so that a table that is always full and always changing stays
 * as fast as a new one (a JavaScript Map that loses its oldest entry at every insertion does not).
 *
 * The ids themselves are not kept: a keyed 64-bit fingerprint stands for each. With 500,000 held, a new id is taken for one of
 * them once in 4·10¹³ records; who does not know the key cannot make it happen. Keeping them would cost 60 bytes each and
 * garbage collections that move half a million strings.
 */
import { KeyedHash, type HashKey } from './keyed-hash.ts';

/** Slots by id. Memory: 16 to 24 bytes a slot; pages are only touched as they fill. */
export class IdIndex {
  readonly #hash: KeyedHash;
  readonly #mask: number;
  /** Slot + 1 at each place; 0 is free. */
  readonly #places: Uint32Array;
  readonly #low: Int32Array;
  readonly #high: Int32Array;

  /** @param capacity slots 0 to capacity − 1; at most half the places are ever taken @param key secret, random */
  constructor(capacity: number, key: HashKey) {
    this.#hash = new KeyedHash(key);
    const places = 2 ** Math.ceil(Math.log2(Math.max(8, 2 * capacity)));
    this.#mask = places - 1;
    this.#places = new Uint32Array(places);
    this.#low = new Int32Array(capacity);
    this.#high = new Int32Array(capacity);
  }

  /** The slot that holds an id, or −1; a following `insert` is about this id. Cost: O(1). */
  find(id: string): number {
    this.#hash.update(id);
    const { low, high } = this.#hash;
    for (let place = low & this.#mask; ; place = (place + 1) & this.#mask) {
      const slot = (this.#places[place] as number) - 1;
      if (slot < 0 || (this.#low[slot] === low && this.#high[slot] === high)) return slot;
    }
  }

  /** Puts the id last looked for, and not found, into a slot that is free. */
  insert(slot: number): void {
    const { low, high } = this.#hash;
    let place = low & this.#mask;
    while (this.#places[place] !== 0) place = (place + 1) & this.#mask;
    this.#places[place] = slot + 1;
    this.#low[slot] = low;
    this.#high[slot] = high;
  }

  /** Frees a slot that is in use. */
  remove(slot: number): void {
    let hole = (this.#low[slot] as number) & this.#mask;
    while (this.#places[hole] !== slot + 1) hole = (hole + 1) & this.#mask;
    for (let place = (hole + 1) & this.#mask; ; place = (place + 1) & this.#mask) {
      const follower = (this.#places[place] as number) - 1;
      if (follower < 0) break;
      const home = (this.#low[follower] as number) & this.#mask;
      // A follower may fill the hole unless its home lies behind it: then it could not be found any more.
      if (((place - home) & this.#mask) < ((place - hole) & this.#mask)) continue;
      this.#places[hole] = follower + 1;
      hole = place;
    }
    this.#places[hole] = 0;
  }
}
