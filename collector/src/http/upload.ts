/** An upload as `multipart/form-data`: first the fields of the version, then its files, each read as it arrives. */
import type { IncomingMessage } from 'node:http';
import { finished } from 'node:stream/promises';
import type { Multipart } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { parse as parseSafely } from 'secure-json-parse';
import type { Static } from 'typebox';
import { PlumblineError } from '../errors.ts';
import { UploadFields } from './schemas/models.ts';
import { validatorCompiler } from './validator.ts';

/** What an upload says of the version beside its files. */
export type UploadedVersion = Static<typeof UploadFields>;
/** A file of an upload; its content must be read to the end before the next one comes. */
export interface UploadedFile {
  readonly path: string;
  readonly content: AsyncIterable<Uint8Array>;
}

/** Fields whose text is JSON. */
const STRUCTURES: readonly string[] = ['aliases', 'tags', 'metrics', 'covers', 'reference'];
const validate = validatorCompiler({ schema: UploadFields, method: 'POST', url: '', httpPart: 'body' });

/**
 * Reads the fields, then calls `save` with the files.
 * @throws PlumblineError `invalid_request` naming the field, or when no file comes
 */
export async function readUpload<Saved>(
  request: FastifyRequest,
  save: (version: UploadedVersion, files: AsyncIterable<UploadedFile>) => Promise<Saved>,
): Promise<Saved> {
  return readFields(request, (fields, files) => {
    if (!files) throw invalid('the upload holds no file');
    return save(checked(fields), files);
  });
}

/** Reads fields, then calls `take` with them and the files; without any file these are undefined. @throws PlumblineError `invalid_request` */
export async function readFields<Taken>(
  request: FastifyRequest,
  take: (fields: Readonly<Record<string, unknown>>, files: AsyncIterable<UploadedFile> | undefined) => Promise<Taken>,
): Promise<Taken> {
  try {
    const parts = request.parts()[Symbol.asyncIterator]();
    const fields: Record<string, unknown> = {};
    let part = await next(parts);
    for (; part?.type === 'field'; part = await next(parts)) {
      if (Object.hasOwn(fields, part.fieldname)) throw invalid(`${part.fieldname}: stands there twice`);
      fields[part.fieldname] = fieldValue(part.fieldname, part.value, part.valueTruncated === true);
    }
    return await take(fields, part && filesFrom(part, parts));
  } catch (error) {
    await passOver(request.raw);
    throw error;
  }
}

/** Milliseconds in which the rest of a refused upload is thrown away; who is slower is cut off. */
const PATIENCE = 10_000;

/** A client that is still sending hears no answer: many see a broken connection instead. So it is let finish, if that does not take long. */
async function passOver(raw: IncomingMessage): Promise<void> {
  if (raw.complete || raw.destroyed) return;
  raw.unpipe();
  raw.resume();
  // A timeout, or a client that has gone: the answer is tried in any case.
  await finished(raw, { writable: false, signal: AbortSignal.timeout(PATIENCE) }).catch(() => undefined);
}

type Parts = AsyncIterator<Multipart>;

async function next(parts: Parts): Promise<Multipart | undefined> {
  const { done, value } = await parts.next();
  return done === true ? undefined : value;
}

async function* filesFrom(first: Multipart, parts: Parts): AsyncGenerator<UploadedFile> {
  for (let part: Multipart | undefined = first; part; part = await next(parts)) {
    if (part.type === 'field') throw invalid(`${part.fieldname}: a field comes after a file; put fields first`);
    yield { path: part.filename, content: part.file };
  }
}

function fieldValue(name: string, value: unknown, cut: boolean): unknown {
  if (cut) throw invalid(`${name}: is too long`);
  if (!STRUCTURES.includes(name)) return value;
  try {
    return parseSafely(String(value), undefined, { protoAction: 'error', constructorAction: 'error' });
  } catch {
    throw invalid(`${name}: is no JSON`);
  }
}

function checked(fields: unknown): UploadedVersion {
  const { value, error } = validate(fields) as { readonly value?: UploadedVersion; readonly error?: Error };
  if (error) throw error;
  return value as UploadedVersion;
}

function invalid(what: string): PlumblineError {
  const help =
    'Send multipart/form-data: the fields version, description, aliases, tags, metrics, covers, reference (the last five as JSON), then the files.';
  return new PlumblineError('invalid_request', `${what}.`, help);
}
