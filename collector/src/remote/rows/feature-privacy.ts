/** What must not leave the process in clear text. */
import { createHmac } from 'node:crypto';
import type { FeatureSchema } from '../../monitor/options.ts';
import type { WireFeature } from './wire-values.ts';

/** Secret of the hash: a text or bytes. */
export type PiiKey = string | Uint8Array;

/** 128 bits: no two values of one feature meet by chance, and a third of the text of all 256. */
const HASH_LENGTH = 32;

/**
 * HMAC-SHA256 over name and value, its first 128 bits in hexadecimal. The name goes in, so that the same value of two features cannot
 * be linked. Profile a reference with values hashed alike, or all of them are unseen.
 */
export function hashFeature(key: PiiKey, feature: string, value: string | number | boolean): string {
  const text = `${JSON.stringify(feature)}:${String(value)}`;
  return createHmac('sha256', key).update(text).digest('hex').slice(0, HASH_LENGTH);
}

/** Drops or hashes the features the schema marks. */
export class FeaturePrivacy {
  readonly #marked = new Map<string, 'drop' | 'hash'>();
  readonly #key: PiiKey;

  /** @param key needed where a schema says `hash`, which the options check */
  constructor(schemas: ReadonlyMap<string, FeatureSchema>, key: PiiKey = '') {
    this.#key = key;
    for (const [name, { pii }] of schemas) if (pii !== undefined) this.#marked.set(name, pii);
  }

  /** Whether a feature of this name is marked. */
  marks(name: string): boolean {
    return this.#marked.has(name);
  }

  /** What may leave of a feature's value. Cost: one look-up; a hashed value some microseconds. */
  protect(name: string, value: WireFeature): WireFeature {
    if (this.#marked.size === 0) return value;
    const mark = this.#marked.get(name);
    if (mark === undefined || value === undefined || value === null) return value;
    if (mark === 'drop') return undefined;
    return typeof value === 'object' ? value : hashFeature(this.#key, name, value);
  }
}
