/** Confusion counts: bad input, corrections ahead of their sample, 1,000 classes, foreign states. */
import {
  confusionAlgebra,
  declareClasses,
  type ConfusionState,
  type LabelledSample,
} from '../../../collector/src/performance/confusion.ts';

const EMPTY = { samples: 0, correct: 0, classes: [], cells: [] };

function recorded(...items: LabelledSample[]): ConfusionState {
  const state = confusionAlgebra.create();
  for (const item of items) confusionAlgebra.record(state, item);
  return state;
}

test('nothing recorded reads as nothing', () => {
  expect(confusionAlgebra.read(confusionAlgebra.create())).toEqual(EMPTY);
});

test('declared classes keep their order and count once', () => {
  const state = declareClasses(['b', 'a', 'b', 1, true]);
  confusionAlgebra.record(state, { actual: 'z', predicted: 'a' });
  const names = confusionAlgebra.read(state).classes.map((item) => item.class);
  expect(names).toEqual(['b', 'a', '1', 'true', 'z']);
});

test('classes are the same when their text is', () => {
  const state = recorded(
    { actual: 1, predicted: '1' },
    { actual: true, predicted: 'true' },
    { actual: -0, predicted: 0 },
  );
  expect(confusionAlgebra.read(state)).toMatchObject({ samples: 3, correct: 3 });
});

test('an infinite number is a class as any other, an empty text too', () => {
  expect(confusionAlgebra.read(recorded({ actual: Infinity, predicted: '' })).classes).toEqual([
    { class: 'Infinity', support: 1, predicted: 0, truePositives: 0 },
    { class: '', support: 0, predicted: 1, truePositives: 0 },
  ]);
});

test.each([
  ['actual', { actual: Number.NaN, predicted: 'a' }],
  ['actual', { predicted: 'a' }],
  ['actual', { actual: null, predicted: 'a' }],
  ['predicted', { actual: 'a', predicted: {} }],
  ['predicted', { actual: 'a', predicted: Symbol('a') }],
  ['predicted', { actual: 'a', predicted: 1n }],
  ['count', { actual: 'a', predicted: 'a', count: 0.5 }],
  ['count', { actual: 'a', predicted: 'a', count: Number.NaN }],
  ['count', { actual: 'a', predicted: 'a', count: Infinity }],
  ['count', { actual: 'a', predicted: 'a', count: '1' }],
])('a sample with a bad %s is refused and leaves no trace: %p', (field, item) => {
  const state = confusionAlgebra.create();
  expect(() => confusionAlgebra.record(state, item as LabelledSample)).toThrow(
    expect.objectContaining({ code: 'invalid_request', message: expect.stringContaining(field) }),
  );
  expect(confusionAlgebra.read(state)).toEqual(EMPTY);
});

test('folded into one class, two different ones are a miss', () => {
  const state = recorded(
    { actual: '__other__', predicted: '__other__', correct: false, count: 3 },
    { actual: '__other__', predicted: '__other__', correct: true, count: 2 },
  );
  expect(confusionAlgebra.read(state)).toEqual({
    samples: 5,
    correct: 2,
    classes: [{ class: '__other__', support: 5, predicted: 5, truePositives: 2 }],
    cells: [
      { actual: 0, predicted: 0, correct: true, count: 2 },
      { actual: 0, predicted: 0, correct: false, count: 3 },
    ],
  });
});

test('a correction ahead of its sample reads as nothing until both are merged', () => {
  const ahead = recorded({ actual: 'a', predicted: 'b', count: -1 });
  expect(confusionAlgebra.read(ahead)).toMatchObject({ samples: 0, cells: [] });
  confusionAlgebra.merge(ahead, recorded({ actual: 'a', predicted: 'b' }, { actual: 'a', predicted: 'a' }));
  expect(confusionAlgebra.read(ahead)).toMatchObject({ samples: 1, correct: 1 });
});

test('1,000 classes, all of them confused: cells are what was seen', () => {
  const state = confusionAlgebra.create();
  for (let item = 0; item < 1_000; item++)
    confusionAlgebra.record(state, { actual: item, predicted: (item * 7 + 1) % 1_000, count: item + 1 });
  const { samples, classes, cells } = confusionAlgebra.read(state);
  expect([samples, classes.length, cells.length]).toEqual([500_500, 1_000, 1_000]);
});

const data = { classes: ['a', 'b'], cells: [[0, 1, 2]], folded: [] };
const written = { format: 'plumbline.confusion', version: 1, data };

test('the written form is stable', () => {
  expect(confusionAlgebra.serialise(recorded({ actual: 'a', predicted: 'b', count: 2 }))).toEqual(written);
});

test.each<[string, unknown]>([
  ['expected a state of format', null],
  ['expected a state of format', 'text'],
  ['expected a state of format', { ...written, format: 'plumbline.moments' }],
  ['is of version 2, not 1', { ...written, version: 2 }],
  ['has no data', { format: 'plumbline.confusion', version: 1 }],
  ['data: expected an object', { ...written, data: null }],
  ['classes: expected distinct texts', { ...written, data: { ...data, classes: ['a', 'a'] } }],
  ['classes: expected distinct texts', { ...written, data: { ...data, classes: ['a', 1] } }],
  ['cells: expected a list', { ...written, data: { ...data, cells: {} } }],
  ['cells[0]: expected 3 values', { ...written, data: { ...data, cells: [[0, 1]] } }],
  ['cells[0]: expected indices of classes', { ...written, data: { ...data, cells: [[0, 2, 1]] } }],
  ['cells[0]: expected indices of classes', { ...written, data: { ...data, cells: [[-1, 0, 1]] } }],
  ['cells[0]: expected whole numbers', { ...written, data: { ...data, cells: [[0, 1, 0.5]] } }],
  ['cells[0]: expected whole numbers', { ...written, data: { ...data, cells: [[0, 1, null]] } }],
  ['cells[1]: stands there twice', { ...written, data: { ...data, cells: [...data.cells, ...data.cells] } }],
  ['folded[0]: expected 2 values', { ...written, data: { ...data, folded: [7] } }],
  [
    'more samples than can be counted',
    {
      ...written,
      data: {
        ...data,
        cells: [
          [0, 0, Number.MAX_SAFE_INTEGER],
          [0, 1, 1],
        ],
      },
    },
  ],
])('a foreign state is refused: %s', (message, value) => {
  expect(() => confusionAlgebra.parse(value)).toThrow(
    expect.objectContaining({ code: 'foreign_state', message: expect.stringContaining(message) }),
  );
});
