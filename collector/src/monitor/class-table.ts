/** Which classes have series of their own, and which share `__other__`. */
import { OTHER } from '../prediction.ts';
import type { MetricStore } from '../telemetry/store.ts';
import { MAX_CLASSES, MAX_CONFUSION_CLASSES } from './options.ts';

/** True positive, false positive, false negative: per class these give precision, recall and F1. */
export const OUTCOMES = ['tp', 'fp', 'fn'] as const;
/** One of them. */
export type Outcome = (typeof OUTCOMES)[number];

/** Index of a class's series in the families `predictions` and (first of tp, fp, fn) `outcomes` with its twin. */
export interface ClassSeries {
  readonly class: string;
  readonly prediction: number;
  readonly outcome: number;
  /** Its name in the confusion matrix: beyond the matrix's limit classes share `__other__` there. */
  readonly confusion: string;
}

/** 1 in predictions, 3 in outcomes, 3 in the twin. */
const SERIES_PER_CLASS = 7;
/** What is kept free for `__other__`: its cell of the confusion matrix with the twin, and until it is there its own series. */
const SERIES_OF_CELL = 2;
/** Both. */
export const SERIES_OF_OTHER = SERIES_PER_CLASS + SERIES_OF_CELL;

/** Gives each class its series, or those of `__other__`. */
export class ClassTable {
  readonly #store: MetricStore;
  readonly #declared: ReadonlySet<string> | undefined;
  readonly #classes = new Map<string, ClassSeries>();

  constructor(store: MetricStore, declared: readonly string[] | undefined) {
    this.#store = store;
    this.#declared = declared && new Set(declared);
    for (const name of declared ?? []) this.#add(name);
  }

  /** Why a class shares the series of `__other__`; undefined when it has its own. @param series what `seriesOf` gave for it */
  foldedBecause(name: string, series: ClassSeries): 'unknown_class' | 'class_overflow' | undefined {
    if (series.class === name && name !== OTHER) return undefined;
    if (!this.#knows(name)) return 'unknown_class';
    return series.class === name ? undefined : 'class_overflow';
  }

  #knows(name: string): boolean {
    return this.#declared === undefined || this.#declared.has(name);
  }

  /** The series of a class: its own, a new one while declared or within the budget, or those of `__other__`. */
  seriesOf(name: string): ClassSeries {
    return this.#classes.get(name) ?? (this.#mayAdd(name) ? this.#add(name) : this.#other());
  }

  /** Every class with series, in order of appearance. */
  all(): ClassSeries[] {
    return [...this.#classes.values()];
  }

  #mayAdd(name: string): boolean {
    const { used, limit } = this.#store.budget;
    const reserve = this.#classes.has(OTHER) ? SERIES_OF_CELL : SERIES_OF_OTHER;
    return this.#knows(name) && this.#classes.size < MAX_CLASSES && used + SERIES_PER_CLASS + reserve <= limit;
  }

  #other(): ClassSeries {
    return this.#classes.get(OTHER) ?? this.#add(OTHER);
  }

  #add(name: string): ClassSeries {
    const prediction = this.#store.counter('predictions').declare({ prediction: name });
    const outcomes = this.#store.counter('outcomes');
    const revoked = this.#store.counter('outcomesRevoked');
    // The twin's series are declared in step, so that one index serves both.
    const [first = 0] = OUTCOMES.map((outcome) => {
      revoked.declare({ class: name, outcome });
      return outcomes.declare({ class: name, outcome });
    });
    const confusion = this.#classes.size < MAX_CONFUSION_CLASSES ? name : OTHER;
    const series = { class: name, prediction, outcome: first, confusion };
    this.#classes.set(name, series);
    return series;
  }
}
