/** The lifecycle: policies, gates, moves between stages, and who was live when. */
import { asJson } from '../audit/audit-event.ts';
import type { PlumblineError } from '../errors.ts';
import type { ArtifactStore } from '../registry/artifact-store.ts';
import { auditEntry } from '../registry/audit-entries.ts';
import type { Page, Stage, Version } from '../registry/model-version.ts';
import { noModel } from '../registry/refusals.ts';
import type { PageQuery } from '../registry/registry-store.ts';
import { invalid } from '../registry/version-checks.ts';
import type { EvidenceSources } from './evidence.ts';
import { judgeMove } from './judge-move.ts';
import type { GateResult, Lifecycle, LiveAnswer, Policy, Transition } from './lifecycle.ts';
import type { LifecycleStore } from './lifecycle-store.ts';
import { liveAnswer } from './live-answer.ts';
import { checkPolicy, mergePolicy, policyOf, staleRevision } from './policy.ts';
import { promote } from './promote.ts';
import { rollBack } from './roll-back.ts';

/** What the lifecycle works with. */
export interface LifecycleOptions {
  readonly store: LifecycleStore;
  readonly artifacts: ArtifactStore;
  /** Live traffic as this service joined it, and as a Prometheus counted it where one is configured. */
  readonly evidence: EvidenceSources;
  /** Epoch ms. */
  readonly now: () => number;
  /** Told of each move once it is committed, the one a promotion pushes out of production included. */
  readonly onMove?: (transition: Transition) => void;
  /** Told after a model's policy or stages changed. */
  readonly onChange?: (model: string) => void;
}

/** Makes the lifecycle. */
export function createLifecycle(options: LifecycleOptions): Lifecycle {
  return new LifecycleService({ onMove: () => {}, onChange: () => {}, ...options });
}

class LifecycleService implements Lifecycle {
  readonly #options: Required<LifecycleOptions>;

  constructor(options: Required<LifecycleOptions>) {
    this.#options = options;
  }

  async policy(model: string): Promise<Policy> {
    const { revision, changes } = (await this.#options.store.policy(model)) ?? noModel(model);
    return { model, revision, ...policyOf(changes) };
  }

  async setPolicy(...[model, change, act]: Parameters<Lifecycle['setPolicy']>): Promise<Policy> {
    const { revision, ...named } = change;
    if (named.evidence?.source === 'prometheus' && !this.#options.evidence.prometheus) throw noPrometheus();
    const now = this.#options.now();
    const policy = await this.#options.store.transaction(async (writing) => {
      const locked = (await writing.lockModel(model)) ?? noModel(model);
      const current = await writing.lockedPolicy(locked);
      if (revision !== undefined && revision !== current.revision) throw staleRevision(current.revision);
      const changes = mergePolicy(current.changes, named);
      const next = checkPolicy(policyOf(changes));
      await writing.setPolicy(locked, { revision: current.revision + 1, changes });
      const states = { before: asJson(policyOf(current.changes)), after: asJson(next) };
      await writing.audit(auditEntry('policy.changed', act, { model, ...states }), now);
      return { model, revision: current.revision + 1, ...next };
    });
    this.#options.onChange(model);
    return policy;
  }

  async gates(model: string, version: string, to: Stage): Promise<readonly GateResult[]> {
    return (await judgeMove(this.#options, model, version, to)).gates;
  }

  async transition(...[model, version, move, act]: Parameters<Lifecycle['transition']>): Promise<Version> {
    const moved = await promote(this.#options, { model, version, ...move }, act);
    return this.#told(moved);
  }

  async rollback(...[model, move, act]: Parameters<Lifecycle['rollback']>): Promise<Version> {
    return this.#told(await rollBack(this.#options, { model, ...move }, act));
  }

  async transitions(model: string, page: PageQuery): Promise<Page<Transition>> {
    if (!(await this.#options.store.model(model))) noModel(model);
    return this.#options.store.transitions(model, page);
  }

  async live(model: string, at: number): Promise<LiveAnswer> {
    if (!(await this.#options.store.model(model))) noModel(model);
    return liveAnswer(this.#options.store, model, at);
  }

  #told({ version, moves }: { readonly version: Version; readonly moves: readonly Transition[] }): Version {
    for (const move of moves) this.#options.onMove(move);
    this.#options.onChange(version.model);
    return version;
  }
}

function noPrometheus(): PlumblineError {
  return invalid(
    'evidence.source: this service knows no Prometheus',
    'Give the service the address of a Prometheus, or use "store".',
  );
}
