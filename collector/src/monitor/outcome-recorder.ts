/** Turns joined labels into counts that add up over replicas, and takes them back when a label is corrected. */
import { ClassCounts } from '../performance/class-counts.ts';
import type { CounterFamily } from '../telemetry/families.ts';
import type { MetricStore } from '../telemetry/store.ts';
import type { ClassSeries, ClassTable } from './class-table.ts';
import { MAX_CONFUSION_CLASSES } from './options.ts';

const RESULTS = ['correct', 'incorrect'] as const;

interface Twin {
  readonly counted: CounterFamily;
  readonly revoked: CounterFamily;
}

export class OutcomeRecorder {
  /** Labelled samples of this process, corrections applied. */
  readonly counts: ClassCounts;
  readonly #classes: ClassTable;
  readonly #outcomes: Twin;
  readonly #exact: Twin;
  readonly #confusion: Twin | undefined;
  readonly #cells = new Map<string, Map<string, number>>();

  constructor(store: MetricStore, classes: ClassTable, declared: readonly string[] | undefined) {
    this.#classes = classes;
    this.counts = new ClassCounts(declared ?? []);
    this.#outcomes = { counted: store.counter('outcomes'), revoked: store.counter('outcomesRevoked') };
    this.#exact = { counted: store.counter('exact'), revoked: store.counter('exactRevoked') };
    for (const result of RESULTS) declareTwin(this.#exact, { result });
    if ((declared?.length ?? 0) <= MAX_CONFUSION_CLASSES) {
      this.#confusion = { counted: store.counter('confusion'), revoked: store.counter('confusionRevoked') };
      for (const actual of declared ?? [])
        for (const predicted of declared ?? []) this.#cell(this.#confusion, actual, predicted);
    }
  }

  /** Counts a labelled prediction. Classes are compared as they came, before any folding. */
  add(actual: string, predicted: string): void {
    this.#count(actual, predicted, 'counted');
  }

  /** Takes a counted prediction back. */
  revoke(actual: string, predicted: string): void {
    this.#count(actual, predicted, 'revoked');
  }

  /** Counts by [actual][predicted], net of what was revoked; undefined beyond 20 declared classes. */
  confusion(): Record<string, Record<string, number>> | undefined {
    const twin = this.#confusion;
    if (!twin) return undefined;
    const matrix: Record<string, Record<string, number>> = {};
    for (const [actual, row] of this.#cells) {
      const net = (index: number) => twin.counted.value(index) - twin.revoked.value(index);
      matrix[actual] = Object.fromEntries(Array.from(row, ([predicted, index]) => [predicted, net(index)]));
    }
    return matrix;
  }

  #count(actual: string, predicted: string, side: keyof Twin): void {
    const label = this.#classes.seriesOf(actual);
    const guess = this.#classes.seriesOf(predicted);
    const correct = actual === predicted;
    if (side === 'counted') this.counts.add(label.class, guess.class, correct);
    else this.counts.remove(label.class, guess.class, correct);
    this.#exact[side].increment(correct ? 0 : 1);
    this.#countOutcomes(label, guess, correct, this.#outcomes[side]);
    if (this.#confusion) this.#confusion[side].increment(this.#cell(this.#confusion, label.confusion, guess.confusion));
  }

  #countOutcomes(label: ClassSeries, guess: ClassSeries, correct: boolean, outcomes: CounterFamily): void {
    if (correct) {
      outcomes.increment(label.outcome);
      return;
    }
    outcomes.increment(guess.outcome + 1);
    outcomes.increment(label.outcome + 2);
  }

  #cell(twin: Twin, actual: string, predicted: string): number {
    let row = this.#cells.get(actual);
    if (!row) this.#cells.set(actual, (row = new Map()));
    let index = row.get(predicted);
    if (index === undefined) row.set(predicted, (index = declareTwin(twin, { actual, predicted })));
    return index;
  }
}

/** Both sides are declared in step: one index serves both. */
function declareTwin(twin: Twin, labels: Record<string, string>): number {
  twin.revoked.declare(labels);
  return twin.counted.declare(labels);
}
