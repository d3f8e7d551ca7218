/** A log keeps its beginning and its end. */
import fc from 'fast-check';
import { BoundedLog } from '../../../collector/src/retraining/bounded-log.ts';

function written(part: number, pieces: readonly string[]): string {
  const log = new BoundedLog(part);
  for (const piece of pieces) log.write(piece);
  return log.text();
}

test('what fits is kept as it is', () => {
  expect(written(5, ['ab', '', 'cd', 'efghij'])).toBe('abcdefghij');
  expect(new BoundedLog().text()).toBe('');
});

test('what does not fit is cut in the middle, and how much is said', () => {
  expect(written(3, ['abcdef', 'ghi'])).toBe('abc\n… 3 characters left out …\nghi');
});

test('however it comes in pieces, it is the same log', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 200 }), fc.array(fc.nat(200)), (text, cuts) => {
      const places = [0, ...cuts.map((cut) => Math.min(cut, text.length)).sort((a, b) => a - b), text.length];
      const pieces = places.slice(1).map((end, index) => text.slice(places[index], end));
      expect(written(7, pieces)).toBe(written(7, [text]));
    }),
  );
});

test('memory stays bounded, and any database can hold the text', () => {
  const log = new BoundedLog(100);
  for (let n = 0; n < 10_000; n++) log.write('x'.repeat(99));
  log.write('\u0000\ud800');
  expect(log.text().length).toBeLessThan(300);
  expect(log.text()).not.toContain('\u0000');
  expect(log.text().isWellFormed()).toBe(true);
});
