/**
 * Confusion counts of a classifier, per class: enough for accuracy and every precision, recall and F1, at 3 numbers a class
 * instead of classes². Additive: the sum of two counts is the count of both samples, in any order.
 */

export interface ClassTally {
  readonly class: string;
  /** Samples whose label is this class (tp + fn). */
  readonly support: number;
  /** Samples predicted as this class (tp + fp). */
  readonly predicted: number;
  readonly truePositives: number;
}

interface MutableTally {
  support: number;
  predicted: number;
  truePositives: number;
}

/** Counts of labelled samples; classes may appear at any time. */
export class ClassCounts {
  readonly #tallies = new Map<string, MutableTally>();
  #samples = 0;
  #correct = 0;

  constructor(classes: Iterable<string> = []) {
    for (const name of classes) this.#tally(name);
  }

  /**
   * Counts one labelled sample.
   * @param correct given where classes were folded into one: two different classes may then share a name
   */
  add(actual: string, predicted: string, correct = actual === predicted): void {
    this.#change(actual, predicted, correct, 1);
  }

  /** Takes one sample back: the label was corrected. */
  remove(actual: string, predicted: string, correct = actual === predicted): void {
    this.#change(actual, predicted, correct, -1);
  }

  /** Adds another count to this one. */
  merge(other: ClassCounts): void {
    for (const { class: name, support, predicted, truePositives } of other.tallies()) {
      const tally = this.#tally(name);
      tally.support += support;
      tally.predicted += predicted;
      tally.truePositives += truePositives;
    }
    this.#samples += other.samples;
    this.#correct += other.correct;
  }

  get samples(): number {
    return this.#samples;
  }

  get correct(): number {
    return this.#correct;
  }

  /** Every class seen or declared, in order of first appearance. */
  tallies(): ClassTally[] {
    return Array.from(this.#tallies, ([name, tally]) => ({ class: name, ...tally }));
  }

  #change(actual: string, predicted: string, correct: boolean, step: 1 | -1): void {
    this.#samples += step;
    this.#tally(actual).support += step;
    this.#tally(predicted).predicted += step;
    if (!correct) return;
    this.#correct += step;
    this.#tally(actual).truePositives += step;
  }

  #tally(name: string): MutableTally {
    let tally = this.#tallies.get(name);
    if (!tally) {
      tally = { support: 0, predicted: 0, truePositives: 0 };
      this.#tallies.set(name, tally);
    }
    return tally;
  }
}
