/** Moves a version on: gates, artifact, then both stages, both moves and the audit in one transaction. */
import { asJson, type Json } from '../audit/audit-event.ts';
import { PlumblineError } from '../errors.ts';
import type { ArtifactStore } from '../registry/artifact-store.ts';
import { auditEntry } from '../registry/audit-entries.ts';
import { STAGES, type Act, type Stage } from '../registry/model-version.ts';
import { verifyArtifact, versionName } from '../registry/verify-artifact.ts';
import { checkReason, checkText, invalid } from '../registry/version-checks.ts';
import { judgeMove, registered, type Judgement, type JudgeOptions } from './judge-move.ts';
import type { GateResult } from './lifecycle.ts';
import { changedMeanwhile, moveAll, type Moved } from './move-stages.ts';
import { checkMove } from './moves.ts';

/** What is asked for. */
export interface Promotion {
  readonly model: string;
  readonly version: string;
  readonly to: Stage;
  readonly reason: string;
  /** An admin's decision to go on although gates are not met. */
  readonly override: boolean;
}

/** What it takes. */
export interface PromoteOptions extends JudgeOptions {
  readonly artifacts: ArtifactStore;
}

/** @throws PlumblineError `gate_not_met` with the gates in its details, `transition_not_allowed`, `artifact_damaged`, `conflict` */
export async function promote(options: PromoteOptions, promotion: Promotion, act: Act): Promise<Moved> {
  const reason = promotion.override
    ? checkReason(promotion.reason, 'an override')
    : checkText(promotion.reason, 'reason');
  if (!STAGES.includes(promotion.to)) throw invalid(`to: expected one of ${STAGES.join(', ')}`);
  const { model, version, to, override } = promotion;
  // First what is known without measuring anything.
  const before = registered(await options.store.version(model, version), model, version);
  checkMove(before.version.stage as Stage, to);
  const judgement = await judgeMove(options, model, version, to);
  // Judged on a later look than the first: somebody may have moved it in between.
  if (judgement.from !== before.version.stage) throw changedMeanwhile(judgement.stored.version);
  const unmet = judgement.gates.filter(({ met }) => !met);
  if (unmet.length > 0 && !override) {
    await refuse(options, promotion, act, { gates: judgement.gates });
    throw notMet(promotion, judgement.gates);
  }
  if (to !== 'deprecated') await checkArtifact(options, promotion, act, judgement);
  const kind = to === 'deprecated' ? 'deprecated' : unmet.length > 0 ? 'overridden' : 'promoted';
  return options.store.transaction((writing) =>
    moveAll(writing, { model, version, to, kind, reason, evidence: evidenceText(judgement) }, act, {
      now: options.now(),
      check: async (locked, stored) => {
        const { revision } = await writing.lockedPolicy(locked);
        if (stored.version.stage !== judgement.from) throw changedMeanwhile(stored.version);
        if (judgement.gates.length > 0 && revision !== judgement.revision) throw policyChanged(model);
      },
    }),
  );
}

async function checkArtifact(
  options: PromoteOptions,
  promotion: Promotion,
  act: Act,
  judgement: Judgement,
): Promise<void> {
  try {
    await verifyArtifact(options.artifacts, judgement.stored);
  } catch (error) {
    if (error instanceof PlumblineError && error.code === 'artifact_damaged')
      await refuse(options, promotion, act, { gates: judgement.gates, artifact: error.message });
    throw error;
  }
}

/** A refusal is worth knowing later, so it is written down too. */
async function refuse(
  { store, now }: PromoteOptions,
  { model, version, to, reason }: Promotion,
  act: Act,
  why: { readonly gates: readonly GateResult[]; readonly artifact?: string },
): Promise<void> {
  await store.transaction(async (writing) => {
    const entry = { model, subject: version, reason, evidence: asJson(why), after: asJson({ to }) };
    await writing.audit(auditEntry('transition.refused', act, entry), now());
  });
}

function evidenceText({ gates, window, revision, stored }: Judgement): Json {
  return asJson({ gates, window, policyRevision: revision, digest: stored.version.digest });
}

function notMet({ model, version, to }: Promotion, gates: readonly GateResult[]): PlumblineError {
  const unmet = gates.filter(({ met }) => !met);
  const reasons = unmet.map(({ metric, why }) => `${metric}: ${why ?? ''}`).join(' ');
  const message = `The ${versionName({ model, version })} does not meet the gates of ${to}. ${reasons}`;
  const help = 'Wait for more labels, improve the model, or let an admin override with a reason.';
  return new PlumblineError('gate_not_met', message, help, { details: { gates } });
}

function policyChanged(model: string): PlumblineError {
  const help = 'Ask again: the gates are then judged by the new one.';
  return new PlumblineError('conflict', `The policy of "${model}" changed while its gates were judged.`, help);
}
