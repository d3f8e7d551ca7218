/** Files that trainers elsewhere send for a run, and the examples they fetch. */
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { checkArtifactPath } from '../client/artifact-manifest.ts';
import { PlumblineError, systemErrorCode } from '../errors.ts';
import type { CallbackFiles } from '../retraining/callback-desk.ts';

/** @param maxBytes of all files of a request together */
export function createCallbackFiles(maxBytes: number): CallbackFiles {
  return {
    receive: async ({ outputFolder }, files) => {
      let bytes = 0;
      async function* counted(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
        for await (const chunk of content) {
          bytes += chunk.byteLength;
          if (bytes > maxBytes) throw tooLarge(maxBytes);
          yield chunk;
        }
      }
      for await (const { path, content } of files)
        await write(join(outputFolder, checkArtifactPath(path)), path, counted(content));
    },
    data: ({ dataPath }) => createReadStream(dataPath) as AsyncIterable<Uint8Array>,
  };
}

/** A file that is there already stays: a callback that is sent again must not mix two models. */
async function write(place: string, path: string, content: AsyncIterable<Uint8Array>): Promise<void> {
  try {
    await mkdir(dirname(place), { recursive: true, mode: 0o700 });
    await pipeline(
      Readable.from(content, { objectMode: false }),
      createWriteStream(place, { flags: 'wx', mode: 0o600 }),
    );
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'EEXIST' || code === 'ENOTDIR' || code === 'EISDIR')
      throw new PlumblineError(
        'already_exists',
        `The file ${JSON.stringify(path)} was received before.`,
        'Send each file once.',
      );
    if (error instanceof PlumblineError || code === undefined || !/^E[A-Z]+$/.test(code)) throw error;
    const help = 'Check that the data folder of the service may be written to and has room.';
    throw new PlumblineError('unavailable', `A file of a run cannot be written (${code}).`, help, { cause: error });
  }
}

function tooLarge(maxBytes: number): PlumblineError {
  const help = 'Make the artifact smaller, or raise PLUMBLINE_MAX_UPLOAD_MIB.';
  return new PlumblineError('too_large', `The files are larger than ${maxBytes} bytes.`, help);
}
