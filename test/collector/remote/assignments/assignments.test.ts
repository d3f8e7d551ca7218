/** Reading what the service says of a model. */
import { readAssignments } from '../../../../collector/src/remote/assignments/assignments.ts';
import { assignments } from '../../client/support/routing.ts';

test('a running experiment, and the version in production', () => {
  const answer = assignments({ split: { '1': 9_000, '2': 10_000 }, shadows: ['3'], epoch: 4 });
  expect(readAssignments(answer, 'm')).toEqual({
    production: '1',
    experiment: {
      name: 'e',
      epoch: 4,
      salt: 's',
      ranges: [
        { version: '1', start: 0, end: 9_000 },
        { version: '2', start: 9_000, end: 10_000 },
      ],
      shadows: ['3'],
    },
  });
});

test('a model with nothing in production, and one nobody knows', () => {
  expect(readAssignments(assignments({ production: null }), 'm')).toEqual({ production: null, experiment: null });
  expect(readAssignments(assignments(), 'unknown')).toEqual({ production: null, experiment: null });
});

test('experiments of other models do not matter, whatever is in them', () => {
  const { items, models } = assignments({ split: { '1': 10_000 } });
  const answer = { items: [{ model: 'another', allocation: 'broken' }, ...items], models, next: 'unknown' };
  expect(readAssignments(answer, 'm').experiment?.name).toBe('e');
});

test.each([
  [{ hash: 'xxh3' }, /splits by "xxh3" into 10000 buckets/],
  [{ buckets: 100 }, /splits by "murmur3_32" into 100 buckets/],
  [{ hash: undefined }, /splits by nothing into/],
])('%j is left out, since its keys would land elsewhere', (more, message) => {
  const read = readAssignments(assignments({ split: { '1': 10_000 }, more }), 'm');
  expect(read).toEqual({ production: '1', experiment: null, unsupported: expect.stringMatching(message) });
});

const range = (version: unknown, start: unknown, end: unknown) => ({ version, start, end });

const refused: readonly (readonly [answer: unknown, message: string])[] = [
  [undefined, 'answer is no object'],
  [[], 'answer is no object'],
  [{}, 'items is no list'],
  [{ items: [1], models: [] }, 'items[0] is no object'],
  [{ items: [] }, 'models is no list'],
  [{ items: [], models: [{ model: 'm', production: 7 }] }, 'models.production is no version'],
  [{ ...assignments(), items: [{ model: 'm' }, { model: 'm' }] }, 'items hold 2 running experiments of "m"'],
  ...(
    [
      [{ experiment: 'a b' }, 'items[0].experiment is no name'],
      [{ epoch: 1.5 }, 'items[0].epoch is no whole number'],
      [{ salt: 7 }, 'items[0].salt is no text'],
      [{ shadows: [7] }, 'items[0].shadows is no list of versions'],
      [{ allocation: {} }, 'items[0].allocation is no list'],
      [{ allocation: [] }, 'items[0].allocation ends at bucket 0 and not at 10000'],
      [{ allocation: [range('', 0, 10_000)] }, 'items[0].allocation[0].version is no version'],
      [{ allocation: [range('1', 0, '9')] }, 'items[0].allocation[0] has no whole start and end'],
      [{ allocation: [range('1', 0, 5), range('2', 6, 10_000)] }, 'leaves a gap or overlaps at bucket 5'],
      [{ allocation: [range('1', 0, 5), range('2', 4, 10_000)] }, 'leaves a gap or overlaps at bucket 5'],
      [{ allocation: [range('1', 0, 10_001)] }, 'ends at bucket 10001'],
    ] as const
  ).map(([more, message]) => [assignments({ split: { '1': 10_000 }, more }), message] as const),
];

test.each(refused)('%j is refused as a whole', (answer, message) => {
  expect(() => readAssignments(answer, 'm')).toThrow(message);
});
