/** Keys of predictions as text: hexadecimal, since they travel inside JSON. */
import { predictionKey } from '../../labels/prediction-key.ts';

/** The key of a prediction. */
export function keyOf(model: string, id: string): string {
  return predictionKey(model, id).toString('hex');
}

/** The bytes of keys. */
export function bytesOf(keys: Iterable<string>): Buffer[] {
  return Array.from(keys, (key) => Buffer.from(key, 'hex'));
}
