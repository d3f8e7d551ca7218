/** Turns joined labels into counts that add up over replicas, and takes them back when a label is corrected. */
import { OTHER } from '../prediction.ts';
import type { SeriesBudget } from '../telemetry/budget.ts';
import type { MetricStore } from '../telemetry/store.ts';
import type { CodedClass } from './class-codes.ts';
import { SERIES_OF_OTHER, type ClassSeries } from './class-table.ts';
import { MAX_CONFUSION_CLASSES } from './options.ts';
import { TwinCounter } from './twin-counter.ts';

const RESULTS = ['correct', 'incorrect'] as const;
/** One counted, one revoked. */
const SERIES_PER_CELL = 2;

/** Keeps the outcome counters and their revoked twins in step. */
export class OutcomeRecorder {
  readonly #outcomes: TwinCounter;
  readonly #exact: TwinCounter;
  readonly #confusion: TwinCounter | undefined;
  readonly #budget: SeriesBudget;
  readonly #cells = new Map<string, Map<string, number>>();

  constructor(store: MetricStore, declared: readonly string[] | undefined) {
    this.#budget = store.budget;
    this.#outcomes = new TwinCounter(store, 'outcomes');
    this.#exact = new TwinCounter(store, 'exact');
    for (const result of RESULTS) this.#exact.declare({ result });
    if ((declared?.length ?? 0) <= MAX_CONFUSION_CLASSES) {
      this.#confusion = new TwinCounter(store, 'confusion');
      for (const actual of declared ?? [])
        for (const predicted of declared ?? []) this.#declareCell(this.#confusion, actual, predicted);
    }
  }

  /**
   * Counts a labelled prediction (1), or takes a counted one back (−1). @param amount how many alike
   * @returns whether it is right, judged before any folding
   */
  count(actual: CodedClass, predicted: CodedClass, count: 1 | -1, amount = 1): boolean {
    const { series: label } = actual;
    const { series: guess } = predicted;
    const correct = actual.text === predicted.text;
    this.#exact.add(correct ? 0 : 1, count, amount);
    this.#countOutcomes(label, guess, { correct, count, amount });
    if (this.#confusion)
      this.#confusion.add(this.#cell(this.#confusion, label.confusion, guess.confusion), count, amount);
    return correct;
  }

  /** Counts by [actual][predicted], net of what was revoked; undefined beyond 20 declared classes. */
  confusion(): Record<string, Record<string, number>> | undefined {
    const twin = this.#confusion;
    if (!twin) return undefined;
    const rows = Array.from(this.#cells, ([actual, row]): [string, Record<string, number>] => [
      actual,
      Object.fromEntries(Array.from(row, ([predicted, index]) => [predicted, twin.net(index)])),
    ]);
    return Object.fromEntries(rows); // not `matrix[actual] = …`: a class may be called `__proto__`
  }

  #countOutcomes(
    label: ClassSeries,
    guess: ClassSeries,
    { correct, count, amount }: { readonly correct: boolean; readonly count: 1 | -1; readonly amount: number },
  ): void {
    if (correct) {
      this.#outcomes.add(label.outcome, count, amount);
      return;
    }
    this.#outcomes.add(guess.outcome + 1, count, amount);
    this.#outcomes.add(label.outcome + 2, count, amount);
  }

  /** A cell of its own while the budget lasts, else the one all others share; the budget never grows back, so both sides of a twin agree. */
  #cell(twin: TwinCounter, actual: string, predicted: string): number {
    const known = this.#cells.get(actual)?.get(predicted);
    if (known !== undefined) return known;
    const { used, limit } = this.#budget;
    const reserve = this.#cells.has(OTHER) ? 0 : SERIES_OF_OTHER;
    if (used + SERIES_PER_CELL + reserve <= limit) return this.#declareCell(twin, actual, predicted);
    return this.#cells.get(OTHER)?.get(OTHER) ?? this.#declareCell(twin, OTHER, OTHER);
  }

  #declareCell(twin: TwinCounter, actual: string, predicted: string): number {
    const index = twin.declare({ actual, predicted });
    const row = this.#cells.get(actual) ?? new Map<string, number>();
    this.#cells.set(actual, row.set(predicted, index));
    return index;
  }
}
