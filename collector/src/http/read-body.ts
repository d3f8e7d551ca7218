/** Reads the body of a request: bounded in size (as sent and as inflated) and in time, whatever the client does. */
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { PlumblineError } from '../errors.ts';

/** Bounds of a body. */
export interface BodyLimits {
  /** Of the body as sent, and again as inflated. */
  readonly bytes: number;
  /** From the first look at the body to its last byte. */
  readonly milliseconds: number;
}

/**
 * Hands over the body piece by piece, inflated where it is gzip. When it is refused the rest is read and thrown away, so that the client
 * gets to read why. @param take may throw; the body is then refused
 * @throws PlumblineError `too_large`, `unsupported_media_type`, `request_timeout`, `invalid_request` (damaged gzip, sender gone)
 */
export async function readBody(
  request: IncomingMessage,
  limits: BodyLimits,
  take: (piece: Buffer) => void,
): Promise<void> {
  const encoding = (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  if (encoding !== 'identity' && encoding !== 'gzip') throw unknownEncoding(encoding);
  if (Number(request.headers['content-length']) > limits.bytes) {
    request.resume();
    throw tooLarge(limits.bytes);
  }
  const sent = bounded(limits.bytes, encoding === 'gzip' ? () => {} : take);
  const inflating = encoding === 'gzip' ? createGunzip() : undefined;
  const work = inflating ? inflate(request, inflating, sent, bounded(limits.bytes, take)) : consume(request, sent);
  try {
    await withinTime(work, limits.milliseconds);
  } catch (error) {
    if (inflating) request.unpipe(inflating);
    inflating?.destroy();
    request.resume();
    throw error;
  }
}

function bounded(limit: number, take: (piece: Buffer) => void): (piece: Buffer) => void {
  let bytes = 0;
  return (piece) => {
    bytes += piece.length;
    if (bytes > limit) throw tooLarge(limit);
    take(piece);
  };
}

/** Resolves when the stream has ended; `take` sees every piece, and what it throws ends the reading. */
function consume(stream: Readable, take: (piece: Buffer) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (error: unknown) => {
      stream.off('data', onData);
      reject(error as Error);
    };
    const onData = (piece: Buffer) => {
      try {
        take(piece);
      } catch (error) {
        stop(error);
      }
    };
    stream.on('data', onData).on('end', resolve);
    stream.on('error', () => stop(broken())).on('close', () => stop(broken()));
  });
}

async function inflate(
  request: IncomingMessage,
  inflating: ReturnType<typeof createGunzip>,
  sent: (piece: Buffer) => void,
  take: (piece: Buffer) => void,
): Promise<void> {
  const inflated = consume(inflating, take);
  const arriving = consume(request, sent);
  request.pipe(inflating);
  // Whichever fails first decides; the other must not be left as a rejection nobody handles.
  arriving.catch(() => {});
  inflated.catch(() => {});
  await Promise.all([arriving, inflated]);
}

function withinTime(work: Promise<void>, milliseconds: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(tooSlow(milliseconds)), milliseconds);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

function tooLarge(limit: number): PlumblineError {
  const message = `The body is larger than ${limit / 1024 / 1024} MiB (inflated, where it is compressed).`;
  return new PlumblineError('too_large', message, 'Send it in several requests.');
}

function tooSlow(milliseconds: number): PlumblineError {
  return new PlumblineError(
    'request_timeout',
    `The body did not arrive within ${milliseconds / 1000} s.`,
    'Send it in smaller parts, or over a faster connection.',
  );
}

function unknownEncoding(encoding: string): PlumblineError {
  const message = `Content-Encoding: ${JSON.stringify(encoding.slice(0, 40))} is not understood.`;
  return new PlumblineError('unsupported_media_type', message, 'Send the body plain or as gzip.');
}

function broken(): PlumblineError {
  const message = 'The body ended before its end, or is not the gzip it says it is.';
  return new PlumblineError('invalid_request', message, 'Send the request again; check Content-Encoding.');
}
