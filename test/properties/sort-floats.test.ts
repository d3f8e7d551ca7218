/** The radix sort against the built-in one. */
import fc from 'fast-check';
import { sortFloats } from '../../collector/src/distribution/sort-floats.ts';

const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
/** Numbers that differ in their last bits only: the order is not settled by the upper ones. */
const close = fc.array(
  fc.nat(5_000).map((step) => 1 + step * Number.EPSILON),
  {
    minLength: 2_048,
    maxLength: 2_400,
    size: 'max',
  },
);
const samples = fc.oneof(
  close,
  fc.array(finite, { minLength: 0, maxLength: 100 }),
  fc.array(finite, { minLength: 2_048, maxLength: 2_100, size: 'max' }),
  fc.array(fc.integer({ min: -3, max: 3 }).map(Number), { minLength: 2_048, maxLength: 2_400, size: 'max' }),
  fc.array(fc.constantFrom(0, -0, 5e-324, -5e-324, Number.MAX_VALUE, -Number.MAX_VALUE), {
    minLength: 2_048,
    maxLength: 2_100,
    size: 'max',
  }),
);

test('sorts as the built-in sort does, −0 before 0, in place, also in the middle of a larger buffer', () => {
  fc.assert(
    fc.property(samples, fc.nat(3), (sample, offset) => {
      const buffer = new Float64Array(sample.length + offset + 2).fill(7);
      const part = buffer.subarray(offset, offset + sample.length);
      part.set(sample);
      const expected = Float64Array.from(sample).sort();
      expect(sortFloats(part)).toBe(part);
      expect(Array.from(part, String)).toEqual(Array.from(expected, String));
      expect(part.every((value, index) => Object.is(value, expected[index]))).toBe(true);
      expect(buffer.subarray(offset + sample.length).every((value) => value === 7)).toBe(true);
    }),
    { numRuns: 60 },
  );
});

test.each([0, 1, 2_047, 2_048, 2_049, 50_000])('%i numbers', (size) => {
  const values = Float64Array.from({ length: size }, (_, index) => Math.sin(index * 12.9898) * 43758.5453);
  const expected = values.slice().sort();
  expect(sortFloats(values)).toEqual(expected);
});
