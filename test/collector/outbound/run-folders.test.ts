/** Folders of runs: what lies in them, and that nothing stays of them. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRunFolders } from '../../../collector/src/outbound/run-folders.ts';
import { isRunning, MARK } from '../../../collector/src/outbound/processes/group.ts';
import type { ArtifactStore } from '../../../collector/src/registry/artifact-store.ts';
import { createLocalArtifacts } from '../../../collector/src/storage/artifacts/local-artifacts.ts';
import { artifactDigest } from '../../../collector/src/client/artifact-manifest.ts';
import { createHash } from 'node:crypto';
import type { StoredVersion } from '../../../collector/src/registry/registry-store.ts';
import { temporaryFolder } from './support/run-of.ts';

const root = temporaryFolder();
let artifacts: ArtifactStore;
beforeAll(async () => {
  artifacts = await createLocalArtifacts(join(root, 'artifacts'));
});

let made = 0;
const fresh = () => {
  const folder = join(root, `runs-${++made}`);
  return { folder, folders: createRunFolders({ folder, artifacts }) };
};

async function savedVersion(content: string): Promise<StoredVersion> {
  const id = `artifact-${++made}`;
  const staged = await artifacts.stage(id);
  await staged.write(
    'weights/model.bin',
    (async function* () {
      yield Buffer.from(content);
    })(),
  );
  await staged.publish();
  const sha256 = createHash('sha256').update(content).digest('hex');
  const files = [{ path: 'weights/model.bin', size: content.length, sha256 }];
  const version = { model: 'churn', version: '1.2', digest: artifactDigest(files), files };
  return { id: 1, artifact: id, deleted: false, version } as unknown as StoredVersion;
}

test('lines, folders, files, small texts', async () => {
  const { folder, folders } = fresh();
  const run = await folders.create('run-1');
  expect(run.path).toBe(join(folder, 'run-1'));
  expect(statSync(run.path).mode & 0o077).toBe(0);
  const data = await run.writeLines('data.jsonl', ['{"a":1}', '{"a":2}']);
  expect(data).toEqual({ path: join(run.path, 'data.jsonl'), lines: 2 });
  expect(readFileSync(data.path, 'utf8')).toBe('{"a":1}\n{"a":2}\n');
  const output = await run.makeFolder('output');
  mkdirSync(join(output, 'b'));
  writeFileSync(join(output, 'b', 'model.bin'), 'model');
  writeFileSync(join(output, 'a.json'), '{}');
  symlinkSync('/etc/passwd', join(output, 'link'));
  const files: [string, string][] = [];
  for await (const { path, content } of run.files('output')) {
    let text = '';
    for await (const chunk of content) text += Buffer.from(chunk).toString();
    files.push([path, text]);
  }
  expect(files).toEqual([
    ['a.json', '{}'],
    ['b/model.bin', 'model'],
  ]);
  expect(await run.readText('output/a.json', 10)).toBe('{}');
  expect(await run.readText('output/nothing', 10)).toBeUndefined();
  expect(await run.readText('output/link', 10_000)).toBeUndefined();
  await expect(run.readText('data.jsonl', 3)).rejects.toMatchObject({ code: 'too_large' });
  await run.remove();
  expect(existsSync(run.path)).toBe(false);
});

test('a folder is made once, and its name leads nowhere else', async () => {
  const { folders } = fresh();
  await folders.create('run-1');
  await expect(folders.create('run-1')).rejects.toMatchObject({ code: 'unavailable' });
  await expect(folders.create('../run')).rejects.toThrow(RangeError);
});

test('a version is put in place, checked byte for byte', async () => {
  const { folders } = fresh();
  const run = await folders.create('run-1');
  const place = await run.materialise(await savedVersion('weights'));
  expect(readFileSync(join(place, 'weights', 'model.bin'), 'utf8')).toBe('weights');
  const damaged = await savedVersion('weights');
  const [file] = damaged.version.files;
  const files = [{ ...file, sha256: '0'.repeat(64) }] as StoredVersion['version']['files'];
  const version = { ...damaged.version, version: '2', files, digest: artifactDigest(files) };
  await expect(run.materialise({ ...damaged, version })).rejects.toMatchObject({ code: 'artifact_damaged' });
  const nothing = { ...damaged, artifact: null };
  await expect(run.materialise(nothing)).rejects.toMatchObject({ code: 'artifact_damaged' });
});

test('what a killed service left is ended and removed; what is used stays', async () => {
  const { folder, folders } = fresh();
  const used = await folders.create('used');
  const left = await folders.create('left');
  const orphan = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], {
    ...{ detached: true, stdio: 'ignore', env: { [MARK]: left.path } },
  });
  await new Promise((resolve) => orphan.once('spawn', resolve));
  const asked: string[] = [];
  const removed = await folders.sweep(async (name) => {
    asked.push(name);
    return name === 'used';
  });
  expect(asked.sort()).toEqual(['left', 'used']);
  expect(removed).toEqual(['left']);
  expect([existsSync(used.path), existsSync(left.path)]).toEqual([true, false]);
  if (process.platform === 'linux') expect(await isRunning({ id: orphan.pid, mark: left.path })).toBe(false);
  else orphan.kill('SIGKILL');
  expect(await createRunFolders({ folder: join(folder, 'none'), artifacts }).sweep(() => true)).toEqual([]);
});
