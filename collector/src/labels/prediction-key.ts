/** What a prediction is found by in the store. */
import { hash } from 'node:crypto';

/**
 * 16 bytes of SHA-256 over model, NUL and id: an index of them is half as large as one of texts, and as fast for long ids as for
 * short ones. Two ids share one with probability 10⁻²¹ among 10⁹ predictions, and nobody can make it happen.
 */
export function predictionKey(model: string, id: string): Buffer {
  return hash('sha256', `${model}\u0000${id}`, 'buffer').subarray(0, 16);
}
