/**
 * Finds the slot of an id: open addressing with linear probing over typed arrays. Nothing is allocated per entry, and a
 * removal moves followers back instead of leaving a tombstone, so that a table that is always full and always changing stays
 * as fast as a new one (a JavaScript Map that loses its oldest entry at every insertion does not).
 */
import { keyedHash, type HashKey } from './keyed-hash.ts';

/** Ids by slot. Memory: 12 to 20 bytes a slot beside the ids themselves; pages are only touched as they fill. */
export class IdIndex {
  readonly #key: HashKey;
  readonly #mask: number;
  /** Slot + 1 at each place; 0 is free. */
  readonly #places: Uint32Array;
  readonly #hashes: Int32Array;
  readonly #ids: string[] = [];

  /** @param capacity slots 0 to capacity − 1; at most half the places are ever taken @param key secret, random */
  constructor(capacity: number, key: HashKey) {
    this.#key = key;
    const places = 2 ** Math.ceil(Math.log2(Math.max(8, 2 * capacity)));
    this.#mask = places - 1;
    this.#places = new Uint32Array(places);
    this.#hashes = new Int32Array(capacity);
  }

  /** The hash of an id, for `find` and `insert`. */
  hash(id: string): number {
    return keyedHash(id, this.#key);
  }

  /** The slot that holds an id, or −1. @param hash that of the id */
  find(id: string, hash: number): number {
    for (let place = hash & this.#mask; ; place = (place + 1) & this.#mask) {
      const slot = (this.#places[place] as number) - 1;
      if (slot < 0) return -1;
      if (this.#hashes[slot] === hash && this.#ids[slot] === id) return slot;
    }
  }

  /** Puts an id into a free slot; it must not be held already. Slots are first used in ascending order. */
  insert(id: string, hash: number, slot: number): void {
    let place = hash & this.#mask;
    while (this.#places[place] !== 0) place = (place + 1) & this.#mask;
    this.#places[place] = slot + 1;
    this.#hashes[slot] = hash;
    this.#ids[slot] = id;
  }

  /** Takes out the id of a slot that is in use. */
  remove(slot: number): void {
    let hole = (this.#hashes[slot] as number) & this.#mask;
    while (this.#places[hole] !== slot + 1) hole = (hole + 1) & this.#mask;
    for (let place = (hole + 1) & this.#mask; ; place = (place + 1) & this.#mask) {
      const follower = (this.#places[place] as number) - 1;
      if (follower < 0) break;
      const home = (this.#hashes[follower] as number) & this.#mask;
      // A follower may fill the hole unless its home lies behind it: then it could not be found any more.
      if (((place - home) & this.#mask) < ((place - hole) & this.#mask)) continue;
      this.#places[hole] = follower + 1;
      hole = place;
    }
    this.#places[hole] = 0;
    this.#ids[slot] = '';
  }
}
