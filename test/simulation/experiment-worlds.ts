/** Worlds in which experiments are simulated: who comes, how good the model is then, when labels come. */
import type { KeyUnit } from '../../collector/src/experiments/key-unit.ts';

/** A world. Positions are numbers of keys from the start. */
export interface World {
  readonly name: string;
  readonly keys: number;
  readonly task?: 'classification' | 'regression';
  /** Predictions of a key, 1 by default, and how alike they are: intra-class correlation. */
  readonly predictions?: number;
  readonly correlation?: number;
  /** The arm's share from a position on; even throughout by default. `bandit`: by Thompson sampling, anew every 200 keys. */
  readonly ramp?: readonly (readonly [number, number])[] | 'bandit';
  /** Accuracy at a position (0 to 1 of the way), 0.85 by default. */
  readonly accuracy?: (way: number) => number;
  /** What the arm adds to it. */
  readonly effect?: number;
  /** Mean delay of labels in keys, of right and wrong predictions; they expire after `expiry` keys. */
  readonly delay?: { readonly right: number; readonly wrong: number; readonly expiry: number };
}

/** A key before anybody knows its labels. */
export interface Visitor {
  readonly unit: KeyUnit;
  /** Position at which it is closed. */
  readonly closedAt: number;
  readonly right: number;
}

const RAMP = [0.01, 0.05, 0.2, 0.5, 0.8].map((share, step) => [0.2 * step, share] as const);
const drifting = (way: number): number => 0.84 + 0.1 * Math.cos(5 * way) - 0.06 * way;
const DELAY = { right: 300, wrong: 20, expiry: 600 };

/** Worlds in which the arm is the control. */
export const NULL_WORLDS: readonly World[] = [
  { name: 'even split, one prediction a key', keys: 3000 },
  { name: 'correlated: 20 predictions a key, correlation 0.2', keys: 1500, predictions: 20, correlation: 0.2 },
  { name: 'ramp 1 % to 80 %, base rate drifts', keys: 3000, ramp: RAMP, accuracy: drifting },
  { name: 'labels of errors come 15 × sooner, some expire', keys: 1500, delay: DELAY },
  {
    name: 'all of it: correlated, ramp, drift, delay',
    keys: 3000,
    ...{ predictions: 20, correlation: 0.2, ramp: RAMP, accuracy: drifting, delay: DELAY },
  },
  { name: 'bandit, base rate drifts', keys: 1500, ramp: 'bandit', accuracy: drifting },
  { name: 'regression: errors skewed, 5 predictions a key', keys: 3000, task: 'regression', predictions: 5 },
];

/** Makes the key at a position. @param inArm which side it is on @param random uniform and standard normal numbers */
export function visitor(
  world: World,
  position: number,
  inArm: boolean,
  epoch: number,
  random: { readonly uniform: () => number; readonly normal: () => number },
): Visitor {
  const { predictions = 1, accuracy = () => 0.85, effect = 0, task = 'classification' } = world;
  const version = inArm ? 'arm' : 'control';
  const base = { version, epoch, windowOver: true, closed: true, predictions, durations: [] };
  if (task === 'regression') {
    // A factor of the key and one of the prediction: errors of one key are alike, and all are skewed.
    const level = Math.exp(0.7 * random.normal()) * (1 + (inArm ? effect : 0));
    const outcomes = Array.from({ length: predictions }, () => ({ actual: 0, predicted: level * random.normal() }));
    return { unit: { ...base, expired: 0, outcomes }, closedAt: position, right: 0 };
  }
  const chance = chanceOf(
    accuracy(position / world.keys) + (inArm ? effect : 0),
    world.correlation ?? 0,
    random.normal,
  );
  const cells = new Map<string, { actual: string; predicted: string; count: number }>();
  let [right, expired, closedAt] = [0, 0, position];
  for (let each = 0; each < predictions; each++) {
    const hit = random.uniform() < chance;
    right += Number(hit);
    const wait = waited(world, hit, random.uniform);
    closedAt = Math.max(closedAt, position + Math.min(wait, world.delay?.expiry ?? 0));
    if (wait > (world.delay?.expiry ?? 0)) {
      expired++;
      continue;
    }
    const actual = random.uniform() < 0.2 ? 'yes' : 'no';
    const predicted = hit ? actual : actual === 'yes' ? 'no' : 'yes';
    const cell = cells.get(actual + predicted) ?? { actual, predicted, count: 0 };
    cell.count++;
    cells.set(actual + predicted, cell);
  }
  return { unit: { ...base, expired, outcomes: [...cells.values()] }, closedAt, right };
}

function waited({ delay }: World, hit: boolean, uniform: () => number): number {
  return delay === undefined ? 0 : Math.floor(-Math.log(1 - uniform()) * (hit ? delay.right : delay.wrong));
}

/** A key's own chance to be predicted right: beta-distributed about the mean, so that its predictions have this correlation. */
function chanceOf(mean: number, correlation: number, normal: () => number): number {
  if (correlation === 0) return mean;
  const size = 1 / correlation - 1;
  const [a, b] = [gamma(mean * size, normal), gamma((1 - mean) * size, normal)];
  return a / (a + b);
}

/** A gamma-distributed number (G. Marsaglia & W. Tsang 2000), of any shape. */
function gamma(shape: number, normal: () => number): number {
  // Half a squared normal number is gamma of shape ½; a shape below 1 needs a power of a uniform number.
  if (shape < 1) return gamma(shape + 1, normal) * uniformOf(normal) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const z = normal();
    const v = (1 + c * z) ** 3;
    if (v > 0 && Math.log(uniformOf(normal)) < 0.5 * z * z + d - d * v + d * Math.log(v)) return d * v;
  }
}

/** exp(−(x² + y²)/2) of two independent normal numbers is uniform. */
function uniformOf(normal: () => number): number {
  return Math.exp(-(normal() ** 2 + normal() ** 2) / 2);
}
