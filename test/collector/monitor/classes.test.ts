/** Classes: declared, discovered, and what happens beyond the budget. */
import { MAX_CLASSES } from '../../../collector/src/monitor/options.ts';
import { TestCore } from '../support/core.ts';

const names = (count: number) => Array.from({ length: count }, (_, index) => `class-${index}`);

function label(monitor: TestCore, actual: string, predicted: string): void {
  monitor.core.recordLabel(monitor.core.recordPrediction({ prediction: predicted }), actual);
}

test('an undeclared class counts as __other__, and two of them are not the same class', () => {
  const monitor = new TestCore({ classes: ['a', 'b'] });
  label(monitor, 'y', 'z');
  label(monitor, 'z', 'z');
  expect(monitor.core.performance().metrics.accuracy).toMatchObject({ value: 0.5, n: 2 });
  expect(monitor.value('predictions', { prediction: '__other__' })).toBe(2);
  expect(monitor.value('predictions', { prediction: 'z' })).toBeUndefined();
  expect(monitor.value('exact', { result: 'incorrect' })).toBe(1);
  expect(monitor.counted('rejected')).toEqual({ unknown_class: 4 });
});

test('1 and "1" are one class', () => {
  const monitor = new TestCore({ classes: [0, 1] });
  label(monitor, '1', '1');
  monitor.core.recordLabel(monitor.core.recordPrediction({ prediction: 1 }), '1');
  expect(monitor.core.performance().metrics.accuracy).toMatchObject({ value: 1, n: 2 });
  expect(monitor.counted('rejected')).toEqual({});
});

test('the confusion matrix is exported up to 20 declared classes, and not beyond', () => {
  const few = new TestCore({ classes: names(20) });
  const many = new TestCore({ classes: names(21) });
  expect(few.value('confusion', { actual: 'class-19', predicted: 'class-0' })).toBe(0);
  label(many, 'class-1', 'class-1');
  expect(many.value('confusion', { actual: 'class-1' })).toBeUndefined();
  expect(many.core.performance().confusion).toBeNull();
  expect(few.core.performance().confusion).not.toBeNull();
});

describe.each([100, 150, 300, 1_000])('with a budget of %d series', (seriesLimit) => {
  const monitor = new TestCore({ seriesLimit });
  const classes = names(200);
  classes.forEach((name, index) => label(monitor, name, classes[(index * 7) % 200] as string));

  test('discovered classes never take more series than the budget', () => {
    expect(monitor.value('seriesUsed')).toBeLessThanOrEqual(seriesLimit);
    expect(monitor.value('seriesUsed')).toBeGreaterThan(seriesLimit / 2);
    expect(monitor.value('seriesLimit')).toBe(seriesLimit);
  });

  test('what is beyond shares __other__, and is counted', () => {
    expect(monitor.value('predictions', { prediction: '__other__' })).toBeGreaterThan(0);
    expect(monitor.counted('rejected')['class_overflow']).toBeGreaterThan(0);
  });

  test('totals stay exact, also after every label was corrected', () => {
    const total = (key: 'exact' | 'exactRevoked', result: string) => monitor.value(key, { result }) ?? Number.NaN;
    expect(total('exact', 'correct') + total('exact', 'incorrect')).toBe(200);
    const report = monitor.core.performance();
    const correct = classes.filter((name, index) => name === classes[(index * 7) % 200]).length;
    expect(report.metrics.accuracy).toMatchObject({ value: correct / 200, n: 200 });
    const cells = Object.values(report.confusion ?? {}).flatMap((row) => Object.values(row));
    expect(cells.reduce((sum, cell) => sum + cell, 0)).toBe(200);
  });
});

test.each(Array.from({ length: 40 }, (_, more) => 100 + more))(
  'a budget of %d series is kept too: whatever is left when __other__ comes to be',
  (seriesLimit) => {
    const monitor = new TestCore({ seriesLimit });
    const classes = names(60);
    classes.forEach((name, index) => label(monitor, name, classes[(index * 7) % 60] as string));
    expect(monitor.value('seriesUsed')).toBeLessThanOrEqual(seriesLimit);
  },
);

test('a corrected label leaves the cell it was counted in, folded or not', () => {
  const monitor = new TestCore({ seriesLimit: 100 });
  const ids = names(50).map((name) => monitor.core.recordPrediction({ prediction: name }));
  ids.forEach((id, index) => monitor.core.recordLabel(id, `class-${index}`));
  ids.forEach((id) => monitor.core.recordLabel(id, 'class-0'));
  const cells = Object.values(monitor.core.performance().confusion ?? {}).flatMap((row) => Object.values(row));
  expect(Math.min(...cells)).toBeGreaterThanOrEqual(0);
  expect(cells.reduce((sum, cell) => sum + cell, 0)).toBe(50);
});

test('discovered classes end at the maximum, however large the budget', () => {
  const monitor = new TestCore({ seriesLimit: 1_000_000 });
  for (const name of names(MAX_CLASSES + 10)) monitor.core.recordPrediction({ prediction: name });
  expect(monitor.value('predictions', { prediction: `class-${MAX_CLASSES - 1}` })).toBe(1);
  expect(monitor.value('predictions', { prediction: '__other__' })).toBe(10);
  expect(monitor.counted('rejected')).toEqual({ class_overflow: 10 });
});
