/** Scores of predictions that wait for their label, by their place in the label join. */
import { areProbabilities } from '../performance/scores/class-scores.ts';
import { MAX_CONFUSION_CLASSES, type MonitorConfig } from './options.ts';
import { ownValue } from './row-checks.ts';
import type { ScoredRow } from './task.ts';

/** Memory: 8 bytes a prediction, and 8 per class where each has a probability and none is positive; none before the first score. */
export class HeldScores {
  readonly #config: MonitorConfig;
  readonly #classes: readonly string[];
  readonly #index: ReadonlyMap<string, number>;
  /** NaN where there is none, or nobody knows of which class it is. */
  #scores: Float64Array | undefined;
  #probabilities: Float64Array | undefined;

  constructor(config: MonitorConfig) {
    this.#config = config;
    const { classes = [], positiveClass } = config;
    this.#classes = positiveClass === undefined && classes.length <= MAX_CONFUSION_CLASSES ? classes : [];
    this.#index = new Map(this.#classes.map((name, index) => [name, index]));
  }

  /**
   * The score of a row: that of the positive class, or, where each class has a probability and none is positive, of the predicted one.
   * @returns NaN without one, undefined where what is given is no probability (of classes: or they do not sum to 1)
   */
  read({ score, scores }: ScoredRow, predicted: string): number | undefined {
    const { positiveClass } = this.#config;
    if (scores === undefined || scores === null) return score === undefined ? Number.NaN : probability(score);
    if (positiveClass !== undefined) return probability(ownValue(scores, positiveClass));
    if (!areProbabilities(this.#classes.map((name) => ownValue(scores, name))) && this.#classes.length > 0)
      return undefined;
    return probability(ownValue(scores, predicted));
  }

  /** Holds what `read` gave for a row. @returns whether there is a score whose class is known */
  hold(slot: number, score: number, { scores }: ScoredRow): boolean {
    const isOfPositive = this.#config.positiveClass !== undefined;
    const hasClasses = this.#classes.length > 0 && scores !== undefined && scores !== null;
    const isHeld = !Number.isNaN(score) && (isOfPositive || hasClasses);
    if (!isHeld && !this.#scores) return false;
    this.#scores ??= new Float64Array(this.#config.capacity).fill(Number.NaN);
    this.#scores[slot] = isHeld ? score : Number.NaN;
    if (isHeld && !isOfPositive) this.#holdClasses(slot, scores as NonNullable<ScoredRow['scores']>);
    return isHeld;
  }

  has(slot: number): boolean {
    return this.#scores !== undefined && !Number.isNaN(this.#scores[slot] as number);
  }

  /** Only where `has`. */
  score(slot: number): number {
    return (this.#scores as Float64Array)[slot] as number;
  }

  /** The probabilities of all classes, only where `has` and no class is positive; they change with the next prediction held there. */
  classes(slot: number): Float64Array {
    const size = this.#classes.length;
    return (this.#probabilities as Float64Array).subarray(slot * size, (slot + 1) * size);
  }

  /** The place of a class among `classes`, −1 when it was not declared. */
  indexOf(name: string): number {
    return this.#index.get(name) ?? -1;
  }

  #holdClasses(slot: number, scores: NonNullable<ScoredRow['scores']>): void {
    const size = this.#classes.length;
    this.#probabilities ??= new Float64Array(this.#config.capacity * size);
    this.#classes.forEach((name, index) => {
      (this.#probabilities as Float64Array)[slot * size + index] = ownValue(scores, name) as number;
    });
  }
}

function probability(value: unknown): number | undefined {
  return typeof value === 'number' && value >= 0 && value <= 1 ? value : undefined;
}
