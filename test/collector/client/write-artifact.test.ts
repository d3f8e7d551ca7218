/** Files of a version put in place, and what is there already. */
import { createHash } from 'node:crypto';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { artifactDigest } from '../../../collector/src/client/artifact-manifest.ts';
import { writeArtifact, type Artifact } from '../../../collector/src/client/write-artifact.ts';

const folder = mkdtempSync(join(tmpdir(), 'plumbline-materialise-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let made = 0;
/** A folder of its own for each test, and a target in it. */
const place = () => {
  const parent = join(folder, String(++made));
  mkdirSync(parent);
  return { parent, to: join(parent, 'model') };
};

function artifact(version: string, contents: Record<string, string>): Artifact {
  const files = Object.entries(contents).map(([path, content]) => ({
    path,
    size: Buffer.byteLength(content),
    sha256: createHash('sha256').update(content).digest('hex'),
  }));
  const read = (path: string) =>
    Promise.resolve(
      (async function* () {
        await Promise.resolve();
        yield Buffer.from(contents[path] as string);
      })(),
    );
  return { model: 'churn', version, digest: artifactDigest(files), files, read };
}

const ONE = artifact('1', { 'model.bin': 'one', 'deep/er/vocabulary.txt': 'words', empty: '' });
const TWO = artifact('2', { 'model.bin': 'two' });
const contentOf = (to: string) =>
  Object.fromEntries(
    readdirSync(to, { recursive: true, encoding: 'utf8' })
      .filter((name) => lstatSync(join(to, name)).isFile())
      .sort()
      .map((name) => [name, readFileSync(join(to, name), 'utf8')]),
  );

describe('the place', () => {
  test('is made with its parents; the same again does nothing', async () => {
    const { parent } = place();
    const to = join(parent, 'a/b/model');
    expect(await writeArtifact(ONE, { to })).toEqual({
      ...{ model: 'churn', version: '1', digest: ONE.digest, to, files: 3, bytes: 8, written: true },
    });
    expect(contentOf(to)).toEqual({ 'model.bin': 'one', 'deep/er/vocabulary.txt': 'words', empty: '' });
    const { ino } = lstatSync(to);
    expect(await writeArtifact(ONE, { to })).toMatchObject({ written: false });
    expect(lstatSync(to).ino).toBe(ino);
    expect(readdirSync(join(parent, 'a/b'))).toEqual(['model']);
  });

  test('a folder that holds something else is refused, and replaced with force', async () => {
    const { parent, to } = place();
    await writeArtifact(ONE, { to });
    await expect(writeArtifact(TWO, { to })).rejects.toMatchObject({ code: 'already_exists' });
    expect(await writeArtifact(TWO, { to, force: true })).toMatchObject({ version: '2', written: true });
    expect(contentOf(to)).toEqual({ 'model.bin': 'two' });
    // One byte changed by somebody is something else too.
    writeFileSync(join(to, 'model.bin'), 'twO');
    await expect(writeArtifact(TWO, { to })).rejects.toMatchObject({ code: 'already_exists' });
    await writeArtifact(TWO, { to, force: true });
    expect(contentOf(to)).toEqual({ 'model.bin': 'two' });
    expect(readdirSync(parent)).toEqual(['model']);
  });

  test('a file, or a link nobody named, is never replaced', async () => {
    const { parent, to } = place();
    writeFileSync(to, 'a file');
    await expect(writeArtifact(ONE, { to, force: true })).rejects.toMatchObject({ code: 'already_exists' });
    const link = join(parent, 'link');
    symlinkSync('elsewhere', link);
    await expect(writeArtifact(ONE, { to: link, force: true })).rejects.toMatchObject({ code: 'already_exists' });
    expect([readFileSync(to, 'utf8'), readlinkSync(link)]).toEqual(['a file', 'elsewhere']);
    await expect(writeArtifact(ONE, { to: join(to, 'below') })).rejects.toMatchObject({
      code: 'invalid_configuration',
      message: expect.stringContaining('ENOTDIR'),
    });
  });

  test('as a link it is moved by one rename: who looks there always finds a whole version', async () => {
    const { parent, to } = place();
    await writeArtifact(ONE, { to, link: true });
    expect(readlinkSync(to)).toBe('.model.a');
    let looking = true;
    const seen = new Set<string>();
    const looker = (async () => {
      while (looking) {
        seen.add(readFileSync(join(to, 'model.bin'), 'utf8'));
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();
    for (const version of [TWO, ONE, TWO, ONE, TWO]) await writeArtifact(version, { to, link: true });
    looking = false;
    await looker;
    expect([...seen].filter((content) => content !== 'one' && content !== 'two')).toEqual([]);
    expect(contentOf(to)).toEqual({ 'model.bin': 'two' });
    expect(readdirSync(parent).sort()).toEqual(['.model.a', '.model.b', 'model']);
    expect(await writeArtifact(TWO, { to, link: true })).toMatchObject({ written: false });
    const plain = join(parent, 'plain');
    await writeArtifact(ONE, { to: plain });
    await expect(writeArtifact(TWO, { to: plain, link: true, force: true })).rejects.toMatchObject({
      code: 'already_exists',
    });
  });

  test('what fails on the way changes nothing and leaves nothing', async () => {
    const { parent, to } = place();
    await writeArtifact(ONE, { to });
    const damaged = { ...TWO, read: artifact('2', { 'model.bin': 'tw0' }).read };
    await expect(writeArtifact(damaged, { to, force: true })).rejects.toMatchObject({ code: 'artifact_damaged' });
    const away = { ...TWO, read: () => Promise.reject(new Error('away')) };
    await expect(writeArtifact(away, { to, force: true })).rejects.toThrow('away');
    const forged = { ...TWO, digest: ONE.digest };
    await expect(writeArtifact(forged, { to, force: true })).rejects.toMatchObject({ code: 'artifact_damaged' });
    const outside = artifact('3', { '../outside': 'x' });
    await expect(writeArtifact(outside, { to, force: true })).rejects.toMatchObject({ code: 'invalid_path' });
    expect(contentOf(to)).toMatchObject({ 'model.bin': 'one' });
    expect(readdirSync(parent)).toEqual(['model']);
    expect(existsSync(join(parent, 'outside'))).toBe(false);
  });
});
