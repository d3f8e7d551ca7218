/** What may stand in a row of feedback, wherever it is taken. It comes from people, so every text is bounded. */
import { ANNOTATOR_KINDS, type Annotator, type AnnotatorKind } from '../prediction.ts';
import { checkedId } from './row-checks.ts';

/** Characters of an explanation. */
export const MAX_EXPLANATION = 4_096;
/** Characters of the input as JSON. */
export const MAX_INPUT = 16_384;

/** Everything of a row but its id, the corrected label and the time; null where the row has none. */
export interface FeedbackFields {
  readonly correct: boolean;
  /** JSON text. */
  readonly input: string | null;
  readonly explanation: string | null;
  readonly annotator: Annotator | null;
  readonly score: number | null;
  readonly identifier: string | null;
}

/** Which field of a row cannot be used, and what would be right. */
export class FeedbackFault extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'FeedbackFault';
  }
}

type Row = Readonly<Record<string, unknown>>;

/** @throws FeedbackFault */
export function feedbackFields(row: Row): FeedbackFields {
  const { correct } = row;
  if (typeof correct !== 'boolean') throw new FeedbackFault('correct: expected true or false.');
  return {
    correct,
    input: inputField(row['input']),
    explanation: explanationField(row['explanation']),
    annotator: annotatorField(row['annotator']),
    score: scoreField(row['score']),
    identifier: nameField(row['identifier'], 'identifier'),
  };
}

function isMissing(value: unknown): value is null | undefined {
  return value === undefined || value === null;
}

function inputField(value: unknown): string | null {
  if (isMissing(value)) return null;
  const text = jsonOf(value);
  if (text !== undefined && text.length <= MAX_INPUT) return text;
  throw new FeedbackFault(
    `input: expected JSON of at most ${MAX_INPUT} characters; leave out what a reader does not need.`,
  );
}

function jsonOf(value: unknown): string | undefined {
  try {
    // Also undefined, whatever the types say: a function has no JSON.
    return JSON.stringify(value) as string | undefined;
  } catch {
    return undefined;
  }
}

function explanationField(value: unknown): string | null {
  if (isMissing(value) || value === '') return null;
  // PostgreSQL holds no NUL in a text.
  if (typeof value === 'string' && value.length <= MAX_EXPLANATION)
    return value.toWellFormed().replaceAll('\0', '\uFFFD');
  throw new FeedbackFault(`explanation: expected a text of at most ${MAX_EXPLANATION} characters.`);
}

function annotatorField(value: unknown): Annotator | null {
  if (isMissing(value)) return null;
  if (isKind(value)) return { kind: value };
  const { kind, name } = (typeof value === 'object' ? value : {}) as Row;
  if (!isKind(kind))
    throw new FeedbackFault('annotator: expected "human", "model" or "code", or one of them as {kind, name}.');
  const given = nameField(name, 'annotator.name');
  return { kind, ...(given !== null && { name: given }) };
}

function isKind(value: unknown): value is AnnotatorKind {
  return (ANNOTATOR_KINDS as readonly unknown[]).includes(value);
}

function scoreField(value: unknown): number | null {
  if (isMissing(value)) return null;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new FeedbackFault('score: expected a finite number.');
}

function nameField(value: unknown, field: string): string | null {
  if (isMissing(value)) return null;
  const text = checkedId(value);
  if (text !== undefined && !text.includes('\0')) return text.toWellFormed();
  throw new FeedbackFault(`${field}: expected a text of 1 to 256 characters without NUL.`);
}
