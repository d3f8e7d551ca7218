/** A small part of `test/simulation/detectors.ts`: the detectors lie between never firing and always firing, on the useful side. */
import {
  CONTENDERS,
  operatingPoint,
  operatingPoints,
  type OperatingPoint,
} from '../../../simulation/operating-points.ts';

const PLAN = { before: 0.1, after: 0.25, warmUp: 1_000, horizon: 2_000, shifts: 60, calm: 100_000 };
const points = new Map<string, OperatingPoint>(
  CONTENDERS.map((contender) => [contender.name, operatingPoint(contender, PLAN, 11)]),
);

test.each([
  ['ADWIN, δ = 0.002 (default)', 50, 0.02, 250],
  ['ADWIN, δ = 0.05', 200, 0.05, 200],
  ['Page–Hinkley, up, λ = 50 (default)', 50, 0.02, 450],
  ['Page–Hinkley, up, λ = 20, δ = 0.02', 200, 0.05, 200],
  ['DDM, 4.5 σ, warm start 300', 50, 0.05, 450],
])('%s: at most %i false alarms per 10⁶, %d of calm streams, median delay at most %i', (name, most, early, delay) => {
  const point = points.get(name) as OperatingPoint;
  expect(point.falsePerMillion).toBeLessThanOrEqual(most);
  expect(point.early).toBeLessThanOrEqual(early);
  expect(point.detected).toBe(1);
  expect(point.delay).toBeLessThanOrEqual(delay);
  // No detector of errors can be sure after a handful of them.
  expect(point.delay).toBeGreaterThan(20);
});

test('DDM at its defaults alarms on many calm streams, as the table says', () => {
  expect(points.get('DDM, 3 σ (default)')?.early).toBeGreaterThan(0.2);
});

test('the two that need no data bound the others', () => {
  expect(points.get('fires at every value')).toMatchObject({ falsePerMillion: 1e6, early: 1, detected: 1, delay: 1 });
  expect(points.get('never fires')).toMatchObject({ falsePerMillion: 0, early: 0, detected: 0, delay: null });
});

test('the table has a row for each and is the same again for a seed', () => {
  const small = { ...PLAN, shifts: 5, calm: 2_000 };
  const text = operatingPoints(small, 3);
  expect(text.split('\n').filter((line) => line.startsWith('|'))).toHaveLength(CONTENDERS.length + 2);
  expect(operatingPoints(small, 3)).toBe(text);
});
