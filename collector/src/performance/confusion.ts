/**
 * The full confusion of a classifier as a stream: labelled samples by (actual, predicted), sparse, so that 1,000 classes cost
 * what was confused, not 10⁶ cells. Everything in a classification report, intervals included, is a function of it.
 */
import { refused, sampleOf } from '../distribution/arguments.ts';
import { checkKind, foreignState, openState, type SerialisedState, type StreamAlgebra } from '../distribution/state.ts';
import { PlumblineError } from '../errors.ts';
import type { ClassValue } from '../prediction.ts';
import { parseConfusion } from './parse-confusion.ts';

/** A labelled sample, or several alike. */
export interface LabelledSample {
  /** The label. Two classes are the same when `String(value)` is the same. */
  readonly actual: ClassValue;
  readonly predicted: ClassValue;
  /** False where both are one name only because two different classes were folded into it (`__other__`); else unused. */
  readonly correct?: boolean;
  /** How many samples, a whole number, default 1; negative takes back what was counted before: a label was corrected. */
  readonly count?: number;
}

/**
 * Counts that add up: the sum of two states is the state of both samples. A cell may be negative while the sample that a
 * correction takes back was counted by another state; after the merge it is not.
 */
export interface ConfusionState {
  /** Every class declared or seen → its index, in order of first appearance. */
  readonly index: Map<string, number>;
  /** `rows[actual]`: predicted → samples. Cells that cancelled out are gone. */
  readonly rows: Map<number, number>[];
  /** Of `rows[c].get(c)`, the samples that were wrong before two classes were folded into c. */
  readonly folded: Map<number, number>;
  /** Net sum of all cells. */
  samples: number;
}

/** What the labels and predictions say about one class. */
export interface ClassTally {
  readonly class: string;
  /** Samples whose label is this class (tp + fn). */
  readonly support: number;
  /** Samples predicted as this class (tp + fp). */
  readonly predicted: number;
  readonly truePositives: number;
}

/** Samples that share label, prediction and correctness; `actual` and `predicted` index the classes of the reading. */
export interface ConfusionCell {
  readonly actual: number;
  readonly predicted: number;
  readonly correct: boolean;
  readonly count: number;
}

/** A state as measures read it: cells below zero read as empty. */
export interface ConfusionReading {
  readonly samples: number;
  readonly correct: number;
  /** Every class declared or seen, in order of first appearance. */
  readonly classes: readonly ClassTally[];
  /** Cells with samples in them. */
  readonly cells: readonly ConfusionCell[];
}

const FORMAT = 'plumbline.confusion';
const VERSION = 1;
const FIELDS = ['index', 'rows', 'folded', 'samples'] as const;

/**
 * The algebra of confusion counts. `record` O(1), `merge` and `read` O(classes + filled cells); 30 to 50 bytes a filled cell.
 * Counts are exact up to 2⁵³. `record` throws `invalid_request` on NaN, null, undefined or an object as class and on a count
 * that is no whole number, and leaves the state as it was.
 */
export const confusionAlgebra: StreamAlgebra<ConfusionState, LabelledSample, ConfusionReading> = {
  create: () => declareClasses([]),
  record(state, sample) {
    const { actual, predicted, correct = true, count = 1 } = sampleOf(sample);
    const label = classText(actual, 'actual');
    const guess = classText(predicted, 'predicted');
    if (!Number.isSafeInteger(count)) throw invalid(`count: expected a whole number, got ${String(count)}`);
    const row = indexOf(state, label);
    const column = indexOf(state, guess);
    addTo(state.rows[row] as Map<number, number>, column, count);
    if (row === column && !correct) addTo(state.folded, row, count);
    state.samples += count;
  },
  merge(state, other) {
    checkKind(other, FORMAT, ...FIELDS);
    const places = Array.from(other.index.keys(), (name) => indexOf(state, name));
    const place = (index: number): number => places[index] as number;
    // Copied first: a state may be merged into itself.
    const rows = other.rows.map((row) => [...row]);
    const { samples } = other;
    for (const [actual, count] of [...other.folded]) addTo(state.folded, place(actual), count);
    rows.forEach((row, actual) => {
      const target = state.rows[place(actual)] as Map<number, number>;
      for (const [predicted, count] of row) addTo(target, place(predicted), count);
    });
    state.samples += samples;
  },
  read: readConfusion,
  serialise: serialiseConfusion,
  parse(value) {
    const { classes, cells, folded } = parseConfusion(openState(value, FORMAT, VERSION));
    const state = declareClasses(classes);
    for (const [actual, predicted, count] of cells) {
      (state.rows[actual] as Map<number, number>).set(predicted, count);
      state.samples += count;
    }
    for (const [actual, count] of folded) state.folded.set(actual, count);
    if (!Number.isSafeInteger(state.samples)) throw foreignState('cells: more samples than can be counted');
    return state;
  },
};

/**
 * The state of no samples, its classes known beforehand: they keep this order. Duplicates count once.
 * @throws PlumblineError `invalid_request` when they are no list (text is none), or one is no class
 */
export function declareClasses(classes: Iterable<ClassValue>): ConfusionState {
  const state: ConfusionState = { index: new Map(), rows: [], folded: new Map(), samples: 0 };
  for (const name of classList(classes, 'classes')) indexOf(state, classText(name, 'class'));
  return state;
}

/** Classes in any iterable but a text, which would be one of letters. @throws PlumblineError `invalid_request` */
export function classList(classes: Iterable<ClassValue>, field: string): Iterable<ClassValue> {
  if (typeof classes === 'object' && classes !== null && Symbol.iterator in classes) return classes;
  throw refused(field, 'a list', 'For example ["no", "yes"].');
}

/**
 * A class as text.
 * @param field named in the error
 * @throws PlumblineError `invalid_request` on NaN and on anything but text, numbers and booleans
 */
export function classText(value: ClassValue, field: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean' || (typeof value === 'number' && !Number.isNaN(value))) return String(value);
  throw invalid(`${field}: expected a class (text, a number or a boolean)`);
}

function invalid(message: string): PlumblineError {
  return new PlumblineError('invalid_request', message, 'A sample is {actual, predicted, correct?, count?}.');
}

function indexOf(state: ConfusionState, name: string): number {
  const known = state.index.get(name);
  if (known !== undefined) return known;
  const index = state.rows.length;
  state.index.set(name, index);
  state.rows.push(new Map());
  return index;
}

/** A counter that is gone at zero: taking back leaves no trace. */
function addTo(counts: Map<number, number>, key: number, count: number): void {
  const sum = (counts.get(key) ?? 0) + count;
  if (sum === 0) counts.delete(key);
  else counts.set(key, sum);
}

function readConfusion(state: ConfusionState): ConfusionReading {
  checkKind(state, FORMAT, ...FIELDS);
  const tallies = Array.from(state.index.keys(), (name) => ({
    class: name,
    support: 0,
    predicted: 0,
    truePositives: 0,
  }));
  const cells: ConfusionCell[] = [];
  let samples = 0;
  let hits = 0;
  const add = (actual: number, predicted: number, correct: boolean, count: number): void => {
    const [label, guess] = [tallies[actual], tallies[predicted]];
    if (count <= 0 || !label || !guess) return;
    cells.push({ actual, predicted, correct, count });
    samples += count;
    label.support += count;
    guess.predicted += count;
    if (!correct) return;
    hits += count;
    label.truePositives += count;
  };
  state.rows.forEach((row, actual) => {
    const folded = state.folded.get(actual) ?? 0;
    for (const [predicted, count] of row)
      add(actual, predicted, predicted === actual, count - (predicted === actual ? folded : 0));
    add(actual, actual, false, folded);
  });
  return { samples, correct: hits, classes: tallies, cells };
}

function serialiseConfusion(state: ConfusionState): SerialisedState {
  const cells = state.rows.flatMap((row, actual) =>
    Array.from(row, ([predicted, count]): [number, number, number] => [actual, predicted, count]),
  );
  return {
    format: FORMAT,
    version: VERSION,
    data: { classes: [...state.index.keys()], cells, folded: Array.from(state.folded) },
  };
}
