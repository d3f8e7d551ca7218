/** Turns joined labels into counts that add up over replicas, and takes them back when a label is corrected. */
import { OTHER } from '../prediction.ts';
import type { SeriesBudget } from '../telemetry/budget.ts';
import type { CounterFamily } from '../telemetry/families.ts';
import type { MetricStore } from '../telemetry/store.ts';
import type { ClassSeries, ClassTable } from './class-table.ts';
import { MAX_CONFUSION_CLASSES } from './options.ts';

const RESULTS = ['correct', 'incorrect'] as const;
/** One counted, one revoked. */
const SERIES_PER_CELL = 2;

interface Twin {
  readonly counted: CounterFamily;
  readonly revoked: CounterFamily;
}

/** A labelled prediction as it counts: classes without series of their own folded, right or wrong judged before that. */
export interface CountedSample {
  readonly actual: string;
  readonly predicted: string;
  readonly correct: boolean;
}

/** Keeps the outcome counters and their revoked twins in step. */
export class OutcomeRecorder {
  readonly #classes: ClassTable;
  readonly #outcomes: Twin;
  readonly #exact: Twin;
  readonly #confusion: Twin | undefined;
  readonly #budget: SeriesBudget;
  readonly #cells = new Map<string, Map<string, number>>();

  constructor(store: MetricStore, classes: ClassTable, declared: readonly string[] | undefined) {
    this.#classes = classes;
    this.#budget = store.budget;
    this.#outcomes = { counted: store.counter('outcomes'), revoked: store.counter('outcomesRevoked') };
    this.#exact = { counted: store.counter('exact'), revoked: store.counter('exactRevoked') };
    for (const result of RESULTS) declareTwin(this.#exact, { result });
    if ((declared?.length ?? 0) <= MAX_CONFUSION_CLASSES) {
      this.#confusion = { counted: store.counter('confusion'), revoked: store.counter('confusionRevoked') };
      for (const actual of declared ?? [])
        for (const predicted of declared ?? []) this.#declareCell(this.#confusion, actual, predicted);
    }
  }

  /** Counts a labelled prediction, or takes a counted one back. */
  count(actual: string, predicted: string, side: 'counted' | 'revoked'): CountedSample {
    const label = this.#classes.seriesOf(actual);
    const guess = this.#classes.seriesOf(predicted);
    const correct = actual === predicted;
    this.#exact[side].increment(correct ? 0 : 1);
    this.#countOutcomes(label, guess, correct, this.#outcomes[side]);
    if (this.#confusion) this.#confusion[side].increment(this.#cell(this.#confusion, label.confusion, guess.confusion));
    return { actual: label.class, predicted: guess.class, correct };
  }

  /** Counts by [actual][predicted], net of what was revoked; undefined beyond 20 declared classes. */
  confusion(): Record<string, Record<string, number>> | undefined {
    const twin = this.#confusion;
    if (!twin) return undefined;
    const net = (index: number) => twin.counted.value(index) - twin.revoked.value(index);
    const rows = Array.from(this.#cells, ([actual, row]): [string, Record<string, number>] => [
      actual,
      Object.fromEntries(Array.from(row, ([predicted, index]) => [predicted, net(index)])),
    ]);
    return Object.fromEntries(rows); // not `matrix[actual] = …`: a class may be called `__proto__`
  }

  #countOutcomes(label: ClassSeries, guess: ClassSeries, correct: boolean, outcomes: CounterFamily): void {
    if (correct) {
      outcomes.increment(label.outcome);
      return;
    }
    outcomes.increment(guess.outcome + 1);
    outcomes.increment(label.outcome + 2);
  }

  /** A cell of its own while the budget lasts, else the one all others share; the budget never grows back, so both sides of a twin agree. */
  #cell(twin: Twin, actual: string, predicted: string): number {
    const known = this.#cells.get(actual)?.get(predicted);
    if (known !== undefined) return known;
    const { used, limit } = this.#budget;
    if (used + SERIES_PER_CELL + SERIES_PER_CELL <= limit) return this.#declareCell(twin, actual, predicted);
    return this.#cells.get(OTHER)?.get(OTHER) ?? this.#declareCell(twin, OTHER, OTHER);
  }

  #declareCell(twin: Twin, actual: string, predicted: string): number {
    const index = declareTwin(twin, { actual, predicted });
    const row = this.#cells.get(actual) ?? new Map<string, number>();
    this.#cells.set(actual, row.set(predicted, index));
    return index;
  }
}

/** Both sides are declared in step: one index serves both. */
function declareTwin(twin: Twin, labels: Record<string, string>): number {
  twin.revoked.declare(labels);
  return twin.counted.declare(labels);
}
