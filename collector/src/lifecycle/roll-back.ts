/** Puts a version that has been in production back there: no new gate, but its files must be those that were saved. */
import { asJson } from '../audit/audit-event.ts';
import { PlumblineError } from '../errors.ts';
import type { ArtifactStore } from '../registry/artifact-store.ts';
import type { Act, Version } from '../registry/model-version.ts';
import { verifyArtifact, versionName } from '../registry/verify-artifact.ts';
import { checkReason } from '../registry/version-checks.ts';
import { registered } from './judge-move.ts';
import type { LifecycleStore } from './lifecycle-store.ts';
import { moveAll, type Moved } from './move-stages.ts';

/** What is asked for. */
export interface Rollback {
  readonly model: string;
  /** The version to go back to. */
  readonly to: string;
  readonly reason: string;
}

/** What it takes. */
export interface RollbackOptions {
  readonly store: LifecycleStore;
  readonly artifacts: ArtifactStore;
  readonly now: () => number;
}

/** @throws PlumblineError `transition_not_allowed`, `artifact_damaged`, `conflict`, `not_found` */
export async function rollBack(options: RollbackOptions, rollback: Rollback, act: Act): Promise<Moved> {
  const { store, artifacts, now } = options;
  const { model, to: version } = rollback;
  const reason = checkReason(rollback.reason, 'a rollback');
  const before = registered(await store.version(model, version), model, version);
  checkStage(before.version);
  await verifyArtifact(artifacts, before);
  const evidence = asJson({ artifactVerified: before.version.digest });
  return store.transaction((writing) =>
    moveAll(writing, { model, version, to: 'production', kind: 'rolled_back', reason, evidence }, act, {
      now: now(),
      check: async (_model, stored) => {
        checkStage(stored.version);
        if (!(await writing.hasBeenInProduction(stored))) throw neverThere(stored.version);
      },
    }),
  );
}

function checkStage(version: Version): void {
  if (version.stage === 'deprecated') return;
  const message = `The ${versionName(version)} is in ${version.stage ?? 'no stage'}, not deprecated.`;
  const help = 'A rollback goes to a version that was in production before; others are promoted.';
  throw new PlumblineError('transition_not_allowed', message, help);
}

function neverThere(version: Version): PlumblineError {
  const help = 'Roll back to a version that was; …/transitions lists them.';
  return new PlumblineError(
    'transition_not_allowed',
    `The ${versionName(version)} has never been in production.`,
    help,
  );
}
