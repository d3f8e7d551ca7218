/** Features that the declaration marks as personal. */
import { createHmac } from 'node:crypto';
import type { DeclaredModel } from './declared-model.ts';

const HASH_LENGTH = 16;

/** Nothing personal is stored or counted: it is left out, or a keyed hash takes its place. The same object where nothing is marked. */
export function withoutPersonal<Features extends Readonly<Record<string, unknown>>>(
  features: Features | undefined,
  { features: declared }: Pick<DeclaredModel, 'features'>,
  piiKey: string,
): Features | undefined {
  if (features === undefined || declared === undefined) return features;
  let kept: Record<string, unknown> | undefined;
  for (const name in declared) {
    const pii = declared[name]?.pii;
    if (pii === undefined || !Object.hasOwn(features, name)) continue;
    kept ??= { ...features };
    const value = features[name];
    if (pii === 'drop' || value === null || value === undefined) delete kept[name];
    else kept[name] = hashed(value, piiKey);
  }
  return (kept as Features | undefined) ?? features;
}

/** Whether a value may be one that `withoutPersonal` made. */
export function isHashed(value: unknown): boolean {
  return typeof value === 'string' && value.length === HASH_LENGTH && /^[0-9a-f]+$/.test(value);
}

function hashed(value: unknown, piiKey: string): string {
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return createHmac('sha256', piiKey).update(text).digest('hex').slice(0, HASH_LENGTH);
}
