/** Paths of this machine: only below an allowed folder, and never over a link, a pipe, a socket or a device. */
import { execFileSync } from 'node:child_process';
import { createServer } from 'node:net';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAllowedRoots } from '../../../../collector/src/storage/artifacts/allowed-roots.ts';
import { bytesOf } from '../../registry/support/control.ts';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'plumbline-roots-')));
const root = join(folder, 'models');
const outside = join(folder, 'secret');
mkdirSync(join(root, 'churn/nested'), { recursive: true });
mkdirSync(outside);
writeFileSync(join(root, 'churn/model.bin'), 'weights');
writeFileSync(join(root, 'churn/nested/vocabulary.txt'), 'words');
writeFileSync(join(outside, 'key'), 'secret');
mkdirSync(join(folder, 'models-beside'));
writeFileSync(join(folder, 'models-beside/a'), 'beside');
symlinkSync(root, join(folder, 'link-to-root'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const read = async (path: string, roots = [root]) => {
  const { origin, files } = await createAllowedRoots(roots).open(path);
  const found: Record<string, string> = {};
  for await (const file of files) found[file.path] = (await bytesOf(file.content)).toString();
  return { origin, found };
};

test('a folder is read whole, in the order of its names; a file alone by its name', async () => {
  expect(await read(join(root, 'churn'))).toEqual({
    origin: join(root, 'churn'),
    found: { 'model.bin': 'weights', 'nested/vocabulary.txt': 'words' },
  });
  expect((await read(join(root, 'churn/nested/vocabulary.txt'))).found).toEqual({ 'vocabulary.txt': 'words' });
});

test('a root that is itself reached over a link is what the operator allowed', async () => {
  const { origin } = await read(join(folder, 'link-to-root/churn'), [join(folder, 'link-to-root')]);
  expect(origin).toBe(join(root, 'churn'));
});

describe('refused', () => {
  const links = join(root, 'links');
  mkdirSync(links);
  symlinkSync(join(outside, 'key'), join(links, 'file'));
  symlinkSync(outside, join(root, 'link-to-folder'));
  symlinkSync(join(root, 'churn'), join(root, 'link-inside'));
  symlinkSync('missing', join(root, 'dangling'));
  const pipes = join(root, 'pipes');
  mkdirSync(pipes);
  execFileSync('mkfifo', [join(pipes, 'pipe')]);

  test.each<[what: string, path: string]>([
    ['what is outside', join(outside, 'key')],
    ['what is beside a root and begins like it', join(folder, 'models-beside')],
    ['the folder above', folder],
    ['..', `${root}/churn/../../secret/key`],
    ['.. that stays inside', `${root}/churn/../churn`],
    ['a path that is not absolute', 'churn'],
    ['NUL', `${root}/churn\0`],
    ['a link to a file', join(links, 'file')],
    ['a folder that holds a link', links],
    ['a folder reached over a link', join(root, 'link-to-folder')],
    ['a file reached over a link', join(root, 'link-to-folder/key')],
    ['a link that stays inside', join(root, 'link-inside')],
    ['a link that leads nowhere', join(root, 'dangling')],
    ['what does not exist', join(root, 'none')],
    ['a file taken for a folder', join(root, 'churn/model.bin/x')],
    ['a pipe', join(pipes, 'pipe')],
    ['a folder that holds a pipe', pipes],
    ['a device', '/dev/null'],
  ])('%s', async (_what, path) => {
    await expect(read(path)).rejects.toMatchObject({ code: 'invalid_path', message: expect.stringContaining('path:') });
  });

  test('a device below an allowed folder', async () => {
    await expect(read('/dev/null', ['/dev'])).rejects.toMatchObject({ code: 'invalid_path' });
  });

  test('a socket', async () => {
    const path = join(root, 'socket');
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(path, resolve));
    await expect(read(path)).rejects.toMatchObject({ code: 'invalid_path' });
    await new Promise((resolve) => server.close(resolve));
  });

  test('everything, where no folder is allowed', async () => {
    await expect(read(join(root, 'churn'), [])).rejects.toMatchObject({ help: 'Upload the files.' });
  });

  test('a file that became a link after the folder was looked at', async () => {
    const late = join(root, 'late');
    mkdirSync(late);
    for (const name of ['a', 'b']) writeFileSync(join(late, name), name);
    const { files } = await createAllowedRoots([root]).open(late);
    const seen: string[] = [];
    const reading = (async () => {
      for await (const { path, content } of files) {
        rmSync(join(late, 'b'), { force: true });
        symlinkSync(join(outside, 'key'), join(late, 'b'));
        seen.push(`${path}: ${(await bytesOf(content)).toString()}`);
      }
    })();
    await expect(reading).rejects.toMatchObject({ code: 'invalid_path' });
    expect(seen).toEqual(['a: a']);
  });

  test('a folder that became a link after it was looked at', async () => {
    const late = join(root, 'late-folder');
    mkdirSync(join(late, 'inner'), { recursive: true });
    writeFileSync(join(late, 'inner/key'), 'inner');
    const { files } = await createAllowedRoots([root]).open(late);
    rmSync(join(late, 'inner'), { recursive: true });
    symlinkSync(outside, join(late, 'inner'));
    const reading = (async () => {
      for await (const { content } of files) await bytesOf(content);
    })();
    await expect(reading).rejects.toMatchObject({ code: 'invalid_path' });
  });
});
