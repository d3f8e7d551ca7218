/**
 * Artifacts in an S3-compatible store: `<prefix>/<id>/<path>`. Objects appear whole or not at all, and an artifact counts only from
 * the moment a row names its id, so nothing needs to be renamed. Credentials and region are those of the AWS SDK
 * (`AWS_ACCESS_KEY_ID`, a profile, a role, …). The SDK is loaded when a store is opened, and by nobody else.
 */
import { Readable } from 'node:stream';
import type * as S3 from '@aws-sdk/client-s3';
import type { Upload } from '@aws-sdk/lib-storage';
import { errorText, PlumblineError } from '../../errors.ts';
import type { ArtifactStore, HeldArtifact, StagedArtifact } from '../../registry/artifact-store.ts';

/** Which bucket of which store. */
export interface S3Settings {
  readonly bucket: string;
  /** Before every key, without slashes at its ends; may be empty. */
  readonly prefix: string;
  /** Address of a store that is not Amazon's; the bucket then stands in the path. */
  readonly endpoint?: string | undefined;
}

/** One part of a large file: what is held in memory at once, twice. */
const PART_BYTES = 8 * 1024 * 1024;
/** Objects removed at once. */
const REMOVALS = 16;

type Sdk = typeof S3 & { readonly Upload: typeof Upload };

/** Makes the store; nothing is asked of it yet. */
export async function createS3Artifacts({ bucket, prefix, endpoint }: S3Settings): Promise<ArtifactStore> {
  const [client, lib] = await Promise.all([import('@aws-sdk/client-s3'), import('@aws-sdk/lib-storage')]);
  const s3 = new client.S3Client({
    ...(endpoint !== undefined && { endpoint, forcePathStyle: true }),
    // We keep a SHA-256 of our own; not every compatible store knows the SDK's checksums.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
  return new S3Artifacts(s3, { ...client, Upload: lib.Upload }, bucket, prefix === '' ? '' : `${prefix}/`);
}

class S3Artifacts implements ArtifactStore {
  readonly #s3: S3.S3Client;
  readonly #sdk: Sdk;
  readonly #bucket: string;
  readonly #root: string;

  constructor(s3: S3.S3Client, sdk: Sdk, bucket: string, root: string) {
    this.#s3 = s3;
    this.#sdk = sdk;
    this.#bucket = bucket;
    this.#root = root;
  }

  stage(id: string): Promise<StagedArtifact> {
    return Promise.resolve({
      write: (path, content) => this.#write(id, path, content),
      publish: () => Promise.resolve(),
      discard: () => this.remove(id).catch(() => {}),
    });
  }

  async read(id: string, path: string): Promise<AsyncIterable<Uint8Array>> {
    const command = new this.#sdk.GetObjectCommand({ Bucket: this.#bucket, Key: this.#key(id, path) });
    try {
      const { Body } = await this.#s3.send(command);
      return telling(Body as Readable);
    } catch (error) {
      if (statusOf(error) === 404) throw gone(path);
      throw away(error);
    }
  }

  async paths(id: string): Promise<readonly string[]> {
    const folder = this.#key(id, '');
    const objects = await this.#objects(folder);
    return objects.map(({ key }) => key.slice(folder.length)).sort();
  }

  async remove(id: string): Promise<void> {
    const objects = await this.#objects(this.#key(id, ''));
    for (let at = 0; at < objects.length; at += REMOVALS) {
      const some = objects.slice(at, at + REMOVALS);
      await Promise.all(
        some.map(({ key: Key }) =>
          guarded(this.#s3.send(new this.#sdk.DeleteObjectCommand({ Bucket: this.#bucket, Key }))),
        ),
      );
    }
  }

  async list(): Promise<readonly HeldArtifact[]> {
    const held = new Map<string, number>();
    for (const { key, lastModified } of await this.#objects(this.#root)) {
      const id = key.slice(this.#root.length).split('/', 1)[0] as string;
      held.set(id, Math.max(held.get(id) ?? 0, lastModified));
    }
    return Array.from(held, ([id, lastWritten]) => ({ id, lastWritten }));
  }

  /** In parts, since nobody knows the size before the end; a small file goes in one request. */
  async #write(id: string, path: string, content: AsyncIterable<Uint8Array>): Promise<void> {
    let broken: unknown;
    const watched = async function* () {
      try {
        yield* content;
      } catch (error) {
        throw (broken = error);
      }
    };
    const Body = Readable.from(watched(), { objectMode: false });
    const params = { Bucket: this.#bucket, Key: this.#key(id, path), Body };
    try {
      await new this.#sdk.Upload({ client: this.#s3, params, partSize: PART_BYTES, queueSize: 2 }).done();
    } catch (error) {
      // What fails in the content is not the store's fault.
      throw broken ?? away(error);
    }
  }

  async #objects(prefix: string): Promise<{ readonly key: string; readonly lastModified: number }[]> {
    const found: { key: string; lastModified: number }[] = [];
    for (let token: string | undefined; ;) {
      const query = { Bucket: this.#bucket, Prefix: prefix, ...(token !== undefined && { ContinuationToken: token }) };
      const page = await guarded(this.#s3.send(new this.#sdk.ListObjectsV2Command(query)));
      for (const { Key = '', LastModified } of page.Contents ?? [])
        found.push({ key: Key, lastModified: LastModified?.getTime() ?? 0 });
      if (!page.IsTruncated) return found;
      token = page.NextContinuationToken;
    }
  }

  #key(id: string, path: string): string {
    return `${this.#root}${id}/${path}`;
  }
}

async function* telling(content: Readable): AsyncGenerator<Uint8Array> {
  try {
    yield* content as AsyncIterable<Uint8Array>;
  } catch (error) {
    throw away(error);
  }
}

function statusOf(error: unknown): number | undefined {
  return (error as { readonly $metadata?: { readonly httpStatusCode?: number } }).$metadata?.httpStatusCode;
}

async function guarded<Output>(answer: Promise<Output>): Promise<Output> {
  try {
    return await answer;
  } catch (error) {
    throw away(error);
  }
}

/** The store's own words, which name no secret. */
function away(error: unknown): PlumblineError {
  const help = 'Nothing was saved. Check the address, the bucket and the credentials of the artifact store.';
  return new PlumblineError('unavailable', `The artifact store cannot be used: ${errorText(error)}`, help, {
    cause: error,
  });
}

function gone(path: string): PlumblineError {
  const help = 'Restore the bucket; plumbline verify lists everything that is missing.';
  return new PlumblineError('artifact_damaged', `The file ${JSON.stringify(path)} is missing from the store.`, help);
}
