/** Cursors of pages: text a client hands back and need not understand. One of another list, or made by hand, is refused. */
import { PlumblineError } from '../errors.ts';

/** Makes the cursor that `readCursor` of the same list reads. @param list which list it belongs to, filters included */
export function writeCursor(list: string, after: string | null): string | null {
  return after === null ? null : Buffer.from(JSON.stringify([list, after])).toString('base64url');
}

/** @throws PlumblineError `invalid_request` when it is no cursor of this list */
export function readCursor(list: string, cursor: string | undefined): string | undefined {
  if (cursor === undefined) return undefined;
  const read = parsed(cursor);
  if (Array.isArray(read) && read.length === 2 && read[0] === list && typeof read[1] === 'string') return read[1];
  const message = 'query.cursor: is no cursor of this list.';
  throw new PlumblineError(
    'invalid_request',
    message,
    'Send "next" of the page before, with the same filters; or leave it out.',
  );
}

function parsed(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
