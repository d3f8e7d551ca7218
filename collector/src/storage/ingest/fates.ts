/** Finds out what becomes of each prediction of a batch, ids that occur twice in it included. */
import type { CheckedPrediction } from '../../labels/check-prediction.ts';
import type { PredictionFate } from '../../labels/ingest-store.ts';
import { isSamePrediction, keptOf, type KeptPrediction } from '../../labels/same-prediction.ts';

/** Rows to insert, each id once, and the fates of all once it is known which of them were there before. */
export class BatchFates {
  /** Positions of the rows to insert. */
  readonly first: number[] = [];
  readonly #rows: readonly CheckedPrediction[];
  readonly #again: (readonly [number, number])[] = [];
  readonly #kept = new Map<number, KeptPrediction>();

  constructor(rows: readonly CheckedPrediction[]) {
    this.#rows = rows;
    const seen = new Map<string, number>();
    rows.forEach(({ version, id }, index) => {
      const key = `${version.modelId}\u0000${id}`;
      const before = seen.get(key);
      if (before === undefined) {
        seen.set(key, index);
        this.first.push(index);
      } else this.#again.push([index, before]);
    });
  }

  /** Says that a row was there before. */
  found(index: number, kept: KeptPrediction): void {
    this.#kept.set(index, kept);
  }

  /** In the order of the rows. */
  read(): PredictionFate[] {
    const fates = new Array<PredictionFate>(this.#rows.length).fill('stored');
    for (const index of this.#kept.keys()) fates[index] = this.#compare(index, index);
    for (const [index, before] of this.#again) fates[index] = this.#compare(index, before);
    return fates;
  }

  #compare(index: number, first: number): PredictionFate {
    const kept = this.#kept.get(first) ?? keptOf(this.#rows[first] as CheckedPrediction);
    return isSamePrediction(kept, this.#rows[index] as CheckedPrediction) ? 'duplicate' : 'conflict';
  }
}
