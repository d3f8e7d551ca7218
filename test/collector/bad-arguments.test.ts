/** Whatever a caller hands to a measure of the SDK: it answers as its docstring says, or says in one sentence what is wrong. */
import * as sdk from '../../collector/src/index.ts';
import { untyped } from './support/core.ts';

/** Neither a list nor an object nor anything else that a measure asks for. */
const WRONG: readonly unknown[] = [null, 7, NaN, Infinity, 'abc', true, Symbol('s'), 1n, () => 1];
/** Lists and objects of the wrong things. */
const ODD: readonly unknown[] = [{}, [], [NaN], [Infinity], ['x'], [null], [{}], new Map(), new Map([['a', NaN]])];

type Call = (value: never) => unknown;

const profile = sdk.profileReference(Array.from({ length: 200 }, (_, row) => ({ x: row, c: row % 2 ? 'a' : 'b' })));
const [x] = profile.features as [sdk.NumericReference, sdk.FeatureReference];
const one = new Map([['a', 1]]);
const ranges = sdk.allocate([{ version: 'a', weight: 1 }]);
const belief: sdk.Belief = { kind: 'share', successes: 1, failures: 1 };

/** Arguments of which every wrong one is refused. */
const STRICT: Readonly<Record<string, readonly Call[]>> = {
  rocAuc: [(v) => sdk.rocAuc(v, [1]), (v) => sdk.rocAuc([0.5], v)],
  averagePrecision: [(v) => sdk.averagePrecision(v, [1]), (v) => sdk.averagePrecision([0.5], v)],
  cbpeBinary: [(v) => sdk.cbpeBinary(v, [1]), (v) => sdk.cbpeBinary([0.5], v), (v) => sdk.cbpeBinary([0.5], [1], v)],
  cbpeMulticlass: [
    (v) => sdk.cbpeMulticlass(v, [0], 2),
    (v) => sdk.cbpeMulticlass([0.5, 0.5], v, 2),
    (v) => sdk.cbpeMulticlass([0.5, 0.5], [0], v),
  ],
  binnedCbpe: [
    (v) => sdk.binnedCbpe(v, sdk.calibrationAlgebra.create()),
    (v) => sdk.binnedCbpe(sdk.calibrationAlgebra.create(), v),
  ],
  estimateLoss: [
    (v) => sdk.estimateLoss(v, sdk.lossAlgebra([]).create()),
    (v) => sdk.estimateLoss(sdk.lossAlgebra([]).create(), v),
  ],
  expectedCalibrationError: [(v) => sdk.expectedCalibrationError(v)],
  reliability: [(v) => sdk.reliability(v)],
  classificationReport: [(v) => sdk.classificationReport(v)],
  multilabelReport: [(v) => sdk.multilabelReport(v)],
  featureCountsAlgebra: [(v) => sdk.featureCountsAlgebra(v)],
  windowOfBins: [(v) => sdk.windowOfBins(v, sdk.featureCountsAlgebra(x).create()), (v) => sdk.windowOfBins(x, v)],
  againstPrevious: [
    (v) => sdk.againstPrevious(v, sdk.windowOfCounts('a', one, one)),
    (v) => sdk.againstPrevious(sdk.windowOfCounts('a', one, one), v),
  ],
  judgeQuality: [
    (v) => sdk.judgeQuality(v, { rows: 1, missing: 0, topShare: 1 }, 0.01),
    (v) => sdk.judgeQuality({ rows: 1, missing: 0, type: 0, range: 0, unseen: 0, distinct: 1 }, v, 0.01),
  ],
  createPersistence: [(v) => sdk.createPersistence(v)],
  parseReference: [(v) => sdk.parseReference(v)],
  createMonitor: [(v) => sdk.createMonitor(v)],
  allocate: [(v) => sdk.allocate(v), (v) => sdk.allocate([{ version: 'a', weight: 1 }], v)],
  probabilityBest: [(v) => sdk.probabilityBest(v)],
  pairedDifferenceOf: [(v) => sdk.pairedDifferenceOf(v)],
  createComparison: [(v) => sdk.createComparison(v)],
  createRouter: [(v) => sdk.createRouter(v)],
  plumblineProvider: [(v) => sdk.plumblineProvider(v)],
};

/** Arguments of which some wrong ones have a meaning (an empty list, options that say nothing, what is left out). */
const LENIENT: Readonly<Record<string, readonly Call[]>> = {
  binaryReport: [(v) => sdk.binaryReport(sdk.confusionAlgebra.create(), v)],
  businessValue: [(v) => sdk.businessValue(sdk.confusionAlgebra.create(), v)],
  declareClasses: [(v) => sdk.declareClasses(v)],
  declareLabels: [(v) => sdk.declareLabels(v)],
  lossAlgebra: [(v) => sdk.lossAlgebra(v)],
  scoreAlgebra: [(v) => sdk.scoreAlgebra(v)],
  windowScoresAlgebra: [(v) => sdk.windowScoresAlgebra(v)],
  quantileSketchAlgebra: [(v) => sdk.quantileSketchAlgebra(v)],
  judgeWindow: [(v) => sdk.judgeWindow(v), (v) => sdk.judgeWindow([], v)],
  windowOfValues: [(v) => sdk.windowOfValues('x', x, v), (v) => sdk.windowOfValues('x', v, [1])],
  windowOfSamples: [(v) => sdk.windowOfSamples('x', v, [1]), (v) => sdk.windowOfSamples('x', [1], [1], v)],
  windowOfCounts: [(v) => sdk.windowOfCounts('x', v, one), (v) => sdk.windowOfCounts('x', one, v)],
  predictionShift: [
    (v) => sdk.predictionShift(v, one),
    (v) => sdk.predictionShift(one, v),
    (v) => sdk.predictionShift(one, one, v),
  ],
  embeddingDrift: [
    (v) => sdk.embeddingDrift(v, [[1]]),
    (v) => sdk.embeddingDrift([[1]], v),
    (v) => sdk.embeddingDrift([[1]], [[2]], v),
  ],
  serialDependence: [(v) => sdk.serialDependence(v)],
  categoricalDependence: [(v) => sdk.categoricalDependence(v)],
  createAdwin: [(v) => sdk.createAdwin(v)],
  createDdm: [(v) => sdk.createDdm(v)],
  createPageHinkley: [(v) => sdk.createPageHinkley(v)],
  bucketOf: [(v) => sdk.bucketOf(v, 'salt'), (v) => sdk.bucketOf('key', v)],
  versionAt: [(v) => sdk.versionAt(v, 7), (v) => sdk.versionAt(ranges, v)],
  propensityOf: [(v) => sdk.propensityOf(v, 'a'), (v) => sdk.propensityOf(ranges, v)],
  weightsAt: [(v) => sdk.weightsAt(v, 7), (v) => sdk.weightsAt([{ at: 1, shares: [] }], v)],
  banditWeights: [(v) => sdk.banditWeights(v), (v) => sdk.banditWeights([{ version: 'a', belief }], v)],
  sampleRatio: [(v) => sdk.sampleRatio(v), (v) => sdk.sampleRatio([{ expected: [1], keys: [1] }], v)],
  compareArms: [
    (v) => sdk.compareArms(v, [], []),
    (v) => sdk.compareArms({ task: 'classification', control: 'a', arms: ['b'] }, v, []),
    (v) => sdk.compareArms({ task: 'classification', control: 'a', arms: ['b'] }, [], v),
  ],
  pairedDifference: [(v) => sdk.pairedDifference(v, [true]), (v) => sdk.pairedDifference([true], v)],
  pairedErrorDifference: [(v) => sdk.pairedErrorDifference(v, [1]), (v) => sdk.pairedErrorDifference([1], v)],
  profileReference: [(v) => sdk.profileReference(v), (v) => sdk.profileReference([{ a: 1 }], v)],
};

const ALGEBRAS = {
  confusionAlgebra: sdk.confusionAlgebra,
  multilabelAlgebra: sdk.multilabelAlgebra,
  calibrationAlgebra: sdk.calibrationAlgebra,
  classScoreAlgebra: sdk.classScoreAlgebra,
  regressionAlgebra: sdk.regressionAlgebra,
  scoreAlgebra: sdk.scoreAlgebra([0.5]),
  windowScoresAlgebra: sdk.windowScoresAlgebra(10),
  lossAlgebra: sdk.lossAlgebra([1, 2]),
  quantileSketchAlgebra: sdk.quantileSketchAlgebra(),
  featureCountsAlgebra: sdk.featureCountsAlgebra(x),
} as unknown as Readonly<Record<string, sdk.StreamAlgebra<object, unknown, unknown>>>;

/** No measures: looked at by tests of their own. */
const OTHERS = [
  ...['METRICS', 'MonitorMetricProducer', 'PlumblineError', 'logitScoreEdges', 'prometheusName'],
  ...['readReferenceFile', 'writeReferenceFile', 'startMetricExport', 'hashFeature', 'materialise'],
];

/** How a call ends: its answer, or the code of the error. @throws anything that is not one of our errors */
function outcome(call: Call, value: unknown): unknown {
  try {
    return call(untyped<never>(value));
  } catch (error) {
    if (!(error instanceof sdk.PlumblineError)) throw error;
    expect(error.message.length * error.help.length).toBeGreaterThan(0);
    return error.code;
  }
}

test('every function of the SDK is looked at', () => {
  const looked = [STRICT, LENIENT, ALGEBRAS].flatMap((table) => Object.keys(table));
  expect([...new Set([...looked, ...OTHERS])].sort()).toEqual(Object.keys(sdk).sort());
});

test.each(Object.entries(STRICT))('%s refuses each wrong argument', (_name, calls) => {
  for (const call of calls)
    for (const value of [...WRONG, ...ODD.filter((odd) => !Array.isArray(odd) || odd.length > 0)])
      expect(outcome(call, value)).toMatch(/^invalid_(?:request|configuration|reference)$|^foreign_state$/);
});

test.each(Object.entries(LENIENT))('%s answers or refuses, and never fails otherwise', (_name, calls) => {
  for (const call of calls) {
    expect(outcome(call, null)).toMatch(/^invalid_/);
    expect(outcome(call, Symbol('s'))).toMatch(/^invalid_/);
    for (const value of [...WRONG, ...ODD]) outcome(call, value);
  }
});

describe.each(Object.entries(ALGEBRAS))('%s', (name, algebra) => {
  test('a sample that is none is refused, and nothing changes; a feature takes anything', () => {
    const state = algebra.create();
    for (const sample of [...WRONG, ...ODD, undefined]) {
      const said = outcome((value) => algebra.record(state, value), sample);
      if (name !== 'featureCountsAlgebra') expect(said).toBe('invalid_request');
    }
    if (name !== 'featureCountsAlgebra') expect(state).toEqual(algebra.create());
  });

  test('a state of another kind is neither merged nor parsed, and nothing changes', () => {
    const state = algebra.create();
    const others = Object.values(ALGEBRAS).filter((other) => other !== algebra);
    const foreign = [...WRONG, ...ODD, undefined, ...others.map((other) => other.create())];
    for (const other of foreign) expect(outcome((value) => algebra.merge(state, value), other)).toBe('foreign_state');
    const written = others.map((other) => other.serialise(other.create()));
    for (const other of [...WRONG, ...ODD, undefined, ...written])
      expect(outcome((value) => algebra.parse(value), other)).toBe('foreign_state');
    expect(state).toEqual(algebra.create());
  });
});
