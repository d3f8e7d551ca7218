/** Writes the files of a version from the service's own store, without a running service. */
import { checkReference, fits, noSuchVersion, withoutFiles, type VersionReference } from '../client/materialise.ts';
import { writeArtifact, type Materialised, type Target } from '../client/write-artifact.ts';
import type { ArtifactStore } from '../registry/artifact-store.ts';
import { noModel, noVersion } from '../registry/refusals.ts';
import type { RegistryReading } from '../registry/registry-store.ts';

/** The service's own store. */
export interface OwnStore {
  readonly store: Pick<RegistryReading, 'model' | 'versions' | 'version'>;
  readonly artifacts: ArtifactStore;
}

const PAGE = 100;

/** As the SDK's `materialise`, from the store. @throws PlumblineError, see there */
export async function materialiseVersion(
  { store, artifacts }: OwnStore,
  reference: VersionReference,
  target: Target,
): Promise<Materialised> {
  checkReference(reference);
  const { model } = reference;
  const version = reference.version ?? (await find(store, reference));
  const stored = await store.version(model, version);
  if (!stored || stored.deleted) return noVersion(model, version);
  const { artifact } = stored;
  const { digest, files } = stored.version;
  if (digest === null || artifact === null) throw withoutFiles(stored.version);
  const read = (path: string) => artifacts.read(artifact, path);
  return writeArtifact({ model, version, digest, files, read }, target);
}

async function find(store: OwnStore['store'], reference: VersionReference): Promise<string> {
  const { model } = reference;
  if (!(await store.model(model))) noModel(model);
  for (let after: string | undefined; ;) {
    const page = await store.versions(model, { limit: PAGE, ...(after !== undefined && { after }) });
    const found = page.items.find((version) => fits(version, reference));
    if (found) return found.version;
    if (page.next === null) throw noSuchVersion(reference);
    after = page.next;
  }
}
