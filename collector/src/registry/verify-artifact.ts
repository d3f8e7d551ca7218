/** Whether the files of a version are those that were saved. */
import { artifactDigest } from '../client/artifact-manifest.ts';
import { checkedContent, damaged } from '../client/checked-content.ts';
import type { ArtifactStore } from './artifact-store.ts';
import type { StoredVersion } from './registry-store.ts';

/**
 * Reads every file of a version and holds it against the registry, the list of files against the digest, and looks for
 * files nobody saved. Cost: one read of the artifact.
 * @throws PlumblineError `artifact_damaged` naming the first file that is wrong
 */
export async function verifyArtifact(artifacts: ArtifactStore, { version, artifact }: StoredVersion): Promise<void> {
  const where = versionName(version);
  if (artifact === null) throw damaged(where, '*', 'is in no store: the version was never saved with files');
  if (artifactDigest(version.files) !== version.digest)
    throw damaged(where, '*', 'does not fit: the list of files in the registry was changed');
  const listed = new Set(version.files.map(({ path }) => path));
  const stray = (await artifacts.paths(artifact)).find((path) => !listed.has(path));
  if (stray !== undefined) throw damaged(where, stray, 'was not saved with the version');
  for (const file of version.files) {
    const content = checkedContent(where, file, await artifacts.read(artifact, file.path));
    // Reading is all: the iteration throws where something is wrong.
    while (!(await content.next()).done);
  }
}

/** How messages name a version. */
export function versionName({ model, version }: { readonly model: string; readonly version: string }): string {
  return `version "${version}" of "${model}"`;
}
