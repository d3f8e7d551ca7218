/** Opens the artifact store a setting names. */
import { join } from 'node:path';
import { PlumblineError } from '../../errors.ts';
import type { ArtifactStore } from '../../registry/artifact-store.ts';
import { createLocalArtifacts } from './local-artifacts.ts';
import { createS3Artifacts } from './s3-artifacts.ts';

/** Where artifacts lie. */
export interface ArtifactSettings {
  /** Folder of the service's files; without a `url` artifacts lie in `artifacts` below it. */
  readonly dataFolder: string;
  /** `s3://bucket` or `s3://bucket/prefix`. */
  readonly url?: string | undefined;
  /** Address of an S3-compatible store that is not Amazon's; paths then name the bucket. */
  readonly endpoint?: string | undefined;
}

const HELP = 'For instance s3://models/plumbline; leave it out for the disk of the service.';

/** @throws PlumblineError `invalid_configuration` for an address that is none, `unavailable` when the disk says no */
export async function openArtifacts({ dataFolder, url, endpoint }: ArtifactSettings): Promise<ArtifactStore> {
  if (url === undefined) return createLocalArtifacts(join(dataFolder, 'artifacts'));
  const [, bucket, prefix = ''] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*?))?\/?$/.exec(url) ?? [];
  if (bucket === undefined)
    throw new PlumblineError('invalid_configuration', `The artifact store "${url}" is no s3:// address.`, HELP);
  return createS3Artifacts({ bucket, prefix, endpoint });
}
