/** What an operator of the model does, step by step, while traffic goes on; each step is told. */
import type { Difference } from '../../experiments/comparison.ts';
import type { GateResult } from '../../lifecycle/lifecycle.ts';
import type { PolicyChanges } from '../../lifecycle/policy.ts';
import type { Measured } from '../../performance/measured.ts';
import type { Run } from '../../retraining/run.ts';
import type { CollectorApi } from './collector-api.ts';
import { Refused } from './collector-api.ts';
import type { Predict } from './traffic.ts';
import type { LoopTraffic } from './traffic.ts';

/** One thing that happened: `event` and `facts` for machines, `text` for people. */
export type Tell = (event: string, text: string, facts: Readonly<Record<string, unknown>>) => void;

/** What the operator works with. */
export interface OperatorOptions {
  readonly api: CollectorApi;
  readonly traffic: LoopTraffic;
  readonly tell: Tell;
  /** Of the model, in place of the defaults. */
  readonly policy: PolicyChanges;
  /** Waits a moment, and does meanwhile what the service would do by and by. Throws `LoopStopped` when nothing more will come. */
  readonly pause: () => Promise<void>;
  /** Makes a version's function of its `model.json`. */
  readonly load: (content: unknown) => Promise<Predict>;
}

/** The readings are used up, or somebody said stop. */
export class LoopStopped extends Error {}

/** Readings behind each accuracy that is told. */
const LOOK_BACK = 4_000;
/** Keys with a label in each arm after which it is decided, whether or not a difference is sure. */
const ENOUGH_KEYS = 2_500;

const FIRST = '1';

/** Tries the first version against the gates everybody gets. */
export async function tryDefaults({ api, tell }: Pick<OperatorOptions, 'api' | 'tell'>): Promise<void> {
  for (const stage of ['staging', 'production'])
    try {
      await api.transition(FIRST, stage, 'first version');
      tell('passed', `The default gates of ${stage} are met by version 1.`, { version: FIRST, stage });
    } catch (error) {
      const gates = gatesOf(error);
      tell('refused', `The default gates of ${stage} refuse version 1: ${gateText(gates)}.`, { version: FIRST, gates });
      return;
    }
}

/** The model's own policy lets the first version through on what it does live. */
export async function bringFirstLive({ api, tell, pause, policy }: OperatorOptions): Promise<void> {
  await api.setPolicy(policy);
  const text =
    'This model has a policy of its own: staging from 0.65 on, production from 0.65 with a stability of 0.80; retrained below 0.70.';
  tell('policy', text, { policy });
  if ((await api.stage(FIRST)) === 'development') await moveOn(api, FIRST, 'staging', pause);
  await moveOn(api, FIRST, 'production', pause);
  tell('live', 'Version 1 is in production, on the evidence of its first labels.', { version: FIRST });
}

/** Waits for a trigger, and tells the run as it goes. @returns the run, ended */
export async function followRun({ api, tell, pause }: OperatorOptions): Promise<Run> {
  let [summary] = await api.runs();
  while (!summary) {
    await pause();
    [summary] = await api.runs();
  }
  tell('triggered', `Retraining, by ${summary.trigger}: ${summary.reason}`, { ...summary });
  let told = 0;
  for (;;) {
    const run = await api.run(summary.run);
    for (const { state, evidence } of run.steps.slice(told))
      tell('step', `  ${state}`, { run: run.run, state, evidence });
    told = run.steps.length;
    if (run.endedAt !== null) {
      tell('run', `The run ${run.state}. ${run.outcome ?? ''}`, {
        run: run.run,
        state: run.state,
        outcome: run.outcome,
      });
      return run;
    }
    await pause();
  }
}

/** The candidate answers its share of the readings until it may replace the other, or is shown to be worse. @returns whether it went live */
export async function tryCandidate(
  { api, traffic, tell, pause, load }: OperatorOptions,
  version: string,
): Promise<boolean> {
  const experiment = await waitFor(() => api.runningExperiment(), pause);
  await traffic.deploy(version, await load(await api.file(version, 'model.json')));
  tell('experiment', `Version ${version} answers half of the readings, in experiment ${experiment}.`, {
    experiment,
    version,
  });
  const found = await waitFor(async () => {
    const { comparison } = await api.experiment(experiment);
    const difference = comparison?.differences.find(({ metric }) => metric === comparison.metric);
    if (!comparison || !difference) return undefined;
    const isEnough = Math.min(difference.keys, difference.controlKeys) >= ENOUGH_KEYS;
    return comparison.verdict.verdict === 'winner' || isEnough ? { comparison, difference } : undefined;
  }, pause);
  const { verdict } = found.comparison;
  tell('compared', `${differenceText(found.difference)} ${verdict.reason}`, { verdict, difference: found.difference });
  // It was not worse on held-out rows and meets its gates; without a sure difference it also has to look no worse here.
  const isBetter = verdict.verdict === 'winner' ? verdict.winner === version : (found.difference.value ?? -1) >= 0;
  if (!isBetter) {
    await api.endExperiment(experiment, 'the candidate is not better');
    return false;
  }
  await moveOn(api, version, 'staging', pause);
  await api.endExperiment(experiment, 'the candidate replaces the version it was compared with');
  await moveOn(api, version, 'production', pause);
  tell('promoted', `Version ${version} is in production; version 1 is deprecated.`, { version });
  return true;
}

/** Accuracy of the version in production over the last readings, of which each has its label or will not get one. */
export async function lately(
  { api, traffic }: OperatorOptions,
  version: string,
  until = traffic.sent,
): Promise<Measured> {
  const [from, to] = [traffic.timeOf(until - LOOK_BACK), traffic.timeOf(until - 1) + 1];
  const { metrics } = await api.performance(version, from, to);
  return metrics['accuracy'] ?? { value: null, n: 0, low: null, high: null };
}

/** Waits until so many more readings have been sent, or there are no more. */
export async function wait({ traffic, pause }: OperatorOptions, readings = LOOK_BACK): Promise<void> {
  const end = Math.min(traffic.sent + readings, traffic.total);
  while (traffic.sent < end) await pause();
  await traffic.flush();
}

/** A measured value as people read it. */
export function measuredText({ value, n, low, high }: Measured): string {
  if (value === null) return `no value (n = ${n})`;
  return `${value.toFixed(3)} (95 % interval ${low?.toFixed(3)} to ${high?.toFixed(3)}, n = ${n})`;
}

/** A gate that is not met yet may be met by what comes. */
async function moveOn(api: CollectorApi, version: string, to: string, pause: () => Promise<void>): Promise<void> {
  for (;;)
    try {
      await api.transition(version, to, `${to}: its gates are met`);
      return;
    } catch (error) {
      gatesOf(error);
      await pause();
    }
}

async function waitFor<Found>(look: () => Promise<Found | undefined>, pause: () => Promise<void>): Promise<Found> {
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    await pause();
  }
}

/** @throws what is no refusal by a gate */
function gatesOf(error: unknown): readonly GateResult[] {
  if (error instanceof Refused && error.code === 'gate_not_met') return error.gates;
  throw error;
}

function gateText(gates: readonly GateResult[]): string {
  return gates
    .map(({ metric, value, need, n }) => `${metric} ${value?.toFixed(3) ?? 'unknown'} on ${n} rows, ${need} needed`)
    .join('; ');
}

function differenceText({ value, low, high, keys, controlKeys, metric }: Difference): string {
  const range =
    low === null || high === null ? 'no interval yet' : `between ${low.toFixed(3)} and ${high.toFixed(3)}, at any time`;
  return `Difference of ${metric}: ${value?.toFixed(3) ?? 'unknown'} (${range}; ${keys} and ${controlKeys} keys).`;
}
