/** One contract of artifact stores, on the local disk and on an S3-compatible one. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PlumblineError } from '../../../../collector/src/errors.ts';
import type { ArtifactStore } from '../../../../collector/src/registry/artifact-store.ts';
import { sweepArtifacts } from '../../../../collector/src/registry/sweep.ts';
import { openArtifacts } from '../../../../collector/src/storage/artifacts/open-artifacts.ts';
import { bytesOf } from '../../registry/support/control.ts';
import { startS3, type S3Server } from '../support/s3-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'plumbline-artifacts-'));
let s3: S3Server;
const credentials = { AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'secret', AWS_REGION: 'eu-central-1' };
const before = Object.fromEntries(Object.keys(credentials).map((name) => [name, process.env[name]]));
beforeAll(async () => {
  Object.assign(process.env, credentials);
  s3 = await startS3();
});
afterAll(async () => {
  for (const [name, value] of Object.entries(before))
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  await s3.close();
  rmSync(folder, { recursive: true, force: true });
});

let made = 0;
const kinds = {
  disk: () => openArtifacts({ dataFolder: join(folder, String(++made)) }),
  s3: () => openArtifacts({ dataFolder: folder, url: `s3://models/p${++made}/deep/`, endpoint: s3.url }),
};

async function* chunked(content: Uint8Array, size = 1_000_000) {
  for (let at = 0; at < content.length; at += size) yield await Promise.resolve(content.subarray(at, at + size));
}

async function save(store: ArtifactStore, id: string, files: Record<string, Uint8Array>): Promise<void> {
  const staged = await store.stage(id);
  for (const [path, content] of Object.entries(files)) await staged.write(path, chunked(content));
  await staged.publish();
}

describe.each(Object.entries(kinds))('%s', (kind, open) => {
  let store: ArtifactStore;
  beforeEach(async () => (store = await open()));

  test('what was published is read back, byte for byte, under paths of any kind', async () => {
    const large = randomBytes(20_000_000);
    const files = {
      'model/weights.bin': large,
      empty: Buffer.alloc(0),
      'ä ö/日本 %2e+&<.txt': Buffer.from('text'),
      'a/b/c/d': Buffer.from('deep'),
    };
    await save(store, 'one', files);
    for (const [path, content] of Object.entries(files)) {
      const read = await bytesOf(await store.read('one', path));
      expect([path, read.length, sha(read)]).toEqual([path, content.length, sha(content)]);
    }
    expect(await store.paths('one')).toEqual(Object.keys(files).sort());
    expect(await store.paths('none')).toEqual([]);
  });

  test('what is not there is said to be damaged, since somebody was told it is', async () => {
    await save(store, 'one', { 'a/b': Buffer.from('x') });
    for (const [id, path] of [
      ['one', 'c'],
      ['one', 'a'],
      ['two', 'a/b'],
    ] as const)
      await expect(store.read(id, path)).rejects.toMatchObject({ code: 'artifact_damaged' });
  });

  test('a content that breaks off is told as it broke, and nothing stays after discarding', async () => {
    const staged = await store.stage('broken');
    const tooLarge = new PlumblineError('too_large', 'too large', '');
    async function* breaking() {
      yield Buffer.alloc(9_000_000);
      await Promise.resolve();
      throw tooLarge;
    }
    await staged.write('first', chunked(Buffer.from('x')));
    await expect(staged.write('weights', breaking())).rejects.toBe(tooLarge);
    await staged.discard();
    expect(await store.list()).toEqual([]);
    expect(await store.paths('broken')).toEqual([]);
  });

  test('removing removes one artifact whole, and is fine twice', async () => {
    await save(store, 'one', Object.fromEntries([...'abcdefg'].map((name) => [name, Buffer.from(name)])));
    await save(store, 'one-more', { a: Buffer.from('a') });
    await store.remove('one');
    await store.remove('one');
    expect(await store.paths('one')).toEqual([]);
    expect((await store.list()).map(({ id }) => id)).toEqual(['one-more']);
  });

  test('a sweep removes what no version refers to and nobody wrote to of late', async () => {
    await save(store, 'wanted', { a: Buffer.from('a') });
    await save(store, 'orphan', { a: Buffer.from('a') });
    const staged = await store.stage('staged');
    await staged.write('a', chunked(Buffer.from('a')));
    const rows = { artifacts: () => Promise.resolve(new Set(['wanted'])) };
    const last = Math.max(...(await store.list()).map(({ lastWritten }) => lastWritten));
    const sweep = (now: number) => sweepArtifacts({ store: rows, artifacts: store, now, grace: 1_000 });
    expect(await sweep(last - 60_000)).toEqual([]);
    expect((await sweep(last + 1_000)).sort()).toEqual(['orphan', 'staged']);
    expect((await store.list()).map(({ id }) => id)).toEqual(['wanted']);
    expect(kind).toBeDefined();
  });
});

function sha(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

describe('on the disk', () => {
  test('nothing is seen before it is published, and files are not writable afterwards', async () => {
    const data = join(folder, String(++made));
    const store = await openArtifacts({ dataFolder: data });
    const staged = await store.stage('one');
    await staged.write('a', chunked(Buffer.from('a')));
    expect(readdirSync(join(data, 'artifacts'))).toEqual(['.staging']);
    await expect(store.read('one', 'a')).rejects.toMatchObject({ code: 'artifact_damaged' });
    await staged.publish();
    expect(statSync(join(data, 'artifacts/one/a')).mode & 0o777).toBe(0o440);
    expect(readdirSync(join(data, 'artifacts/.staging'))).toEqual([]);
  });

  test('a folder that cannot be used is told so', async () => {
    const data = join(folder, String(++made));
    mkdirSync(data);
    writeFileSync(join(data, 'artifacts'), 'a file is in the way');
    await expect(openArtifacts({ dataFolder: data })).rejects.toThrow();
  });
});

describe('in S3', () => {
  test('a store that is broken is told in its words and without secrets', async () => {
    const store = await openArtifacts({ dataFolder: folder, url: 's3://models', endpoint: s3.url });
    s3.failWith = 403;
    const staged = await store.stage('one');
    const written = staged.write('a', chunked(Buffer.from('a')));
    await expect(written).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.not.stringContaining('secret'),
    });
    await expect(store.read('one', 'a')).rejects.toMatchObject({ code: 'unavailable' });
    await expect(store.list()).rejects.toMatchObject({ code: 'unavailable' });
    await staged.discard();
    s3.failWith = undefined;
    const gone = await openArtifacts({ dataFolder: folder, url: 's3://models', endpoint: 'http://127.0.0.1:1' });
    await expect(gone.list()).rejects.toMatchObject({ code: 'unavailable' });
  });

  test.each(['s3://', 's3://UPPER', 'http://models', 's3:/models'])('%s is no address', async (url) => {
    await expect(openArtifacts({ dataFolder: folder, url })).rejects.toMatchObject({ code: 'invalid_configuration' });
  });
});
