/** Labelled samples drawn from known probabilities, seeded: what intervals are judged by. */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { confusionAlgebra, type ConfusionState } from '../../../../collector/src/performance/confusion.ts';

/** A number in [0, 1) each call. */
export type Uniform = () => number;

export function seeded(seed: number): Uniform {
  const generator = xoroshiro128plus(seed);
  return () => uniformFloat64(generator);
}

/** `matrix[actual][predicted]`: how likely; classes of the given weights, each hit with its skill, else any other class. */
export function confusionModel(weights: readonly number[], skill: readonly number[]): number[][] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight, actual) =>
    weights.map((_, predicted) => {
      const hit = skill[actual] as number;
      return (weight / total) * (actual === predicted ? hit : (1 - hit) / (weights.length - 1));
    }),
  );
}

/** So many samples; a class is called by its position. */
export function drawConfusion(
  matrix: readonly (readonly number[])[],
  samples: number,
  uniform: Uniform,
): ConfusionState {
  let total = 0;
  const cumulative = matrix.flat().map((probability) => (total += probability));
  const state = confusionAlgebra.create();
  for (let sample = 0; sample < samples; sample++) {
    const at = uniform() * total;
    const cell = cumulative.findIndex((upTo) => at < upTo);
    const actual = Math.floor(cell / matrix.length);
    confusionAlgebra.record(state, { actual, predicted: cell % matrix.length });
  }
  return state;
}

/** The same model without chance: 10¹² samples in its proportions. */
export function withoutChance(matrix: readonly (readonly number[])[]): ConfusionState {
  const state = confusionAlgebra.create();
  matrix.forEach((row, actual) => {
    row.forEach((probability, predicted) => {
      confusionAlgebra.record(state, { actual, predicted, count: Math.round(probability * 1e12) });
    });
  });
  return state;
}
