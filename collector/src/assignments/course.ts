/** What becomes of an experiment when something happens to it. Pure: the store writes what comes out. */
import { allocate, BUCKETS } from '../experiments/allocation.ts';
import type { AllocatedRange, Arm, EpochCause, ExperimentState } from './experiment.ts';
import type { StoredEpoch, StoredExperiment } from './experiment-store.ts';

const SECOND = 1_000;

/** Milliseconds it has run, paused time left out. */
export function ranFor({ course: { ran, runningSince } }: StoredExperiment, now: number): number {
  return ran + (runningSince === null ? 0 : Math.max(0, now - runningSince));
}

/** Starts or resumes it: keys are divided again from now on. */
export function run(experiment: StoredExperiment, now: number): StoredExperiment {
  const cause = experiment.startedAt === null ? 'started' : 'resumed';
  const running: StoredExperiment = {
    ...experiment,
    state: 'running',
    startedAt: experiment.startedAt ?? now,
    course: { ...experiment.course, runningSince: now },
  };
  const stepped = rampArms(running, now) ?? running;
  if (!stepped.rules.arms.some(({ weight }) => weight > 0)) return halt(stepped, 'paused', now);
  return { ...stepped, epoch: nextEpoch(stepped, cause, now) };
}

/** Pauses or ends it: the epoch is over. */
export function halt(experiment: StoredExperiment, to: 'paused' | 'ended', now: number): StoredExperiment {
  const { epoch, course } = experiment;
  return {
    ...experiment,
    state: to satisfies ExperimentState,
    endedAt: to === 'ended' ? now : null,
    course: { ...course, ran: ranFor(experiment, now), runningSince: null },
    epoch: epoch && { ...epoch, until: epoch.until ?? Math.max(now, epoch.since) },
  };
}

/**
 * Gives arms other weights; the experiment is paused where none is left. An epoch begins only where buckets really move.
 * @param arms all of them
 */
export function reweigh(
  experiment: StoredExperiment,
  arms: readonly Arm[],
  cause: EpochCause,
  now: number,
): StoredExperiment {
  const changed = { ...experiment, rules: { ...experiment.rules, arms } };
  if (changed.state !== 'running') return changed;
  if (!arms.some(({ weight }) => weight > 0)) return halt(changed, 'paused', now);
  const epoch = nextEpoch(changed, cause, now);
  const isSame = JSON.stringify(epoch.ranges) === JSON.stringify(experiment.epoch?.ranges);
  return isSame ? changed : { ...changed, epoch };
}

/** Takes traffic from an arm until somebody gives it a weight again. */
export function stopArm(
  experiment: StoredExperiment,
  version: string,
  { why, cause, now }: { readonly why: string; readonly cause: EpochCause; readonly now: number },
): StoredExperiment {
  const { rules, course } = experiment;
  const arms = rules.arms.map((arm) => (arm.version === version ? { ...arm, weight: 0 } : arm));
  const others = course.stopped.filter((stopped) => stopped.version !== version);
  const stopped = [...others, { version, at: now, why }];
  return reweigh({ ...experiment, course: { ...course, stopped } }, arms, cause, now);
}

/** Takes the steps of the ramp that are due; undefined where none is. An arm that was stopped stays at 0. */
export function takeRampSteps(experiment: StoredExperiment, now: number): StoredExperiment | undefined {
  const stepped = rampArms(experiment, now);
  return stepped && reweigh({ ...experiment, course: stepped.course }, stepped.rules.arms, 'ramp', now);
}

/** Shares of ranges by version. */
export function sharesOf(ranges: readonly AllocatedRange[]): Record<string, number> {
  const buckets: Record<string, number> = {};
  for (const { version, start, end } of ranges) buckets[version] = (buckets[version] ?? 0) + end - start;
  return Object.fromEntries(Object.entries(buckets).map(([version, count]) => [version, count / BUCKETS]));
}

function rampArms(experiment: StoredExperiment, now: number): StoredExperiment | undefined {
  const { rules, course } = experiment;
  const ran = ranFor(experiment, now);
  const due = rules.ramp.filter(({ afterSeconds }) => afterSeconds * SECOND <= ran).length;
  const step = rules.ramp[due - 1];
  if (step === undefined || due <= course.rampSteps) return undefined;
  const isStopped = new Set(course.stopped.map(({ version }) => version));
  const arms = rules.arms.map(({ version }) => ({
    version,
    weight: isStopped.has(version) ? 0 : (step.weights[version] ?? 0),
  }));
  return { ...experiment, rules: { ...rules, arms }, course: { ...course, rampSteps: due } };
}

/** Keys move only as far as the weights make them; after a pause they are where they were. */
function nextEpoch({ rules, epoch }: StoredExperiment, cause: EpochCause, now: number): StoredEpoch {
  const ranges = allocate(rules.arms, epoch?.ranges);
  // Clocks of replicas differ; epochs are told in the order they were made all the same.
  const since = Math.max(now, epoch?.until ?? epoch?.since ?? 0);
  return { number: (epoch?.number ?? 0) + 1, since, until: null, cause, weights: sharesOf(ranges), ranges };
}
