/**
 * Arms compared by keys: what each arm did, how it differs from the control, and a verdict that holds however often one looks.
 *
 * - The unit is the key (`key-unit.ts`): predictions of one key are alike, and a test on predictions would take them for more
 *   evidence than they are. Each key weighs 1.
 * - Compared within epochs and then combined (`matched-sums.ts`): keys are weighed by the shares of their epoch, which are known.
 * - Accuracy, label expiry and failures: a confidence sequence that holds at any number of keys and at all times together
 *   (`mixture-boundary.ts`); F1 and MAE: an asymptotic one (`asymptotic-reach.ts`), from 500 labelled keys an arm on.
 * - Outcomes enter in the order of first exposure, each when it and all before it are closed. So what has entered is always a beginning of
 *   the same series, and labels that come sooner for some outcomes than for others bias nothing.
 */
import { checkIterable, checkList, checkRecord, refused } from '../distribution/arguments.ts';
import { addEpoch, addKey } from './add-key.ts';
import { readArms } from './arm-readings.ts';
import { noComparisonSums, type ComparisonSums } from './arm-sums.ts';
import { judgeComparison } from './comparison-verdict.ts';
import type { ComparedMetric, ComparisonOptions, ComparisonReading } from './comparison-reading.ts';
import { readDifferences } from './differences.ts';
import { judgeGuardrail, type Guardrail, type GuardrailReading } from './guardrail.ts';
import type { Epoch, KeyUnit } from './key-unit.ts';
import { sampleRatio } from './sample-ratio.ts';

export type {
  ArmReading,
  ComparedMetric,
  ComparisonOptions,
  ComparisonReading,
  ComparisonVerdict,
  Difference,
} from './comparison-reading.ts';
export type { Epoch, KeyOutcome, KeyUnit } from './key-unit.ts';
export type { SampleRatio } from './sample-ratio.ts';

/** A comparison under way. Memory does not grow with the keys: sums by epoch and version, pairs of confusion cells, bins of durations. */
export interface Comparison {
  /** Opens an epoch; in their order, each before its keys. @throws PlumblineError `invalid_request` */
  addEpoch(epoch: Epoch): void;
  /** Counts a key; in the order of first exposure. About 1 µs for a key of one prediction. @throws PlumblineError `invalid_request` */
  addKey(unit: KeyUnit): void;
  /** What is known now. About 10 ms. */
  read(): ComparisonReading;
  /** Judges a version, not the control where it is compared with it. @throws PlumblineError `invalid_request` */
  guard(version: string, guardrail: Guardrail): GuardrailReading;
  /** What is known of each version by itself, for `banditWeights`; undefined until every one has a spread to be known by. */
  beliefs(): ReturnType<typeof readArms>['beliefs'];
  /** Another one that knows the same: keys that are open now go into it, and the first goes on once they are closed. About a millisecond. */
  copy(): Comparison;
}

/** Begins a comparison. @throws PlumblineError `invalid_request` naming the option that is wrong */
export function createComparison(options: ComparisonOptions): Comparison {
  checkRecord(options, 'options');
  const { task, control, arms, alpha = 0.05 } = options;
  const metric = options.metric ?? (task === 'regression' ? 'mae' : 'accuracy');
  checkOptions(options, metric, alpha);
  return comparisonOver(noComparisonSums(task, control, arms), metric, alpha);
}

function comparisonOver(sums: ComparisonSums, metric: ComparedMetric, alpha: number): Comparison {
  return {
    addEpoch: (epoch) => addEpoch(sums, epoch),
    addKey: (unit) => addKey(sums, unit),
    read: () => readComparison(sums, metric, alpha),
    guard: (version, guardrail) => judgeGuardrail(sums, version, guardrail),
    beliefs: () => readArms(sums, metric).beliefs,
    copy: () => comparisonOver(structuredClone(sums), metric, alpha),
  };
}

/** A comparison of keys that are all there, in the order of first exposure. Cost: see `Comparison`. @throws PlumblineError `invalid_request` */
export function compareArms(
  options: ComparisonOptions,
  epochs: Iterable<Epoch>,
  keys: Iterable<KeyUnit>,
): ComparisonReading {
  const comparison = createComparison(options);
  checkIterable(epochs, 'epochs');
  checkIterable(keys, 'keys');
  for (const epoch of epochs) comparison.addEpoch(epoch);
  for (const key of keys) comparison.addKey(key);
  return comparison.read();
}

function readComparison(sums: ComparisonSums, metric: ComparedMetric, alpha: number): ComparisonReading {
  const differences = readDifferences(sums, alpha);
  const ratio = readSampleRatio(sums);
  const { arms } = readArms(sums, metric);
  const { control, waiting, ignored } = sums;
  const verdict = judgeComparison({ metric, control, differences, sampleRatio: ratio, waiting });
  return { verdict, metric, alpha, control, arms, differences, sampleRatio: ratio, waiting, ignored };
}

function readSampleRatio({ epochs, control, arms }: ComparisonSums): ReturnType<typeof sampleRatio> {
  const names = [control, ...arms];
  const split = [...epochs.values()].filter(({ shares }) => [...shares.values()].some((share) => share > 0));
  return sampleRatio(
    split.map((epoch) => ({
      expected: names.map((name) => epoch.shares.get(name) ?? 0),
      keys: names.map((name) => epoch.arms.get(name)?.keys ?? 0),
    })),
  );
}

function checkOptions({ task, control, arms }: ComparisonOptions, metric: ComparedMetric, alpha: number): void {
  checkList(arms, 'arms');
  const names = [control, ...arms];
  if (
    arms.length === 0 ||
    new Set(names).size !== names.length ||
    names.some((name) => typeof name !== 'string' || name === '')
  )
    throw refused('arms', 'at least one version beside the control, each once', 'Name the versions that answer.');
  if ((metric === 'mae') !== (task === 'regression'))
    throw refused('metric', task === 'regression' ? 'mae' : 'accuracy or f1_weighted', `A ${task} has no ${metric}.`);
  if (!(typeof alpha === 'number' && alpha > 0 && alpha < 1))
    throw refused('alpha', 'a number between 0 and 1', 'Leave it out for 0.05.');
}
