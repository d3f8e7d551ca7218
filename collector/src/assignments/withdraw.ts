/** What a version that is deprecated leaves behind: no experiment may send it traffic any more. */
import { asJson, type AuditEntry } from '../audit/audit-event.ts';
import { auditEntry } from '../registry/audit-entries.ts';
import type { Act } from '../registry/model-version.ts';
import type { LockedModel } from '../registry/registry-store.ts';
import { stopArm } from './course.ts';
import type { ExperimentWriting, StoredExperiment } from './experiment-store.ts';
import { stateFacts } from './put-experiment.ts';

/**
 * Takes a version out of the experiments that run or are paused: its weight goes to 0, the others' shares grow, shadows lose it. An experiment
 * that has nobody left is paused. A move is never refused for an experiment: a rollback must be possible at any moment.
 * @returns what to audit of it
 */
export async function withdrawVersion(
  writing: Pick<ExperimentWriting, 'openOf' | 'save'>,
  model: LockedModel,
  version: string,
  { act, now }: { readonly act: Act; readonly now: number },
): Promise<AuditEntry[]> {
  const entries: AuditEntry[] = [];
  for (const before of await writing.openOf(model)) {
    if (!takesPart(before, version)) continue;
    const after = { ...without(before, version, now), revision: before.revision + 1 };
    await writing.save(model, after);
    const facts = { model: model.name, subject: before.name, reason: `The version ${version} was deprecated.` };
    const rules = { before: asJson(before.rules), after: asJson(after.rules) };
    entries.push(auditEntry('experiment.changed', act, { ...facts, ...rules }));
    if (after.state === before.state) continue;
    const states = { before: stateFacts(before), after: stateFacts(after) };
    entries.push(auditEntry('experiment.paused', act, { ...facts, ...states }));
  }
  return entries;
}

/** Whether a version is an arm, with or without a weight (a ramp may give it one), or a shadow. */
export function takesPart({ rules: { arms, shadows } }: StoredExperiment, version: string): boolean {
  return shadows.includes(version) || arms.some((arm) => arm.version === version);
}

function without(experiment: StoredExperiment, version: string, now: number): StoredExperiment {
  const { rules } = experiment;
  const shadows = rules.shadows.filter((shadow) => shadow !== version);
  const rest = { ...experiment, rules: { ...rules, shadows } };
  if (!rules.arms.some((arm) => arm.version === version)) return rest;
  return stopArm(rest, version, { why: 'The version was deprecated.', cause: 'withdrawn', now });
}
