/** Takes code out of documents, so that tests can run what users are told to run. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { REPOSITORY, start, type Ended } from '../../collector/cli/support/plumbline.ts';

/** The code blocks of a language in a Markdown file of the repository. */
export function codeBlocks(file: string, language: string): string[] {
  const text = readFileSync(join(REPOSITORY, file), 'utf8');
  return Array.from(text.matchAll(/^```(\w+)\n([^]*?)^```$/gm))
    .filter(([, name]) => name === language)
    .map(([, , code]) => code as string);
}

/** The commands of all bash blocks of a file, without comments. */
export function commandsOf(file: string): string[] {
  return codeBlocks(file, 'bash')
    .flatMap((block) => block.split('\n'))
    .map((line) => line.replace(/\s+# .*$/, '').trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}

/**
 * Runs an example program in a process of its own against the SDK's sources.
 * The port of its endpoint becomes 0, so that it meets nothing; the program is ended when it is through.
 * @param before what the example takes for granted; @param after what to do at its end
 */
export async function runExample(example: string, before = '', after = ''): Promise<Ended> {
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-example-'));
  const sdk = pathToFileURL(join(REPOSITORY, 'collector/src/index.ts')).href;
  const code = example.replace("'@plumbline/collector'", `'${sdk}'`).replace(/port: \d+/, 'port: 0');
  const [imports, ...rest] = code.split(/(?<=^import .*\n)/m);
  const file = join(folder, 'example.mjs');
  writeFileSync(file, [imports, before, ...rest, after, 'process.exit(0);'].join('\n'));
  try {
    return await start(process.execPath, [file]).ended;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
