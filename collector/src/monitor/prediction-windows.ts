/** Shares of the predicted classes per disjoint window, and their shift against the window before and the reference. */
import { predictionShift, type ShiftResult } from '../drift/prediction-shift.ts';

/** Predicted classes of one window. */
export interface PredictionWindow {
  readonly n: number;
  readonly counts: ReadonlyMap<string, number>;
}

/** How often a class was predicted. */
export interface ClassShare {
  readonly class: string;
  readonly count: number;
  readonly share: number;
}

const EMPTY: PredictionWindow = { n: 0, counts: new Map() };

/** Keeps the open window, the last closed one and the one before. */
export class PredictionWindows {
  readonly #size: number;
  #reference: ReadonlyMap<string, number> | undefined;
  /** By index of the class. */
  readonly #open: number[] = [];
  readonly #names: string[] = [];
  #openSize = 0;
  #current = EMPTY;
  #previous = EMPTY;

  /** @param size predictions per window; @param reference predicted classes of the reference, where it has them */
  constructor(size: number, reference: Readonly<Record<string, number>> | undefined) {
    this.#size = size;
    this.compareWith(reference);
  }

  /** Takes the predicted classes of a reference as what windows are compared with. */
  compareWith(reference: Readonly<Record<string, number>> | undefined): void {
    this.#reference = reference && new Map(Object.entries(reference));
  }

  /** Counts a prediction. @param index a small number that stands for this class and no other */
  record(predicted: string, index: number): void {
    if (index >= this.#open.length) this.#grow(index);
    const before = this.#open[index] as number;
    if (before === 0) this.#names[index] = predicted;
    this.#open[index] = before + 1;
    if (++this.#openSize < this.#size) return;
    this.#previous = this.#current;
    this.#current = this.#opened();
    this.#open.fill(0);
    this.#openSize = 0;
  }

  #grow(index: number): void {
    while (this.#open.length <= index) this.#open.push(0);
  }

  /** Shares in the last closed window; before one has closed, in the open one. */
  shares(): { n: number; classes: ClassShare[]; closed: boolean } {
    const closed = this.#current.n > 0;
    const { n, counts } = closed ? this.#current : this.#opened();
    return { n, closed, classes: Array.from(counts, ([name, count]) => ({ class: name, count, share: count / n })) };
  }

  #opened(): PredictionWindow {
    const seen = this.#open.flatMap((count, index): [string, number][] =>
      count > 0 ? [[this.#names[index] as string, count]] : [],
    );
    return { n: this.#openSize, counts: new Map(seen) };
  }

  /** The last closed window against the one before. */
  shift(): ShiftResult {
    return predictionShift(this.#previous.counts, this.#current.counts);
  }

  /** The last closed window against the reference; undefined when the reference holds no predictions. */
  referenceShift(): ShiftResult | undefined {
    return this.#reference && predictionShift(this.#reference, this.#current.counts);
  }
}
