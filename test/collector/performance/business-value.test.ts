/** Values by hand, the interval of the mean by simulation, and cells that are missing or no numbers. */
import { businessValue, type ValueMatrix } from '../../../collector/src/performance/business-value.ts';
import { confusionAlgebra, type ConfusionState } from '../../../collector/src/performance/confusion.ts';
import { wilsonInterval } from '../../../collector/src/performance/wilson.ts';
import { drawConfusion, seeded, withoutChance } from './support/draw-samples.ts';

const FRAUD: ValueMatrix = Object.freeze({ fraud: { fraud: 100, fine: -400 }, fine: { fraud: -5, fine: 0.5 } });

function stateOf(...cells: readonly (readonly [string, string, number])[]): ConfusionState {
  const state = confusionAlgebra.create();
  for (const [actual, predicted, count] of cells) confusionAlgebra.record(state, { actual, predicted, count });
  return state;
}

test('total and mean are the sums by hand', () => {
  const state = stateOf(['fraud', 'fraud', 8], ['fraud', 'fine', 2], ['fine', 'fraud', 10], ['fine', 'fine', 980]);
  const { samples, total, mean } = businessValue(state, FRAUD);
  expect([samples, total, mean.value, mean.n]).toEqual([1_000, 800 - 800 - 50 + 490, 0.44, 1_000]);
});

test('a matrix of 0 and 1 gives the accuracy and its Wilson interval', () => {
  const { mean } = businessValue(stateOf(['a', 'a', 7], ['a', 'b', 2], ['b', 'b', 4]), {
    a: { a: 1, b: 0 },
    b: { b: 1 },
  });
  const { low, high } = wilsonInterval(11, 13);
  expect(mean.value).toBeCloseTo(11 / 13, 12);
  expect(mean.low).toBeCloseTo(low, 12);
  expect(mean.high).toBeCloseTo(high, 12);
});

test('all samples in one cell leave a width towards the rest of the matrix', () => {
  const { mean } = businessValue(stateOf(['fine', 'fine', 50]), FRAUD);
  expect(mean.value).toBe(0.5);
  expect(mean.low).toBeLessThan(-20);
  expect(mean.high).toBeGreaterThan(0.5);
});

test('the 95 % interval holds the true mean in 92.5 to 97.5 % of 1,000 runs', () => {
  const model = [
    [0.25, 0.1],
    [0.05, 0.6],
  ];
  const matrix = { 0: { 0: 30, 1: -80 }, 1: { 0: -10, 1: 1 } };
  const truth = businessValue(withoutChance(model), matrix).mean.value as number;
  const uniform = seeded(11);
  let held = 0;
  for (let run = 0; run < 1_000; run++) {
    const { low, high } = businessValue(drawConfusion(model, 200, uniform), matrix).mean;
    held += Number((low as number) <= truth && truth <= (high as number));
  }
  expect(held / 1_000).toBeGreaterThan(0.925);
  expect(held / 1_000).toBeLessThan(0.975);
});

test('one value everywhere is certain; no samples have none; one sample has a wide one', () => {
  expect(businessValue(stateOf(['a', 'b', 3]), { a: { b: -2 } }).mean).toMatchObject({ value: -2, low: -2, high: -2 });
  expect(businessValue(confusionAlgebra.create(), {})).toEqual({
    samples: 0,
    total: 0,
    mean: { value: null, n: 0, low: null, high: null },
  });
  const { low, high } = businessValue(stateOf(['fraud', 'fraud', 1]), FRAUD).mean;
  expect([low, high]).toEqual([expect.any(Number), 100]);
  expect(low).toBeLessThan(-250);
});

test.each<[string, unknown]>([
  ['["fraud"]["fine"] has samples but no number', { fraud: { fraud: 1 } }],
  ['["fraud"]["fine"] has samples but no number', {}],
  ['["fraud"]["fine"] expected a finite number, got NaN', { fraud: { fine: Number.NaN } }],
  ['["fraud"]["fine"] expected a finite number, got Infinity', { fraud: { fine: Infinity } }],
  ['["fraud"]["fine"] expected a finite number, got 1', { fraud: { fine: '1' } }],
  ['["x"] expected a number per prediction', { x: null, fraud: { fine: 1 } }],
])('%s', (message, matrix) => {
  expect(() => businessValue(stateOf(['fraud', 'fine', 1]), matrix as ValueMatrix)).toThrow(
    expect.objectContaining({ code: 'invalid_configuration', message: `value matrix: ${message}` }),
  );
});

test('a class called as a member of every object is missing like any other', () => {
  expect(() => businessValue(stateOf(['constructor', 'name', 1]), {})).toThrow('["constructor"]["name"] has samples');
});

test('a class into which different ones were folded has no one value', () => {
  const state = confusionAlgebra.create();
  confusionAlgebra.record(state, { actual: '__other__', predicted: '__other__', correct: false });
  expect(() => businessValue(state, { __other__: { __other__: 1 } })).toThrow('different classes were counted');
});
