/** What `plumbline verify` and `plumbline materialise` do. */
import { materialise } from '../client/materialise.ts';
import type { Materialised } from '../client/write-artifact.ts';
import { openArtifacts } from '../storage/artifacts/open-artifacts.ts';
import type { Database } from '../storage/database.ts';
import { createRegistryStore } from '../storage/registry-store.ts';
import { verifyStore } from '../storage/verify/verify-store.ts';
import { materialiseVersion } from './materialise-version.ts';
import type { MaterialiseFlags, VerifyFlags } from './service-commands.ts';
import { withDatabase, type StorePlace } from './store-place.ts';
import { notSound, verifyText } from './verify-text.ts';

/** What the commands need of the world around them. */
export interface StoreCommandEnvironment {
  readonly place: StorePlace;
  readonly print: (text: string) => void;
  readonly signal: AbortSignal;
}

/** Looks at everything. @throws PlumblineError `not_sound` after the report was printed */
export async function runVerify(
  { json }: VerifyFlags,
  { place, print, signal }: StoreCommandEnvironment,
): Promise<void> {
  const report = await withDatabase(place, async (database) =>
    verifyStore({ database, artifacts: await artifactsOf(place), signal }),
  );
  print(json ? JSON.stringify(report, undefined, 2) : verifyText(report));
  if (!report.sound) throw notSound(report);
}

/** Writes the files of a version, from a collector where one is named, else from the service's own store. */
export async function runMaterialise(flags: MaterialiseFlags, environment: StoreCommandEnvironment): Promise<void> {
  const { collector, token, json, data: _data, ...asked } = flags;
  const { place, print, signal } = environment;
  const written =
    collector === undefined
      ? await withDatabase(place, (database) => fromStore(database, place, asked))
      : await materialise({ ...asked, collector, ...(token !== undefined && { token }), signal });
  print(json ? JSON.stringify(written) : materialisedText(written));
}

async function fromStore(database: Database, place: StorePlace, asked: Omit<MaterialiseFlags, 'json'>) {
  const own = { store: createRegistryStore(database), artifacts: await artifactsOf(place) };
  return materialiseVersion(own, asked, asked);
}

function artifactsOf({ dataFolder, artifactsUrl: url, s3Endpoint: endpoint }: StorePlace) {
  return openArtifacts({ dataFolder, url, endpoint });
}

function materialisedText({ model, version, to, files, bytes, written }: Materialised): string {
  const what = `${files} files, ${bytes} bytes, of "${model}" version "${version}"`;
  return written ? `Wrote ${what} to ${to}.` : `${to} holds ${what} already.`;
}
