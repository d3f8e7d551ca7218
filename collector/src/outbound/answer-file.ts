/** Reads what a version answered: lines of JSON, each row once, checked as ingest checks predictions. */
import { createReadStream } from 'node:fs';
import { parse as parseSafely } from 'secure-json-parse';
import { durationField, scoreField, scoresField } from '../labels/check-prediction.ts';
import { fieldsOfRow, storedValue, valueField } from '../labels/row-fields.ts';
import { errorText } from '../errors.ts';
import type { Expected, VersionAnswer } from '../retraining/trainer.ts';
import { quoted } from './processes/folder-guard.ts';

/** Complete answers, or what is wrong as a sentence without its end. */
export type ReadAnswers =
  | { readonly answers: ReadonlyMap<string, VersionAnswer>; readonly fault?: undefined }
  | { readonly answers?: undefined; readonly fault: string };

const MAX_LINE = 1024 * 1024;
/** Ids that a message names. */
const SHOWN = 3;

/** Thrown for the first line that is wrong; names what. */
class AnswerFault extends Error {}

/** Reads a file of answers. Memory is that of the answers. */
export async function readAnswers(path: string, expected: Expected): Promise<ReadAnswers> {
  const answers = new Map<string, VersionAnswer>();
  let number = 0;
  try {
    for await (const line of linesOf(path)) {
      number++;
      if (line.trim() !== '') take(line, expected, answers);
    }
  } catch (error) {
    const place = error instanceof AnswerFault ? ` ${number}` : '';
    return { fault: `line${place} of its answers: ${errorText(error).replace(/\.$/, '')}` };
  }
  const missing = [...expected.ids].filter((id) => !answers.has(id));
  return missing.length === 0 ? { answers } : { fault: missingFault(missing, expected.ids.size) };
}

function take(line: string, expected: Expected, answers: Map<string, VersionAnswer>): void {
  try {
    const row = fieldsOfRow(parseSafely(line, undefined, { protoAction: 'error', constructorAction: 'error' }));
    const id = idOf(row['id']);
    if (!expected.ids.has(id)) throw new AnswerFault(`the id ${quoted(id)} was not asked for`);
    if (answers.has(id)) throw new AnswerFault(`the id ${quoted(id)} is answered a second time`);
    answers.set(id, answerOf(row, expected));
  } catch (error) {
    throw error instanceof AnswerFault ? error : new AnswerFault(errorText(error));
  }
}

function idOf(value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  throw new AnswerFault('id: expected the id of the row it answers');
}

function answerOf(row: Readonly<Record<string, unknown>>, { task, classes }: Expected): VersionAnswer {
  const stored = valueField(row['prediction'], task, 'prediction');
  const prediction = storedValue(stored, task);
  if (classes && task !== 'regression')
    for (const name of Array.isArray(prediction) ? prediction : [String(prediction)])
      if (!classes.includes(name))
        throw new AnswerFault(`prediction: ${quoted(name)} is none of the declared classes (${classes.join(', ')})`);
  const score = scoreField(row['score']);
  const scores = scoresField(row['scores']);
  const durationSeconds = durationField(row['durationSeconds']);
  return {
    prediction,
    ...(score !== undefined && { score }),
    ...(scores !== undefined && { scores }),
    ...(durationSeconds !== undefined && { durationSeconds }),
  };
}

function missingFault(missing: readonly string[], asked: number): string {
  const names = missing.slice(0, SHOWN).map(quoted).join(', ');
  const more = missing.length > SHOWN ? ', …' : '';
  return `it answered ${asked - missing.length} of ${asked} rows; there is no answer for ${names}${more}`;
}

/** Lines of a file; one that is longer than any answer is an error, not a reason to hold it in memory. */
async function* linesOf(path: string): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let rest = '';
  for await (const chunk of createReadStream(path) as AsyncIterable<Uint8Array>) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() as string;
    yield* lines;
    if (rest.length > MAX_LINE) throw new AnswerFault(`is longer than ${MAX_LINE.toLocaleString('en')} characters`);
  }
  rest += decoder.decode();
  if (rest !== '') yield rest;
}
