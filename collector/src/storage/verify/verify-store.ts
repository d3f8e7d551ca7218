/** Whether everything the service keeps is sound: database, audit chain, versions with their files. Reads only. */
import type { ChainHead, ChainProblem } from '../../audit/chain.ts';
import { errorText, PlumblineError } from '../../errors.ts';
import type { ArtifactStore } from '../../registry/artifact-store.ts';
import { verifyArtifact } from '../../registry/verify-artifact.ts';
import type { Database } from '../database.ts';
import { createRegistryStore } from '../registry-store.ts';
import { databaseError } from '../transact.ts';
import { auditWalk, type WalkedAudit } from './audit-walk.ts';
import { databaseProblems } from './database-problems.ts';
import { versionProblems, type VersionProblem } from './version-problems.ts';

/** What was looked at, and what is wrong. */
export interface VerifyReport {
  /** Nothing is wrong. */
  readonly sound: boolean;
  readonly database: { readonly engine: Database['engine']['name']; readonly problems: readonly string[] };
  readonly audit: {
    readonly entries: number;
    /**
     * The last entry. Keep it elsewhere: who can write the whole database could cut entries off the end, or write the log anew; only a
     * head noted before shows that.
     */
    readonly head: ChainHead;
    readonly problems: readonly ChainProblem[];
  };
  readonly versions: {
    readonly checked: number;
    readonly files: number;
    readonly bytes: number;
    readonly problems: readonly VersionProblem[];
  };
  /** Artifacts no version refers to: a save that is under way, or what a crash left; the service sweeps them. No defect. */
  readonly orphans: readonly string[];
}

/** What to look at. */
export interface VerifyOptions {
  readonly database: Database;
  readonly artifacts: ArtifactStore;
  /** Told of each version whose files were read. */
  readonly onVersion?: (model: string, version: string) => void;
  readonly signal?: AbortSignal;
}

/**
 * Looks at everything; a service may go on meanwhile. Cost: one read of the audit log and of every artifact.
 * @throws PlumblineError `unavailable` when the database cannot be read, `interrupted` when the signal is aborted
 */
export async function verifyStore(options: VerifyOptions): Promise<VerifyReport> {
  const { database, artifacts } = options;
  try {
    const problems = await databaseProblems(database);
    const audit = await auditWalk(database.db);
    const held = (await artifacts.list()).map(({ id }) => id);
    const versions = await checkVersions(options, audit);
    const wanted = await createRegistryStore(database).artifacts();
    const wrong = problems.length + audit.problems.length + versions.problems.length;
    return {
      sound: wrong === 0,
      database: { engine: database.engine.name, problems },
      audit: { entries: audit.entries, head: audit.head, problems: audit.problems },
      versions,
      orphans: held.filter((id) => !wanted.has(id)).sort(),
    };
  } catch (error) {
    throw databaseError(error);
  }
}

async function checkVersions(
  { database, artifacts, onVersion, signal }: VerifyOptions,
  audit: WalkedAudit,
): Promise<VerifyReport['versions']> {
  const store = createRegistryStore(database);
  const problems = versionProblems(audit);
  let [files, bytes] = [0, 0];
  for (const { model, version } of audit.versions) {
    if (signal?.aborted) throw new PlumblineError('interrupted', 'Stopped before the end.', 'Run it again.');
    const stored = await store.version(model, version);
    if (!stored || stored.deleted) continue; // deleted since
    try {
      await verifyArtifact(artifacts, stored);
    } catch (error) {
      if (!(error instanceof PlumblineError) || error.code !== 'artifact_damaged') throw error;
      // Its files may have gone with it, just now.
      if (!(await store.version(model, version))?.deleted) problems.push({ model, version, problem: errorText(error) });
    }
    files += stored.version.files.length;
    bytes += stored.version.files.reduce((sum, { size }) => sum + size, 0);
    onVersion?.(model, version);
  }
  return { checked: audit.versions.length, files, bytes, problems };
}
