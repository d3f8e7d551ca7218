/** Makes or changes an experiment: rules, state, epoch and audit in one transaction. */
import { asJson, type AuditAction, type Json } from '../audit/audit-event.ts';
import { PlumblineError } from '../errors.ts';
import { policyOf } from '../lifecycle/policy.ts';
import { auditEntry } from '../registry/audit-entries.ts';
import type { Act } from '../registry/model-version.ts';
import { noModel } from '../registry/refusals.ts';
import type { LockedModel } from '../registry/registry-store.ts';
import { checkName, checkReason, checkText } from '../registry/version-checks.ts';
import { halt, reweigh, run } from './course.ts';
import type { ExperimentChange } from './experiment.ts';
import type { ExperimentWriting, StoredExperiment } from './experiment-store.ts';
import { checkStateMove, MOVE_ACTIONS } from './moves.ts';
import { changedRules, newRules, sameRules } from './rules.ts';
import { checkVersions } from './usable-versions.ts';

/** What is asked for, and when. */
export interface Put {
  readonly model: string;
  readonly name: string;
  readonly change: ExperimentChange;
  /** Whether an experiment that is not there is made. */
  readonly makes: boolean;
  /** The salt a new one gets. */
  readonly salt: string;
  /** Epoch ms. */
  readonly now: number;
}

interface Entry {
  readonly action: AuditAction;
  readonly before: Json;
  readonly after: Json;
}

/** @returns it as it is now; nothing is written where nothing changes */
export async function putExperiment(writing: ExperimentWriting, put: Put, act: Act): Promise<StoredExperiment> {
  const { model, name, change, now } = put;
  checkName(name, 'experiment');
  const locked = (await writing.lockModel(model)) ?? noModel(model);
  const before = await writing.experiment(locked, name);
  if (!before && !put.makes) noExperiment(model, name);
  if (change.revision !== undefined && change.revision !== (before?.revision ?? 0))
    throw staleRevision(name, before?.revision ?? 0);
  const entries: Entry[] = [];
  const ruled = before ? await alter(writing, locked, before, put, entries) : await make(writing, locked, put, entries);
  const moved = await move(writing, locked, ruled, put, entries);
  if (before && entries.length === 0) return before;
  const after = await writing.save(locked, { ...moved, revision: (before?.revision ?? 0) + 1 });
  const reason = change.reason === undefined ? {} : { reason: checkText(change.reason, 'reason') };
  for (const { action, ...states } of entries)
    await writing.audit(auditEntry(action, act, { model, subject: name, ...reason, ...states }), now);
  return after;
}

async function make(
  writing: ExperimentWriting,
  locked: LockedModel,
  { model, name, change, salt, now }: Put,
  entries: Entry[],
): Promise<StoredExperiment> {
  const { changes } = await writing.lockedPolicy(locked);
  const { labelDeadlineSeconds: labelWaitSeconds } = policyOf(changes);
  const rules = newRules(change, { task: locked.declaration.task ?? 'classification', labelWaitSeconds });
  entries.push({ action: 'experiment.created', before: null, after: asJson({ ...rules, salt }) });
  return {
    ...{ id: 0, model, name, salt, state: 'draft', revision: 0, rules, epoch: null, createdAt: now },
    ...{ startedAt: null, endedAt: null },
    course: { ran: 0, runningSince: null, rampSteps: 0, drawnAt: null, stopped: [] },
  };
}

async function alter(
  writing: ExperimentWriting,
  locked: LockedModel,
  before: StoredExperiment,
  { change, now }: Put,
  entries: Entry[],
): Promise<StoredExperiment> {
  const context = { task: locked.declaration.task ?? ('classification' as const), hasRun: before.startedAt !== null };
  const rules = changedRules(before.rules, change, context);
  if (sameRules(rules, before.rules)) return before;
  if (before.state === 'ended') throw isOver(before.name);
  // What runs must be able to go on; a draft is checked when it starts.
  if (before.state === 'running') await checkVersions(writing, locked, rules);
  const course = {
    ...before.course,
    // Whoever gives a stopped arm a weight again has looked at why it was stopped.
    stopped: before.course.stopped.filter(({ version }) => weightOf(rules.arms, version) === 0),
    ...(JSON.stringify(rules.ramp) !== JSON.stringify(before.rules.ramp) && { rampSteps: 0 }),
  };
  entries.push({ action: 'experiment.changed', before: asJson(before.rules), after: asJson(rules) });
  return reweigh({ ...before, rules, course }, rules.arms, 'weights', now);
}

async function move(
  writing: ExperimentWriting,
  locked: LockedModel,
  experiment: StoredExperiment,
  { change: { state: to, reason }, now }: Put,
  entries: Entry[],
): Promise<StoredExperiment> {
  const { state: from, name } = experiment;
  if (to === undefined || to === from) return experiment;
  checkStateMove(name, from, to);
  checkReason(reason ?? '', 'a change of the state');
  if (to === 'running') {
    const other = await writing.runningOf(locked);
    if (other) throw anotherRuns(other);
    if (!experiment.rules.arms.some(({ weight }) => weight > 0)) throw nobodyLeft(name);
    await checkVersions(writing, locked, experiment.rules);
  }
  const moved = to === 'running' ? run(experiment, now) : halt(experiment, to, now);
  entries.push({ action: MOVE_ACTIONS[to], before: stateFacts(experiment), after: stateFacts(moved) });
  return moved;
}

/** What the audit keeps of a state. */
export function stateFacts({ state, epoch, rules }: StoredExperiment): Json {
  return asJson({ state, epoch: epoch?.number ?? null, weights: rules.arms });
}

/** @throws PlumblineError `not_found` */
export function noExperiment(model: string, name: string): never {
  const message = `There is no experiment ${JSON.stringify(name)} of ${JSON.stringify(model)}.`;
  throw new PlumblineError('not_found', message, `Its experiments are listed at /v1/models/${model}/experiments.`);
}

/** Another one of the model runs already. */
export function anotherRuns({ name, model }: Pick<StoredExperiment, 'name' | 'model'>): PlumblineError {
  const message = `state: the experiment "${name}" of "${model}" runs already, and one runs at a time.`;
  return new PlumblineError('conflict', message, 'Pause or end that one first.');
}

function nobodyLeft(name: string): PlumblineError {
  const help = 'Give an arm a weight in the same request.';
  return new PlumblineError('conflict', `arms: nobody would answer in the experiment "${name}".`, help);
}

function weightOf(arms: StoredExperiment['rules']['arms'], version: string): number {
  return arms.find((arm) => arm.version === version)?.weight ?? 0;
}

function staleRevision(name: string, current: number): PlumblineError {
  const help = 'Read it again, and send the change with its revision.';
  const message = `revision: the experiment "${name}" is at ${current} by now.`;
  return new PlumblineError('conflict', message, help, { details: { revision: current } });
}

function isOver(name: string): PlumblineError {
  const help = 'Make another one, with another name.';
  return new PlumblineError('conflict', `The experiment "${name}" has ended and stays as it is.`, help);
}
