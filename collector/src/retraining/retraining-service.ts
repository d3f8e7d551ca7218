/** Retraining: dry runs, runs, and what is asked of them. */
import { PlumblineError } from '../errors.ts';
import { policyOf } from '../lifecycle/policy.ts';
import { auditEntry } from '../registry/audit-entries.ts';
import type { Act, Page } from '../registry/model-version.ts';
import { noModel } from '../registry/refusals.ts';
import type { PageQuery } from '../registry/registry-store.ts';
import { checkText } from '../registry/version-checks.ts';
import { WEEK } from './judge-start.ts';
import { planOf } from './plan.ts';
import { factsOf, type FactSources } from './readings.ts';
import type { RetrainingStore } from './retraining-store.ts';
import type { RunDesk } from './run-desk.ts';
import type { Plan, Retraining, Run, RunSummary, StartAnswer, StartRequest, TriggerName } from './run.ts';
import { startRun, type StartOptions } from './start-run.ts';

/** What retraining works with. */
export interface RetrainingOptions extends StartOptions {
  readonly store: RetrainingStore;
  readonly facts: Omit<FactSources, 'store'>;
  readonly desk: RunDesk;
  /** Told of each refusal that was written down. */
  readonly onRefusal: (model: string, trigger: TriggerName) => void;
  /** Told after a run was started. */
  readonly onStart: (model: string) => void;
}

/** A run cannot be stopped any more from here on: what it does now is done as a whole. */
const TOO_FAR: readonly string[] = ['saving', 'promoting', 'experiment'];

/** Makes the room. */
export function createRetraining(options: RetrainingOptions): Retraining {
  return {
    plan: (model) => plan(options, model),
    start: (model, request, act) => start(options, model, request, act),
    runs: (model, page) => runs(options, model, page),
    run: (model, run) => oneRun(options, model, run),
    cancel: (model, run, reason, act) => cancel(options, { model, run, reason }, act),
  };
}

async function plan({ store, facts: sources, now }: RetrainingOptions, model: string): Promise<Plan> {
  const { changes } = (await store.policy(model)) ?? noModel(model);
  const at = now();
  const policy = policyOf(changes).retraining;
  const history = await store.history(model, at - WEEK);
  const facts = await factsOf({ ...sources, store }, { model, policy, lastStart: history.lastStart, now: at });
  return planOf(model, policy, { facts, history }, at);
}

async function start(options: RetrainingOptions, model: string, request: StartRequest, act: Act): Promise<StartAnswer> {
  const checked = { ...request, reason: checkText(request.reason, 'reason') };
  const decision = await startRun(options, model, checked, act);
  if (decision.outcome === 'refused') {
    if (decision.told) options.onRefusal(model, request.trigger);
    return decision;
  }
  if (decision.outcome === 'known') return decision;
  const { changes } = (await options.store.policy(model)) ?? noModel(model);
  const started = await oneRun(options, model, decision.run);
  options.desk.begin({ run: decision.run, model, trigger: request.trigger, policy: policyOf(changes) });
  options.onStart(model);
  return { outcome: 'started', run: started };
}

async function runs({ store }: RetrainingOptions, model: string, page: PageQuery): Promise<Page<RunSummary>> {
  if (!(await store.model(model))) noModel(model);
  return store.runs(model, page);
}

async function oneRun({ store }: RetrainingOptions, model: string, run: string): Promise<Run> {
  return (await store.run(model, run)) ?? noRun(model, run);
}

async function cancel(
  options: RetrainingOptions,
  { model, run, reason }: { readonly model: string; readonly run: string; readonly reason: string },
  act: Act,
): Promise<Run> {
  checkText(reason, 'reason');
  await options.store.transaction(async (writing) => {
    const locked = (await writing.lockModel(model)) ?? noModel(model);
    const known = (await writing.lockedRun(locked, run)) ?? noRun(model, run);
    if (known.endedAt !== null) throw over(known);
    if (TOO_FAR.includes(known.state)) throw tooFar(known);
    if (known.cancelRequested) return;
    await writing.requestCancel(run);
    const entry = { model, subject: run, reason, before: { state: known.state } };
    await writing.audit(auditEntry('retraining.cancelled', act, entry), options.now());
  });
  options.desk.cancel(run);
  return oneRun(options, model, run);
}

function noRun(model: string, run: string): never {
  const message = `There is no run ${JSON.stringify(run)} of "${model}".`;
  throw new PlumblineError('not_found', message, `Its runs are listed at /v1/models/${model}/retraining.`);
}

function over({ run, state }: Run): PlumblineError {
  return new PlumblineError('conflict', `Run ${run} is over: it ${state}.`, 'There is nothing to cancel.');
}

function tooFar({ run, state }: Run): PlumblineError {
  const help = 'Wait for its end; a version that was promoted is taken back by a rollback.';
  return new PlumblineError('conflict', `Run ${run} is ${state} and cannot be cancelled any more.`, help);
}
