/** What trainers do to folders: their output, and what is none of their business. */
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { jobIn, nodeProgram, temporaryFolder, train } from './support/run-of.ts';

const root = temporaryFolder();
const elsewhere = temporaryFolder();
const program = (code: string) => nodeProgram(root, code);

describe('one that writes outside its folder', () => {
  const reasonOf = async (code: string) => (await train(program(`saveModel(); ${code}`), jobIn(root))).reason;

  test('beside the folder it works in', async () => {
    expect(await reasonOf("fs.writeFileSync('../escaped.txt', 'x');")).toBe(
      'It ended with exit code 0, but: It wrote outside its folder: it made "escaped.txt".',
    );
    expect(await reasonOf("fs.mkdirSync('../more/deep', { recursive: true });")).toContain('it made "more"');
  });

  test('over its data, even with the old time put back', async () => {
    const code = `const { atime, mtime } = fs.statSync(data);
      fs.writeFileSync(data, fs.readFileSync(data, 'utf8').replace('yes', 'not'));
      fs.utimesSync(data, atime, mtime);`;
    expect(await reasonOf(code)).toBe('It ended with exit code 0, but: It changed "data.jsonl", which it was to read.');
    expect(await reasonOf('fs.rmSync(data);')).toContain('It changed "data.jsonl"');
  });

  test('over what lay in the folder of its run', async () => {
    const job = jobIn(root);
    mkdirSync(join(job.folder, 'version-1'));
    writeFileSync(join(job.folder, 'version-1', 'model.bin'), 'incumbent');
    const change = program("saveModel(); fs.appendFileSync('../version-1/model.bin', '!');");
    expect((await train(change, job)).reason).toContain('it changed "version-1/model.bin"');
    const remove = program("saveModel(); fs.rmSync('../version-1', { recursive: true });");
    expect((await train(remove, job)).reason).toContain('it removed "version-1');
  });

  test('by links in its output', async () => {
    expect(await reasonOf("fs.symlinkSync('/etc/passwd', output + '/weights');")).toBe(
      'It ended with exit code 0, but: It left a symbolic link in its output, "weights"; only plain files are taken.',
    );
    expect(await reasonOf("fs.mkdirSync(output + '/a'); fs.symlinkSync('..', output + '/a/b');")).toContain('"a/b"');
  });

  test('by a link in place of its output', async () => {
    writeFileSync(join(elsewhere, 'model.json'), '{}');
    const code = `fs.rmSync(output, { recursive: true }); fs.symlinkSync(${JSON.stringify(elsewhere)}, output);`;
    expect(await reasonOf(code)).toContain('Its output folder is gone, or something else is in its place.');
  });

  test('by something that is no file, and by a name no artifact may have', async () => {
    const pipe = "(await import('node:child_process')).execFileSync('mkfifo', [output + '/pipe']);";
    expect(await reasonOf(pipe)).toContain('something in its output that is no file, "pipe"');
    expect(await reasonOf("fs.writeFileSync(output + '/a\\\\b', '');")).toContain('cannot be registered');
  });
});

test('a link that lay in its working folder before is not followed when it is cleared', async () => {
  const job = jobIn(root);
  const precious = join(elsewhere, 'precious');
  mkdirSync(precious);
  writeFileSync(join(precious, 'file'), 'kept');
  mkdirSync(join(job.folder, 'work'));
  symlinkSync(precious, join(job.folder, 'work', 'link'));
  await train(program('saveModel();'), job);
  expect(readFileSync(join(precious, 'file'), 'utf8')).toBe('kept');
});
