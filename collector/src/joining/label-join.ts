/**
 * The label join in memory: predictions wait under their id until the label arrives, late or not.
 * Bounded twice: by capacity (the oldest entry makes room) and by age. An entry stays after its label, so that the same
 * label again (duplicate) and another one (correction) are recognised until the entry leaves.
 *
 * Layout: a ring of parallel arrays in arrival order, and an index from id to slot that neither allocates per entry nor leaves
 * tombstones and keeps a fingerprint of each id. Cost: O(1) per call; about 50 bytes per held prediction, its id included.
 */
import { IdIndex } from './id-index.ts';
import type { HashKey } from './keyed-hash.ts';

/** What may become of a label; `expired` counts predictions that never got one. */
export type LabelStatus = 'joined' | 'late' | 'duplicate' | 'corrected' | 'unknown' | 'expired';

/** Every status, in the order they are documented. */
export const LABEL_STATUSES: readonly LabelStatus[] = [
  'joined',
  'late',
  'duplicate',
  'corrected',
  'unknown',
  'expired',
];

/** The bounds of the join. */
export interface LabelJoinOptions {
  /** Predictions held at most. */
  readonly capacity: number;
  /** How long a prediction is held after it arrived, in milliseconds. */
  readonly maxAge: number;
  /** A label this long after its prediction counts as late, in milliseconds. */
  readonly deadline: number;
}

/** What a prediction or a label is held as: the code of a class, the number of a regression, or text. */
export type HeldValue = string | number;

/** Values by slot: a typed array of codes or numbers, which no garbage collection looks at, or a list of texts. */
export interface ValueColumn {
  [slot: number]: HeldValue;
}

/** What became of one label. */
export type LabelOutcome =
  /** First label; `delay` in milliseconds. */
  | {
      readonly status: 'joined' | 'late';
      readonly predicted: HeldValue;
      readonly delay: number;
      readonly former?: undefined;
    }
  /** Another label than before. */
  | {
      readonly status: 'corrected';
      readonly predicted: HeldValue;
      readonly former: HeldValue;
      readonly delay?: undefined;
    }
  | { readonly status: 'duplicate' | 'unknown'; readonly predicted?: undefined };

const UNKNOWN: LabelOutcome = { status: 'unknown' };
const DUPLICATE: LabelOutcome = { status: 'duplicate' };

/** Holds predictions until their labels come. */
export class LabelJoin {
  readonly #options: LabelJoinOptions;
  readonly #index: IdIndex;
  readonly #predicted: ValueColumn;
  readonly #labels: ValueColumn;
  /** Texts must be let go with their entry; numbers need not be. */
  readonly #holdsTexts: boolean;
  /** 1 where the label is known. */
  readonly #labelled: Uint8Array;
  readonly #times: Float64Array;
  readonly #arrivals: Float64Array;
  readonly #onExpired: ((slot: number) => void) | undefined;
  #oldest = 0;
  #size = 0;
  #pending = 0;
  #slot = -1;

  /**
   * @param key secret of the id hash: two random whole numbers below 2³²
   * @param onExpired told the slot of each prediction that leaves without a label, before it is used again
   * @param column makes what holds as many values
   */
  constructor(
    options: LabelJoinOptions,
    key: HashKey,
    onExpired?: (slot: number) => void,
    column: (size: number) => ValueColumn = () => [],
  ) {
    this.#options = options;
    this.#onExpired = onExpired;
    this.#index = new IdIndex(options.capacity, key);
    this.#predicted = column(options.capacity);
    this.#labels = column(options.capacity);
    this.#holdsTexts = Array.isArray(this.#predicted);
    this.#labelled = new Uint8Array(options.capacity);
    this.#times = new Float64Array(options.capacity);
    this.#arrivals = new Float64Array(options.capacity);
  }

  /** Predictions that still wait for a label. */
  get pending(): number {
    return this.#pending;
  }

  /** Where the prediction last put or labelled is held, 0 to capacity − 1: its holder may keep more about it under this number. */
  get slot(): number {
    return this.#slot;
  }

  /** Predictions held, labelled or not. */
  get size(): number {
    return this.#size;
  }

  /**
   * Holds a prediction; the oldest makes room when the join is full. Age is not looked at: call `expire` first.
   * @param time when it was made, epoch ms
   * @param now when it arrived, epoch ms
   * @returns false when the id is held already (nothing changes), else how many unlabelled predictions had to leave (expired)
   */
  put(id: string, predicted: HeldValue, time: number, now: number): number | false {
    if (this.#index.find(id) >= 0) return false;
    const expired = this.#size === this.#options.capacity ? this.#evictOldest() : 0;
    const slot = this.#wrap(this.#oldest + this.#size);
    this.#slot = slot;
    this.#index.insert(slot);
    this.#predicted[slot] = predicted;
    this.#labelled[slot] = 0;
    this.#times[slot] = time;
    this.#arrivals[slot] = now;
    this.#size++;
    this.#pending++;
    return expired;
  }

  /** Joins a label to its prediction. @param time when the label became known, epoch ms */
  label(id: string, label: HeldValue, time: number): LabelOutcome {
    const slot = this.#index.find(id);
    if (slot < 0) return UNKNOWN;
    this.#slot = slot;
    const former = this.#labelled[slot] === 1 ? this.#labels[slot] : undefined;
    if (former === label) return DUPLICATE;
    const predicted = this.#predicted[slot] as HeldValue;
    this.#labels[slot] = label;
    if (former !== undefined) return { status: 'corrected', predicted, former };
    this.#labelled[slot] = 1;
    this.#pending--;
    const delay = Math.max(0, time - (this.#times[slot] as number));
    return { status: delay > this.#options.deadline ? 'late' : 'joined', predicted, delay };
  }

  /** Lets go what is older than `maxAge`. @returns how many of them never got a label */
  expire(now: number): number {
    let expired = 0;
    while (this.#size > 0 && now - (this.#arrivals[this.#oldest] as number) > this.#options.maxAge)
      expired += this.#evictOldest();
    return expired;
  }

  #evictOldest(): 0 | 1 {
    const slot = this.#oldest;
    const unlabelled = this.#labelled[slot] === 0;
    this.#index.remove(slot);
    if (this.#holdsTexts) {
      this.#predicted[slot] = '';
      this.#labels[slot] = '';
    }
    this.#oldest = this.#wrap(slot + 1);
    this.#size--;
    if (unlabelled) {
      this.#pending--;
      this.#onExpired?.(slot);
    }
    return unlabelled ? 1 : 0;
  }

  /** A place of the ring; cheaper than a remainder. */
  #wrap(slot: number): number {
    return slot >= this.#options.capacity ? slot - this.#options.capacity : slot;
  }
}
