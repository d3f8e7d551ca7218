/** Decides on a run and writes the decision down, in one transaction under the lock of the model: replicas then agree. */
import { asJson } from '../audit/audit-event.ts';
import { policyOf } from '../lifecycle/policy.ts';
import { auditEntry } from '../registry/audit-entries.ts';
import type { Act } from '../registry/model-version.ts';
import { noModel } from '../registry/refusals.ts';
import type { LockedModel } from '../registry/registry-store.ts';
import { judgeStart, WEEK } from './judge-start.ts';
import type { RetrainingStore, RetrainingWriting } from './retraining-store.ts';
import type { Refusal, StartRequest } from './run.ts';

/** What deciding needs. */
export interface StartOptions {
  readonly store: RetrainingStore;
  /** Epoch ms. */
  readonly now: () => number;
  /** A text never given before: a UUID. */
  readonly newId: () => string;
  /** This replica. */
  readonly owner: string;
}

/** What was decided. `told`: whether the refusal was written down, or had been for the same cause. */
export type Decision =
  | { readonly outcome: 'started'; readonly run: string }
  | { readonly outcome: 'known'; readonly run: string | null }
  | { readonly outcome: 'refused'; readonly refusal: Refusal; readonly told: boolean };

/** Name of the mark that holds the last scheduled time that was judged. */
export const SCHEDULE_MARK = 'schedule';

/** @throws PlumblineError `not_found` for an unknown model, `unavailable` */
export function startRun(options: StartOptions, model: string, request: StartRequest, act: Act): Promise<Decision> {
  const [now, run] = [options.now(), options.newId()];
  return options.store.transaction(async (writing) => {
    const locked = (await writing.lockModel(model)) ?? noModel(model);
    const known = await writing.runOfAlerts(locked, request.alerts ?? []);
    if (known !== undefined) return { outcome: 'known', run: known };
    if (!(await isFirst(writing, locked, request))) return { outcome: 'known', run: null };
    const { revision, changes } = await writing.lockedPolicy(locked);
    const policy = policyOf(changes).retraining;
    const history = await writing.lockedHistory(locked, now - WEEK);
    const refusal = switchedOff(policy.triggers, request) ?? judgeStart(policy, history, now, request.override);
    if (refusal !== null) return refuse(writing, locked, { request, refusal, act, now });
    const incumbent = (await writing.production(locked))?.version.version ?? null;
    const { trigger, reason, evidence = null, alerts = [] } = request;
    const facts = { run, trigger, reason, actor: act.actor, incumbent, policyRevision: revision };
    await writing.addRun(locked, { ...facts, owner: options.owner, at: now, alerts, evidence });
    const after = asJson({ trigger, incumbent, policyRevision: revision, override: request.override === true });
    await writing.audit(auditEntry('retraining.started', act, { model, subject: run, reason, evidence, after }), now);
    return { outcome: 'started', run };
  });
}

/** A scheduled time is judged once, by whichever replica comes first. */
async function isFirst(writing: RetrainingWriting, model: LockedModel, { due }: StartRequest): Promise<boolean> {
  if (due === undefined) return true;
  const before = await writing.lockedMark(model, SCHEDULE_MARK);
  if (before !== undefined && Number(before) >= due) return false;
  return writing.mark(model, SCHEDULE_MARK, String(due));
}

function switchedOff(triggers: { readonly alert: boolean }, { trigger }: StartRequest): Refusal | null {
  if (trigger !== 'alert' || triggers.alert) return null;
  return { code: 'switched_off', message: 'The policy of the model switches alerts off.', until: null };
}

async function refuse(
  writing: RetrainingWriting,
  model: LockedModel,
  {
    request,
    refusal,
    act,
    now,
  }: {
    readonly request: StartRequest;
    readonly refusal: Refusal;
    readonly act: Act;
    readonly now: number;
  },
): Promise<Decision> {
  const { trigger, reason, evidence = null, quiet = false } = request;
  const cause = JSON.stringify([refusal.code, refusal.code === 'cooldown' ? refusal.until : '']);
  const isNew = !quiet || (await writing.mark(model, `refused ${trigger}`, cause));
  if (!isNew) return { outcome: 'refused', refusal, told: false };
  const entry = { model: model.name, subject: trigger, reason, evidence, after: asJson(refusal) };
  await writing.audit(auditEntry('retraining.refused', act, entry), now);
  return { outcome: 'refused', refusal, told: true };
}
