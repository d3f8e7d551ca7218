/** The part of a move that is one transaction: stages, moves, audit, and the former version out of production. */
import { asJson, type AuditAction, type AuditEntry, type Json } from '../audit/audit-event.ts';
import { PlumblineError } from '../errors.ts';
import { auditEntry } from '../registry/audit-entries.ts';
import type { Act, Stage, Version } from '../registry/model-version.ts';
import { noModel } from '../registry/refusals.ts';
import type { LockedModel, StoredVersion } from '../registry/registry-store.ts';
import { versionName } from '../registry/verify-artifact.ts';
import { registered } from './judge-move.ts';
import type { Transition } from './lifecycle.ts';
import type { LifecycleWriting } from './lifecycle-store.ts';

/** What moves where, and why. */
export interface Move {
  readonly model: string;
  readonly version: string;
  readonly to: Stage;
  readonly kind: Transition['kind'];
  readonly reason: string;
  readonly evidence: Json;
}

/** The version as it is now, and every move that was made, in their order. */
export interface Moved {
  readonly version: Version;
  readonly moves: readonly Transition[];
}

/** Facts and checks of the moment. */
export interface MoveContext {
  /** Epoch ms. */
  readonly now: number;
  /** Throws when what was decided outside of the transaction no longer holds. */
  readonly check: (model: LockedModel, stored: StoredVersion) => Promise<void>;
}

const ACTIONS: Readonly<Record<Transition['kind'], AuditAction>> = {
  promoted: 'version.promoted',
  overridden: 'version.overridden',
  rolled_back: 'version.rolled_back',
  deprecated: 'version.deprecated',
};

/** Makes the move; nobody else moves a version of this model until the transaction ends. */
export async function moveAll(writing: LifecycleWriting, move: Move, act: Act, context: MoveContext): Promise<Moved> {
  const { model, version } = move;
  const locked = (await writing.lockModel(model)) ?? noModel(model);
  const stored = registered(await writing.version(locked, version), model, version);
  await context.check(locked, stored);
  // Replicas' clocks differ; moves of one model are told in the order they were made all the same.
  const at = Math.max(context.now, await writing.lastMove(locked));
  const made: [StoredVersion, Transition][] = [];
  // The former one leaves first: the database holds no two in production, not even for a moment.
  const former = move.to === 'production' ? await writing.production(locked) : undefined;
  if (former) {
    const evidence = asJson({ replacedBy: version });
    const pushed = {
      ...move,
      version: former.version.version,
      to: 'deprecated',
      kind: 'deprecated',
      evidence,
    } as const;
    made.push([former, transition(pushed, former, act, at)]);
  }
  made.push([stored, transition(move, stored, act, at)]);
  const entries: AuditEntry[] = [];
  for (const [subject, moved] of made) {
    await writing.move(locked, subject, moved, at);
    entries.push(entryOf(moved, act));
  }
  for (const [, moved] of made)
    if (moved.to === 'deprecated') entries.push(...(await writing.withdraw(locked, moved.version, act, at)));
  // The log is locked last, see `RegistryWriting.audit`.
  for (const entry of entries) await writing.audit(entry, at);
  return { version: { ...stored.version, stage: move.to }, moves: made.map(([, moved]) => moved) };
}

function transition(move: Move, { version }: StoredVersion, { actor }: Act, at: number): Transition {
  const { model, to, kind, reason, evidence } = move;
  const times = { from: version.stage as Stage, to, at: new Date(at).toISOString() };
  return { model, version: version.version, ...times, kind, actor, reason, evidence };
}

function entryOf({ model, version, from, to, kind, reason, evidence }: Transition, act: Act) {
  const states = { before: asJson({ stage: from }), after: asJson({ stage: to }) };
  return auditEntry(ACTIONS[kind], act, { model, subject: version, reason, evidence, ...states });
}

/** Somebody else moved it first. */
export function changedMeanwhile(version: Version): PlumblineError {
  const message = `The ${versionName(version)} is in ${version.stage ?? 'no stage'} by now: somebody moved it meanwhile.`;
  return new PlumblineError('conflict', message, 'Look at its stage, and ask again if the move is still wanted.');
}
