/** Lines of a text file, plain or gzip, as a stream: memory is one chunk and one line, whatever the size of the file. */
import { createReadStream, type ReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { errorText, PlumblineError, systemErrorCode } from '../../errors.ts';

/** A longer line is no line of a table; without this bound a binary file would be read into memory whole. */
export const MAX_LINE_LENGTH = 1_048_576;

/**
 * Yields the lines of a file without their line ends (LF or CRLF) and without a byte-order mark. Whether the file is
 * compressed is read off its first bytes, not its name.
 * @throws PlumblineError `invalid_input_file` when the file cannot be read or unpacked, or a line is longer than 1 MiB
 */
export async function* readLines(path: string): AsyncGenerator<string> {
  const compressed = await isGzip(path);
  const decoder = new TextDecoder();
  let rest = '';
  let number = 0;
  try {
    for await (const chunk of openBytes(path, compressed)) {
      const lines = (rest + decoder.decode(chunk as Uint8Array, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) yield withoutReturn(checkedLength(line, ++number, path));
      checkedLength(rest, number + 1, path);
    }
  } catch (error) {
    throw error instanceof PlumblineError ? error : unreadable(path, error);
  }
  rest += decoder.decode();
  if (rest !== '') yield withoutReturn(rest);
}

async function isGzip(path: string): Promise<boolean> {
  try {
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(new Uint8Array(2), 0, 2, 0);
      return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
    } finally {
      await file.close();
    }
  } catch (error) {
    throw unreadable(path, error);
  }
}

function openBytes(path: string, compressed: boolean): AsyncIterable<unknown> {
  const file: ReadStream = createReadStream(path);
  if (!compressed) return file;
  // The callback only keeps the failure from being thrown a second time; the reader below meets it as a rejection.
  return pipeline(file, createGunzip(), () => {});
}

function checkedLength(line: string, number: number, path: string): string {
  if (line.length <= MAX_LINE_LENGTH) return line;
  throw new PlumblineError(
    'invalid_input_file',
    `${path}: line ${number} is longer than ${MAX_LINE_LENGTH} characters.`,
    'Is it a CSV file (text, one row per line)?',
  );
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'permission denied',
  Z_DATA_ERROR: 'its gzip data is damaged',
  Z_BUF_ERROR: 'its gzip data is cut off',
};

function unreadable(path: string, cause: unknown): PlumblineError {
  const reason = REASONS[systemErrorCode(cause) ?? ''] ?? errorText(cause);
  return new PlumblineError('invalid_input_file', `${path} cannot be read: ${reason}.`, 'Check the path.', { cause });
}
