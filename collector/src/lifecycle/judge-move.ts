/** What the gates of a move say now. */
import { PlumblineError } from '../errors.ts';
import type { Stage, Version } from '../registry/model-version.ts';
import { noModel, noVersion } from '../registry/refusals.ts';
import type { StoredVersion } from '../registry/registry-store.ts';
import { versionName } from '../registry/verify-artifact.ts';
import { evidenceOf, type Evidence, type EvidenceSources } from './evidence.ts';
import { judgeGate } from './gates.ts';
import type { GateResult, Policy } from './lifecycle.ts';
import type { LifecycleStore } from './lifecycle-store.ts';
import { policyOf } from './policy.ts';

/** What judging needs. */
export interface JudgeOptions {
  readonly store: LifecycleStore;
  readonly evidence: EvidenceSources;
  readonly now: () => number;
}

/** A move and what its gates said, with all they rested on. */
export interface Judgement {
  readonly stored: StoredVersion;
  readonly from: Stage;
  readonly revision: number;
  readonly gates: readonly GateResult[];
  /** Times between which traffic was looked at, RFC 3339. */
  readonly window: { readonly from: string; readonly to: string };
}

const DAY = 86_400_000;

/**
 * Measures the evidence and judges every gate of the stage; a stage without gates has none to judge.
 * @throws PlumblineError `not_found`, `transition_not_allowed` for a version nobody saved, `unavailable` when evidence cannot be had
 */
export async function judgeMove(
  { store, evidence, now }: JudgeOptions,
  model: string,
  version: string,
  to: Stage,
): Promise<Judgement> {
  const known = (await store.model(model)) ?? noModel(model);
  const stored = registered(await store.version(model, version), model, version);
  const { revision, changes } = (await store.policy(model)) ?? noModel(model);
  const policy = policyOf(changes);
  const [until, gates] = [now(), gatesOf(policy, to)];
  const window = { from: until - policy.evidence.windowDays * DAY, to: until };
  const measured =
    gates.length > 0
      ? await measure(evidence, policy, { version: stored.version, incumbent: known.production }, window)
      : undefined;
  const context = { ...policy.evidence, task: known.task ?? ('classification' as const) };
  return {
    stored,
    from: stored.version.stage as Stage,
    revision,
    gates: measured ? gates.map((gate) => judgeGate(gate, measured, context)) : [],
    window: { from: new Date(window.from).toISOString(), to: new Date(window.to).toISOString() },
  };
}

function gatesOf({ gates }: Pick<Policy, 'gates'>, to: Stage) {
  return to === 'staging' || to === 'production' ? gates[to] : [];
}

async function measure(
  sources: EvidenceSources,
  policy: Pick<Policy, 'evidence'>,
  { version, incumbent }: { readonly version: Version; readonly incumbent: string | null },
  window: { readonly from: number; readonly to: number },
): Promise<Evidence> {
  const fromPrometheus = policy.evidence.source === 'prometheus';
  const source = fromPrometheus ? sources.prometheus : sources.store;
  if (!source) throw noPrometheus(version.model);
  const live = await source.live({ model: version.model, version: version.version, ...window });
  return evidenceOf(live, fromPrometheus ? 'prometheus' : 'live', version, incumbent);
}

/** A version that was saved: one that ingest made has no stage to leave. */
export function registered(stored: StoredVersion | undefined, model: string, version: string): StoredVersion {
  if (!stored || stored.deleted) return noVersion(model, version);
  if (stored.version.registered) return stored;
  const message = `The ${versionName(stored.version)} is known from predictions alone and has no stage.`;
  throw new PlumblineError('transition_not_allowed', message, 'Save it with its files first (POST …/versions).');
}

function noPrometheus(model: string): PlumblineError {
  const message = `The policy of "${model}" takes evidence from a Prometheus, and this service knows none.`;
  const help = 'Give the service the address of a Prometheus, or set evidence.source to "store".';
  return new PlumblineError('unavailable', message, help);
}
