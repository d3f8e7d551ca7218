/** Experiments run again and again, looked at after every key: how often a verdict falls, with and without a difference. */
import { addEpoch, addKey } from '../../collector/src/experiments/add-key.ts';
import { readArms } from '../../collector/src/experiments/arm-readings.ts';
import { noComparisonSums, type ComparisonSums, type PairSums } from '../../collector/src/experiments/arm-sums.ts';
import { banditWeights } from '../../collector/src/experiments/bandit.ts';
import { EXPIRY_ALPHA, metricDifference } from '../../collector/src/experiments/differences.ts';
import type { MatchedSums } from '../../collector/src/experiments/matched-sums.ts';
import { isBeyond } from '../../collector/src/experiments/mixture-boundary.ts';
import { sampleRatio } from '../../collector/src/experiments/sample-ratio.ts';
import { visitor, type Visitor, type World } from './experiment-worlds.ts';
import { makeNormal, makeUniform } from './random.ts';

/** The level of the verdicts. */
export const ALPHA = 0.05;
/** Asymptotic sequences, the sample ratio and the z-test are looked at every so many keys. */
const LOOK = 50;
const Z_95 = 1.96;

/** When each claim was made first: a number of keys; undefined if it never was. */
export interface Outcome {
  /** A difference in accuracy, by the sequence that decides. */
  exact?: number;
  /** A difference in F1 (classification) or MAE. */
  asymptotic?: number;
  expiry?: number;
  sampleRatio?: number;
  /** What Plumbline does not do: a z-test of accuracy on all predictions so far, at each look. */
  zTest?: number;
}

/** Uniform and standard normal numbers. */
export type Random = Parameters<typeof visitor>[4];

/** One stream for all runs of a table: streams of seeds next to each other begin alike. */
export function makeRandom(seed: number): Random {
  const uniform = makeUniform(seed);
  return { uniform, normal: makeNormal(uniform) };
}

/** One experiment from its first key to its last. */
export function runExperiment(world: World, random: Random): Outcome {
  const sums = noComparisonSums(world.task ?? 'classification', 'control', ['arm']);
  const found: Outcome = {};
  const counts = { arm: 0, armRight: 0, all: 0, right: 0 };
  const waiting: Visitor[] = [];
  let [next, entered] = [0, 0];
  for (let position = 0; position < world.keys; position++) {
    const share = shareAt(world, position, sums);
    const inArm = random.uniform() < share;
    const come = visitor(world, position, inArm, sums.epochs.size, random);
    count(counts, come, inArm);
    waiting.push(come);
    // As a database would be asked: in order, up to the first that is not closed at this time.
    for (; next < waiting.length && (waiting[next] as Visitor).closedAt <= position; next++) {
      addKey(sums, (waiting[next] as Visitor).unit);
      entered++;
    }
    look(sums, found, position, entered);
    if (position % LOOK === LOOK - 1 && counts.all > 0 && isSignificant(counts)) found.zTest ??= position + 1;
  }
  return found;
}

function look(sums: ComparisonSums, found: Outcome, position: number, entered: number): void {
  if (entered === 0) return;
  const { outcome, expired } = sums.pairs.get('arm') as PairSums;
  if (sums.task === 'classification' && differs(outcome, ALPHA)) found.exact ??= position + 1;
  if (differs(expired, EXPIRY_ALPHA)) found.expiry ??= position + 1;
  if (position % LOOK !== LOOK - 1) return;
  const { low, high } = metricDifference(sums, 'arm', sums.task === 'regression' ? 'mae' : 'f1_weighted', ALPHA);
  if ((low ?? 0) > 0 || (high ?? 0) < 0) found.asymptotic ??= position + 1;
  const epochs = [...sums.epochs.values()].map(({ shares, arms }) => ({
    expected: [...shares.values()],
    keys: [...arms.values()].map(({ keys }) => keys),
  }));
  if (sampleRatio(epochs).mismatch) found.sampleRatio ??= position + 1;
}

/** Whether a sequence excludes 0: what `matchedEnds` says, without its root. */
function differs({ difference, squares }: MatchedSums, alpha: number): boolean {
  return isBeyond(Math.abs(difference), squares, alpha / 2);
}

/** The arm's share at a position; opens the epoch that begins there. */
function shareAt({ ramp, keys }: World, position: number, sums: ComparisonSums): number {
  const [newest] = [...sums.epochs.values()].slice(-1);
  const now = newest?.shares.get('arm');
  const wanted = ramp === 'bandit' ? banditShare(position, sums, now) : stepAt(ramp ?? [[0, 0.5]], position / keys);
  if (wanted === now) return wanted;
  addEpoch(sums, {
    epoch: sums.epochs.size + 1,
    shares: [
      { version: 'control', weight: 1 - wanted },
      { version: 'arm', weight: wanted },
    ],
  });
  return wanted;
}

function stepAt(ramp: readonly (readonly [number, number])[], way: number): number {
  return (ramp.findLast(([from]) => from <= way) as readonly [number, number])[1];
}

function banditShare(position: number, sums: ComparisonSums, now = 0.5): number {
  const beliefs = position % 200 === 0 && position > 0 ? readArms(sums, 'accuracy').beliefs : undefined;
  return beliefs === undefined ? now : (banditWeights(beliefs)[1]?.weight as number);
}

interface Counts {
  arm: number;
  armRight: number;
  all: number;
  right: number;
}

function count(counts: Counts, { unit, right }: Visitor, inArm: boolean): void {
  counts.all += unit.predictions;
  counts.right += right;
  if (!inArm) return;
  counts.arm += unit.predictions;
  counts.armRight += right;
}

function isSignificant({ arm, armRight, all, right }: Counts): boolean {
  const [other, pooled] = [all - arm, right / all];
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / arm + 1 / other));
  return error > 0 && Math.abs(armRight / arm - (right - armRight) / other) > Z_95 * error;
}

/** When a fault of the split is found: the arm loses a share of its keys. @returns keys, or undefined within the limit */
export function runSplit(lost: number, share: number, limit: number, { normal }: Random): number | undefined {
  const kept = (share * (1 - lost)) / (1 - share * lost);
  let [arm, all] = [0, 0];
  while (all < limit) {
    // Thousands of keys at once: the binomial number by its normal approximation.
    all += 1000;
    arm += Math.round(1000 * kept + Math.sqrt(1000 * kept * (1 - kept)) * normal());
    if (sampleRatio([{ expected: [1 - share, share], keys: [all - arm, arm] }]).mismatch) return all;
  }
  return undefined;
}
