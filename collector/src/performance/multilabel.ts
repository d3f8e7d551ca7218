/**
 * Samples with any number of labels each, as a stream: per label what was hit and missed, and how many samples had which number of
 * right, predicted and true labels. From these whole numbers follow all averages, those over samples included, exactly and mergeably.
 */
import { sampleOf } from '../distribution/arguments.ts';
import { checkKind, openState, type StreamAlgebra } from '../distribution/state.ts';
import { PlumblineError } from '../errors.ts';
import type { ClassValue } from '../prediction.ts';
import { classList, classText } from './confusion.ts';
import { parseMultilabel } from './parse-multilabel.ts';

/** A sample with its true and its predicted labels, or several alike. */
export interface MultilabelSample {
  /** Labels that are equal as text count once; none is fine. */
  readonly actual: readonly ClassValue[];
  readonly predicted: readonly ClassValue[];
  /** How many samples, a whole number, default 1; negative takes back what was counted before. */
  readonly count?: number;
}

/** One label's hits, false alarms and misses. */
export interface LabelCounts {
  truePositives: number;
  falsePositives: number;
  falseNegatives: number;
}

/** Counts that add up; negative ones as in `ConfusionState`. */
export interface MultilabelState {
  /** Labels that count as a column even while they never occur. */
  readonly declared: Set<string>;
  /** Labels that occur; those whose counts cancelled out are gone. */
  readonly labels: Map<string, LabelCounts>;
  /** Samples by the numbers of labels in them (`shapeKey`). */
  readonly shapes: Map<number, number>;
  samples: number;
}

/** Samples that have the same numbers of labels. */
export interface SampleShape {
  /** Labels both true and predicted. */
  readonly overlap: number;
  readonly predicted: number;
  readonly actual: number;
  readonly count: number;
}

/** A state as measures read it: counts below zero read as none. */
export interface MultilabelReading {
  readonly samples: number;
  /** Every label declared or occurring, declared ones first. */
  readonly labels: readonly (Readonly<LabelCounts> & { readonly label: string })[];
  readonly shapes: readonly SampleShape[];
}

const FORMAT = 'plumbline.multilabel';
const VERSION = 1;
const FIELDS = ['declared', 'labels', 'shapes', 'samples'] as const;
/** Three numbers of labels in one key, exact below 2⁴⁸. */
const BASE = 2 ** 16;

/**
 * The algebra of multilabel counts. `record` O(labels of the sample), `merge` and `read` O(labels + shapes); of 20 labels a sample
 * has 12,000 shapes at most, in practice dozens. `record` throws `invalid_request` on labels that are not a list of classes (text
 * alone would be a list of letters), on NaN, null or an object among them, on more than 65,535 labels, and on a count that is
 * no whole number; the state stays as it was.
 */
export const multilabelAlgebra: StreamAlgebra<MultilabelState, MultilabelSample, MultilabelReading> = {
  create: () => declareLabels([]),
  record(state, sample) {
    const { actual, predicted, count = 1 } = sampleOf(sample);
    const truth = labelSet(actual, 'actual');
    const guess = labelSet(predicted, 'predicted');
    if (!Number.isSafeInteger(count)) throw invalid(`count: expected a whole number, got ${String(count)}`);
    let overlap = 0;
    for (const label of truth) {
      const hit = guess.has(label);
      overlap += Number(hit);
      addCounts(state, label, hit ? count : 0, 0, hit ? 0 : count);
    }
    for (const label of guess) if (!truth.has(label)) addCounts(state, label, 0, count, 0);
    addShape(state, (overlap * BASE + guess.size) * BASE + truth.size, count);
    state.samples += count;
  },
  merge(state, other) {
    checkKind(other, FORMAT, ...FIELDS);
    // Copied first: a state may be merged into itself.
    const labels = Array.from(other.labels, ([label, counts]) => ({ label, ...counts }));
    const shapes = [...other.shapes];
    const { samples } = other;
    for (const label of other.declared) state.declared.add(label);
    for (const { label, truePositives, falsePositives, falseNegatives } of labels)
      addCounts(state, label, truePositives, falsePositives, falseNegatives);
    for (const [key, count] of shapes) addShape(state, key, count);
    state.samples += samples;
  },
  read(state) {
    checkKind(state, FORMAT, ...FIELDS);
    const shapes = Array.from(state.shapes, ([key, count]) => ({ ...shapeOf(key), count })).filter(
      ({ count }) => count > 0,
    );
    const samples = shapes.reduce((sum, { count }) => sum + count, 0);
    const names = new Set([...state.declared, ...state.labels.keys()]);
    const labels = Array.from(names, (label) => readLabel(state.labels.get(label), label, samples));
    return { samples, labels, shapes };
  },
  serialise: (state) => ({
    format: FORMAT,
    version: VERSION,
    data: {
      declared: [...state.declared],
      labels: Array.from(state.labels, ([label, counts]) => [
        label,
        counts.truePositives,
        counts.falsePositives,
        counts.falseNegatives,
      ]),
      shapes: Array.from(state.shapes, ([key, count]) => {
        const { overlap, predicted, actual } = shapeOf(key);
        return [overlap, predicted, actual, count];
      }),
    },
  }),
  parse(value) {
    const { declared, labels, shapes } = parseMultilabel(openState(value, FORMAT, VERSION), BASE);
    const state = declareLabels(declared);
    for (const [label, hits, falseAlarms, misses] of labels) addCounts(state, label, hits, falseAlarms, misses);
    for (const [overlap, predicted, actual, count] of shapes) {
      addShape(state, (overlap * BASE + predicted) * BASE + actual, count);
      state.samples += count;
    }
    return state;
  },
};

/** The state of no samples over labels known beforehand: they count in macro averages and the Hamming loss from the start. */
export function declareLabels(labels: Iterable<ClassValue>): MultilabelState {
  const declared = new Set(Array.from(classList(labels, 'labels'), (label) => classText(label, 'label')));
  return { declared, labels: new Map(), shapes: new Map(), samples: 0 };
}

function labelSet(labels: readonly ClassValue[], field: string): Set<string> {
  if (!Array.isArray(labels)) throw invalid(`${field}: expected a list of labels`);
  const set = new Set(labels.map((label) => classText(label, field)));
  if (set.size >= BASE) throw invalid(`${field}: at most ${BASE - 1} labels`);
  return set;
}

function invalid(message: string): PlumblineError {
  return new PlumblineError('invalid_request', message, 'A sample is {actual: [labels], predicted: [labels], count?}.');
}

function addCounts(state: MultilabelState, label: string, hits: number, falseAlarms: number, misses: number): void {
  const counts = state.labels.get(label) ?? { truePositives: 0, falsePositives: 0, falseNegatives: 0 };
  counts.truePositives += hits;
  counts.falsePositives += falseAlarms;
  counts.falseNegatives += misses;
  if (counts.truePositives === 0 && counts.falsePositives === 0 && counts.falseNegatives === 0)
    state.labels.delete(label);
  else state.labels.set(label, counts);
}

function addShape(state: MultilabelState, key: number, count: number): void {
  const sum = (state.shapes.get(key) ?? 0) + count;
  if (sum === 0) state.shapes.delete(key);
  else state.shapes.set(key, sum);
}

function shapeOf(key: number): Omit<SampleShape, 'count'> {
  const upper = Math.floor(key / BASE);
  return { overlap: Math.floor(upper / BASE), predicted: upper % BASE, actual: key % BASE };
}

/** A label's counts, none below zero and all of them within the samples, also while a correction waits for its merge. */
function readLabel(
  counts: LabelCounts | undefined,
  label: string,
  samples: number,
): MultilabelReading['labels'][number] {
  const within = (count: number | undefined, room: number): number => Math.min(room, Math.max(0, count ?? 0));
  const truePositives = within(counts?.truePositives, samples);
  const falseNegatives = within(counts?.falseNegatives, samples - truePositives);
  const falsePositives = within(counts?.falsePositives, samples - truePositives - falseNegatives);
  return { label, truePositives, falsePositives, falseNegatives };
}
