/** Bodies as JSON and as NDJSON. */
import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { parse as parseSafely } from 'secure-json-parse';
import { errorText, PlumblineError } from '../errors.ts';
import { readBody, type BodyLimits } from './read-body.ts';

/** Rows of an NDJSON body; a line that is no JSON stands there as null and says in `unreadable` what is wrong with it. */
export class Rows {
  readonly rows: unknown[] = [];
  readonly unreadable = new Map<number, string>();
}

/** The media type of one JSON document per line. */
export const NDJSON = 'application/x-ndjson';
/** Rows of one request. */
export const MAX_ROWS = 5_000;

/** A JSON document; undefined for an empty body. */
export async function readJson(request: IncomingMessage, limits: BodyLimits): Promise<unknown> {
  const pieces: Buffer[] = [];
  await readBody(request, limits, (piece) => void pieces.push(piece));
  return parseJson(Buffer.concat(pieces));
}

/** The JSON document these bytes are; undefined for none. @throws PlumblineError `invalid_request` */
export function parseJson(bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined;
  if (!isUtf8(bytes)) throw invalid('The body is not UTF-8.');
  try {
    return parse(bytes.toString('utf8'));
  } catch (error) {
    throw invalid(`The body is not valid JSON: ${short(errorText(error))}.`);
  }
}

/** Rows of an NDJSON body, read line by line as they arrive; empty lines are none. */
export async function readRows(request: IncomingMessage, limits: BodyLimits): Promise<Rows> {
  const rows = new Rows();
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let rest = '';
  const takeLine = (line: string) => {
    if (line.trim() === '') return;
    if (rows.rows.length === MAX_ROWS) throw tooManyRows();
    try {
      rows.rows.push(parse(line));
    } catch (error) {
      rows.unreadable.set(rows.rows.length, `The line is not valid JSON: ${short(errorText(error))}.`);
      rows.rows.push(null);
    }
  };
  const takeText = (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() as string;
    for (const line of lines) takeLine(line);
  };
  await readBody(request, limits, (piece) => takeText(decode(decoder, piece)));
  takeLine(rest + decode(decoder));
  return rows;
}

/** JSON.parse that refuses keys which would change an object's prototype where somebody copies them. */
function parse(text: string): unknown {
  return parseSafely(text, undefined, { protoAction: 'error', constructorAction: 'error' });
}

/** More rows than one request may hold. */
export function tooManyRows(): PlumblineError {
  return new PlumblineError(
    'too_large',
    `The request holds more than ${MAX_ROWS.toLocaleString('en')} rows.`,
    'Send them in several requests.',
  );
}

function decode(decoder: InstanceType<typeof TextDecoder>, piece?: Buffer): string {
  try {
    return piece ? decoder.decode(piece, { stream: true }) : decoder.decode();
  } catch {
    throw invalid('The body is not UTF-8.');
  }
}

function invalid(message: string): PlumblineError {
  return new PlumblineError('invalid_request', message, 'Send JSON in UTF-8, or NDJSON as application/x-ndjson.');
}

/** V8 shows a part of the text in its message: enough of it to find the place, not all. */
function short(text: string): string {
  return text.slice(0, 120).replace(/\.$/, '');
}
