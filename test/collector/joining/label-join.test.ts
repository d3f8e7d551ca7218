/** The label join on its own; that its counts add up under any history is a property test. */
import { LabelJoin } from '../../../collector/src/joining/label-join.ts';

const join = (capacity = 3) => new LabelJoin({ capacity, maxAge: 100, deadline: 10 }, [1, 2]);

test('first label, same label, other label, nobody', () => {
  const labels = join();
  expect(labels.put('x', 'a', 1_000, 1_000)).toBe(0);
  expect(labels.label('x', 'a', 1_005)).toEqual({ status: 'joined', predicted: 'a', delay: 5 });
  expect(labels.label('x', 'a', 1_006)).toEqual({ status: 'duplicate' });
  expect(labels.label('x', 'b', 1_007)).toEqual({ status: 'corrected', predicted: 'a', former: 'a' });
  expect(labels.label('x', 'a', 1_008)).toEqual({ status: 'corrected', predicted: 'a', former: 'b' });
  expect(labels.label('y', 'a', 1_009)).toEqual({ status: 'unknown' });
});

test('at the deadline in time, after it late; a label before its prediction has no negative delay', () => {
  const labels = join();
  for (const id of ['in time', 'late', 'early']) labels.put(id, 'a', 1_000, 1_000);
  expect(labels.label('in time', 'a', 1_010).status).toBe('joined');
  expect(labels.label('late', 'a', 1_011).status).toBe('late');
  expect(labels.label('early', 'a', 900)).toEqual({ status: 'joined', predicted: 'a', delay: 0 });
});

test('an empty class is a label too', () => {
  const labels = join();
  labels.put('x', '', 0, 0);
  expect([labels.label('x', '', 0).status, labels.label('x', '', 0).status]).toEqual(['joined', 'duplicate']);
});

test('an id that is held is not taken again, and nothing changes', () => {
  const labels = join();
  labels.put('x', 'a', 0, 0);
  expect(labels.put('x', 'b', 0, 0)).toBe(false);
  expect([labels.size, labels.pending, labels.label('x', 'c', 0)]).toEqual([
    1,
    1,
    { status: 'joined', predicted: 'a', delay: 0 },
  ]);
});

test('the oldest makes room; only an unlabelled one counts as expired', () => {
  const labels = join(2);
  labels.put('1', 'a', 0, 0);
  labels.put('2', 'a', 0, 0);
  labels.label('1', 'a', 0);
  expect(labels.put('3', 'a', 0, 0)).toBe(0);
  expect(labels.put('4', 'a', 0, 0)).toBe(1);
  expect([labels.size, labels.pending]).toEqual([2, 2]);
  expect(['1', '2', '3', '4'].map((id) => labels.label(id, 'a', 0).status)).toEqual([
    'unknown',
    'unknown',
    'joined',
    'joined',
  ]);
});

test('age counts from arrival, whatever time a prediction carries', () => {
  const labels = join();
  labels.put('old time', 'a', -1e12, 1_000);
  expect(labels.expire(1_100)).toBe(0);
  expect(labels.expire(1_101)).toBe(1);
  expect([labels.size, labels.pending]).toEqual([0, 0]);
});

test('a slot that is used again has forgotten who was there', () => {
  const labels = join(1);
  for (let round = 0; round < 50; round++) {
    labels.put(`id-${round}`, `class-${round}`, round, round);
    expect(labels.label(`id-${round - 1}`, 'a', round).status).toBe('unknown');
    expect(labels.label(`id-${round}`, 'a', round)).toMatchObject({ status: 'joined', predicted: `class-${round}` });
  }
  expect(labels.size).toBe(1);
});

test('a clock that goes back neither expires nor keeps for ever', () => {
  const labels = join();
  labels.put('x', 'a', 0, 1_000);
  expect(labels.expire(0)).toBe(0);
  labels.put('y', 'a', 0, 0);
  expect(labels.expire(1_101)).toBe(2);
});
