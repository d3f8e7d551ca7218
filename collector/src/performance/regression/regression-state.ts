/**
 * Labelled predictions of a regression as a stream: sums of errors and of labels, and a sketch of the residuals. Labels are summed
 * about a centre (the first one), so that labels of 10⁹ ± 1 lose no digits; merging moves the centre.
 */
import { quantileSketchAlgebra, type QuantileSketch } from '../../distribution/sketch/quantile-sketch.ts';
import { sampleOf } from '../../distribution/arguments.ts';
import {
  checkKind,
  foreignState,
  openState,
  type SerialisedState,
  type StreamAlgebra,
} from '../../distribution/state.ts';
import { PlumblineError } from '../../errors.ts';
import { fieldsOf } from '../state-fields.ts';
import { readRegression, type RegressionReading } from './regression-metrics.ts';
import { addSums, namedSums, noSums, recentred, SUM_NAMES, writeSums } from './regression-sums.ts';

/** A prediction and what came true. */
export interface RegressionSample {
  readonly actual: number;
  readonly predicted: number;
  /** How many, a whole number, default 1; negative takes back what was counted before. */
  readonly count?: number;
}

/** Sums with their centre (null before the first sample), and the residuals e. */
export interface RegressionState {
  centre: number | null;
  /** See `SUM_NAMES`. */
  readonly sums: Float64Array;
  /** What rounding dropped of the sums. */
  readonly rest: Float64Array;
  readonly residuals: QuantileSketch;
}

const FORMAT = 'plumbline.regression';
const VERSION = 1;
const residualSketch = quantileSketchAlgebra();
/** What one sample adds, from one line of `record` to the next: nothing is allocated per sample. */
const SCRATCH = noSums();

/**
 * The algebra of regression samples. Counts and the sketch merge exactly in any order, the sums to within rounding. Cost: `record`
 * about 100 ns, `merge` and `read` O(filled bins of the sketch). `record` throws `invalid_request` on an `actual` or `predicted` that is
 * no finite number, or whose difference is not, and on a count that is no whole number, and leaves the state as it was. Squares beyond the
 * largest double make what rests on them Infinity.
 */
export const regressionAlgebra: StreamAlgebra<RegressionState, RegressionSample, RegressionReading> = {
  create: () => ({ centre: null, sums: noSums(), rest: noSums(), residuals: residualSketch.create() }),
  record(state, sample) {
    const { actual, predicted, count = 1 } = sampleOf(sample);
    checkNumber(actual, 'actual');
    checkNumber(predicted, 'predicted');
    const error = predicted - actual;
    checkNumber(error, 'predicted − actual');
    residualSketch.record(state.residuals, { value: error, count });
    state.centre ??= actual;
    writeSums(SCRATCH, error, actual, actual - state.centre);
    addSums(state.sums, state.rest, SCRATCH, count);
  },
  merge(state, other) {
    checkKind(other, FORMAT, 'centre', 'sums', 'rest', 'residuals');
    residualSketch.merge(state.residuals, other.residuals);
    if (other.centre === null) return;
    state.centre ??= other.centre;
    const shift = state.centre - other.centre;
    // Made first: a state may be merged into itself.
    const parts = [recentred(other.sums, shift), recentred(other.rest, shift)];
    for (const part of parts) addSums(state.sums, state.rest, part, 1);
  },
  read: ({ centre, sums, rest, residuals }) =>
    readRegression(namedSums(sums, rest), centre ?? 0, residualSketch.read(residuals)),
  serialise: serialiseRegression,
  parse: (value) => parseRegression(openState(value, FORMAT, VERSION)),
};

function serialiseRegression({ centre, sums, rest, residuals }: RegressionState): SerialisedState {
  const data = { centre, sums: namedSums(sums), rest: namedSums(rest), residuals: residualSketch.serialise(residuals) };
  return { format: FORMAT, version: VERSION, data };
}

function parseRegression(value: unknown): RegressionState {
  const { centre, sums, rest, residuals } = fieldsOf(value);
  if (centre !== null && !Number.isFinite(centre)) throw foreignState('centre: expected a number or null');
  return {
    centre: centre as number | null,
    sums: parseSums(sums, 'sums'),
    rest: parseSums(rest, 'rest'),
    residuals: residualSketch.parse(residuals),
  };
}

function parseSums(value: unknown, field: string): Float64Array {
  const given = fieldsOf(value);
  return Float64Array.from(SUM_NAMES, (name) => {
    const whole = name === 'n' || name === 'tiny';
    const usable = whole ? Number.isSafeInteger(given[name]) : Number.isFinite(given[name]);
    if (!usable) throw foreignState(`${field}.${name}: expected a ${whole ? 'whole' : 'finite'} number`);
    return given[name] as number;
  });
}

function checkNumber(value: unknown, field: string): asserts value is number {
  if (typeof value === 'number' && Number.isFinite(value)) return;
  const message = `${field}: ${String(value)} is not a finite number`;
  throw new PlumblineError('invalid_request', message, 'A sample is {actual, predicted, count?}.');
}
