/** A key enters a comparison. */
import { checkList, checkRecord, checkRecords, refused } from '../distribution/arguments.ts';
import {
  durationSketch,
  noArmSums,
  shareOfPair,
  type ArmSums,
  type ComparisonSums,
  type EpochSums,
  type PairSums,
  type VersionSums,
} from './arm-sums.ts';
import { addKeyCells } from './key-cells.ts';
import type { Epoch, KeyOutcome, KeyUnit } from './key-unit.ts';
import { addLatency } from './latency-steps.ts';
import { addMatched } from './matched-sums.ts';
import { addMean } from './mean-sequence.ts';
import { addMoment } from './moments.ts';

/** Opens an epoch, after those before it. @throws PlumblineError `invalid_request` */
export function addEpoch(sums: ComparisonSums, declared: Epoch): void {
  checkRecord(declared, 'epoch');
  const { epoch, shares } = declared;
  if (!Number.isSafeInteger(epoch) || [...sums.epochs.keys()].some((known) => known >= epoch))
    throw refused(
      'epoch',
      'whole numbers that ascend',
      `Declare epochs in their order, each once; got ${String(epoch)}.`,
    );
  checkRecords(shares, `epoch ${epoch}: shares`);
  const names = [sums.control, ...sums.arms];
  const weights = names.map((name) => shares.find(({ version }) => version === name)?.weight ?? 0);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (!(total >= 0 && total < Number.POSITIVE_INFINITY && weights.every((weight) => weight >= 0)))
    throw refused(`epoch ${epoch}: shares`, 'weights from 0', 'Give each version a weight from 0.');
  sums.epochs.set(epoch, {
    shares: new Map(names.map((name, index) => [name, total > 0 ? (weights[index] as number) / total : 0])),
    arms: new Map(names.map((name) => [name, noArmSums()])),
  });
}

/** Counts a key, after those whose first exposure was before its own. @throws PlumblineError `invalid_request` naming the field */
export function addKey(sums: ComparisonSums, unit: KeyUnit): void {
  checkRecord(unit, 'key');
  const epoch = sums.epochs.get(unit.epoch);
  if (epoch === undefined)
    throw refused(
      'epoch',
      `an epoch that was declared, not ${String(unit.epoch)}`,
      'Declare each epoch before its keys.',
    );
  if (!((epoch.shares.get(unit.version) ?? 0) > 0)) {
    sums.ignored++;
    return;
  }
  const labelled = checkedLabels(unit);
  const outcome = labelled === 0 ? undefined : outcomeOf(sums.task, unit.outcomes, labelled);
  const own = epoch.arms.get(unit.version) as ArmSums;
  own.keys++;
  if (unit.windowOver) addRun(sums, epoch, own, unit);
  sums.held ||= !unit.closed;
  if (sums.held) sums.waiting++;
  else addOutcome(sums, epoch, own, unit, outcome);
}

/** How it ran: known as soon as the window is over. */
function addRun(sums: ComparisonSums, epoch: EpochSums, own: ArmSums, unit: KeyUnit): void {
  const version = sums.versions.get(unit.version) as VersionSums;
  for (const value of unit.durations) durationSketch.record(version.durations, { value });
  if (unit.durations.length > 0) addLatency(own.latency, unit.durations);
  const failed = (unit.failed ?? 0) / unit.predictions;
  addMean(version.failed, failed);
  addToPairs(sums, epoch, unit.version, (pair) => pair.failed, failed);
}

/** What came true: known when all labels are. @param outcome of its labelled predictions, where there are any */
function addOutcome(
  sums: ComparisonSums,
  epoch: EpochSums,
  own: ArmSums,
  unit: KeyUnit,
  outcome: LabelledOutcome | undefined,
): void {
  const expired = unit.expired / unit.predictions;
  own.entered++;
  addMoment(own.expired, expired);
  addToPairs(sums, epoch, unit.version, (pair) => pair.expired, expired);
  if (outcome === undefined) return;
  addMoment(own.outcome, outcome.value);
  addMean((sums.versions.get(unit.version) as VersionSums).outcome, outcome.value);
  addToPairs(sums, epoch, unit.version, (pair) => pair.outcome, outcome.value);
  if (sums.task === 'classification') addKeyCells(own.cells, sums.classes, unit.outcomes, outcome.labelled);
}

function addToPairs(
  sums: ComparisonSums,
  epoch: EpochSums,
  version: string,
  part: (pair: PairSums) => PairSums['outcome'],
  value: number,
): void {
  for (const arm of version === sums.control ? sums.arms : [version]) {
    const q = shareOfPair(epoch, arm, sums.control);
    if (q !== undefined) addMatched(part(sums.pairs.get(arm) as PairSums), version === arm, q, value);
  }
}

/** The outcome of a key's labelled predictions. */
interface LabelledOutcome {
  readonly labelled: number;
  /** Share that were right, or mean absolute error. */
  readonly value: number;
}

function outcomeOf(task: ComparisonSums['task'], outcomes: readonly KeyOutcome[], labelled: number): LabelledOutcome {
  return {
    labelled,
    value: task === 'regression' ? meanError(outcomes, labelled) : shareRight(outcomes, labelled),
  };
}

function shareRight(outcomes: readonly KeyOutcome[], labelled: number): number {
  let right = 0;
  for (const { actual, predicted, count = 1 } of outcomes) if (String(actual) === String(predicted)) right += count;
  return right / labelled;
}

function meanError(outcomes: readonly KeyOutcome[], labelled: number): number {
  let total = 0;
  for (const { actual, predicted, count = 1 } of outcomes) {
    const error = Math.abs(Number(predicted) - Number(actual));
    if (!Number.isFinite(error))
      throw refused('outcomes', 'numbers of a regression', `Pass finite numbers, not ${predicted} and ${actual}.`);
    total += error * count;
  }
  return total / labelled;
}

/** @returns labelled predictions */
function checkedLabels({ predictions, expired, failed = 0, outcomes, durations }: KeyUnit): number {
  checkList(outcomes, 'outcomes');
  checkList(durations, 'durations');
  let labelled = 0;
  for (const { count = 1 } of outcomes) {
    if (!(Number.isSafeInteger(count) && count > 0))
      throw refused('outcomes.count', 'whole numbers from 1', 'Count labelled predictions.');
    labelled += count;
  }
  const whole = [predictions, expired, failed].every((count) => Number.isSafeInteger(count) && count >= 0);
  if (!whole || predictions === 0 || labelled + expired > predictions || failed > predictions)
    throw refused(
      'predictions',
      'at least one, and at least those labelled and expired',
      'Count the predictions of the key, and which of them are labelled, expired and failed.',
    );
  if (!durations.every((seconds) => seconds >= 0 && seconds < Number.POSITIVE_INFINITY))
    throw refused('durations', 'seconds from 0', 'Leave out durations that are not known.');
  return labelled;
}
