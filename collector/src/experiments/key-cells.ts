/**
 * Confusion by keys: each key is a table of shares (its labelled predictions by label and prediction, summing to 1), so that a key that
 * comes often weighs no more than another. Kept are the sum of the tables and of their products, from which any smooth function of the
 * table gets the variance that keys, not predictions, give it.
 */
import { averageGradient, type Weighting } from '../performance/class-averages.ts';
import { classRates } from '../performance/class-rates.ts';
import type { ClassTally, ConfusionCell } from '../performance/confusion.ts';
import { cellDerivative } from '../performance/delta-method.ts';
import type { KeyOutcome } from './key-unit.ts';
import type { WeightedMean } from './moments.ts';

/** Sums over keys. A cell is `actual · MOST_CLASSES + predicted`, by the index of the classes. */
export interface KeyCells {
  keys: number;
  readonly shares: Map<number, number>;
  /** Products of the shares of two cells a ≤ b: `products.get(a).get(b)`. */
  readonly products: Map<number, Map<number, number>>;
}

/** Classes → their index, in order of appearance. */
export type ClassIndex = Map<string, number>;

const MOST_CLASSES = 2 ** 20;

/** No key yet. */
export function noKeyCells(): KeyCells {
  return { keys: 0, shares: new Map(), products: new Map() };
}

/** Counts a key with at least one outcome. Cost: O(c²) for a key whose outcomes fill c cells; memory 40 bytes a pair of cells that ever met. */
export function addKeyCells(
  sums: KeyCells,
  classes: ClassIndex,
  outcomes: readonly KeyOutcome[],
  labelled: number,
): void {
  const table = new Map<number, number>();
  for (const { actual, predicted, count = 1 } of outcomes)
    grow(table, indexOf(classes, actual) * MOST_CLASSES + indexOf(classes, predicted), count / labelled);
  const cells = table.size === 1 ? [...table] : [...table].sort(([a], [b]) => a - b);
  for (const [place, [cell, share]] of cells.entries()) {
    grow(sums.shares, cell, share);
    const row = sums.products.get(cell) ?? new Map<number, number>();
    sums.products.set(cell, row);
    for (const [other, otherShare] of cells.slice(place)) grow(row, other, share * otherShare);
  }
  sums.keys++;
}

/**
 * F1, weighted by support, of groups of keys, each group with its weight a key, and its variance by the delta method (influence
 * functions) over keys. Equal to `classificationReport`'s `f1_weighted` where each key has one prediction and all weigh 1. Undefined of no key.
 * Cost: O(classes + pairs of cells).
 */
export function weightedF1(
  groups: readonly (readonly [KeyCells, number])[],
  classes: ClassIndex,
): WeightedMean | undefined {
  const samples = groups.reduce((sum, [{ keys }, weight]) => sum + keys * weight, 0);
  if (!(samples > 0)) return undefined;
  const tallies = classTallies(groups, classes);
  const rates = tallies.map((tally) => classRates(tally, samples).f1);
  const weighting: Weighting = { weights: tallies.map(({ support }) => support / samples), bySupport: true, samples };
  const value = rates.reduce((sum, rate, index) => sum + (weighting.weights[index] as number) * rate.value, 0);
  const gradient = averageGradient(rates, weighting);
  const slopes = new Map<number, number>();
  const slope = (cell: number): number => {
    const known = slopes.get(cell) ?? cellDerivative(gradient, placeOf(cell));
    slopes.set(cell, known);
    return known;
  };
  let variance = 0;
  for (const [{ products }, weight] of groups)
    for (const [a, row] of products)
      for (const [b, product] of row) variance += weight * weight * (a === b ? 1 : 2) * slope(a) * slope(b) * product;
  const keys = groups.reduce((sum, [own]) => sum + own.keys, 0);
  return { value: Math.min(1, value), variance: Math.max(0, variance), n: keys, weight: samples };
}

function classTallies(groups: readonly (readonly [KeyCells, number])[], classes: ClassIndex): ClassTally[] {
  const tallies = [...classes.keys()].map((name) => ({ class: name, support: 0, predicted: 0, truePositives: 0 }));
  for (const [{ shares }, weight] of groups)
    for (const [cell, share] of shares) {
      const { actual, predicted, correct } = placeOf(cell);
      const [own, other] = [tallies[actual], tallies[predicted]] as [
        (typeof tallies)[number],
        (typeof tallies)[number],
      ];
      own.support += weight * share;
      other.predicted += weight * share;
      if (correct) own.truePositives += weight * share;
    }
  return tallies;
}

function placeOf(cell: number): ConfusionCell {
  const actual = Math.floor(cell / MOST_CLASSES);
  const predicted = cell % MOST_CLASSES;
  return { actual, predicted, correct: actual === predicted, count: 1 };
}

function indexOf(classes: ClassIndex, value: unknown): number {
  const name = String(value);
  const known = classes.get(name) ?? classes.size;
  classes.set(name, known);
  return known;
}

function grow(sums: Map<number, number>, place: number, by: number): void {
  sums.set(place, (sums.get(place) ?? 0) + by);
}
