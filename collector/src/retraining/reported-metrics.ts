/**
 * Reads the `metrics.json` of a trainer: `{n, accuracy, f1_weighted, …, incumbent?: {version, n, accuracy, …}, heldOut?: {rows, digest}}`.
 * Numbers at the top are the candidate's, on rows the trainer held out by itself; those of `incumbent` are of the version in production on
 * the same rows.
 */
import { parse as parseSafely } from 'secure-json-parse';
import { errorText, PlumblineError } from '../errors.ts';
import { checkMetrics } from '../registry/version-checks.ts';
import { RunFailure } from './run-failure.ts';

/** What a trainer says of its candidate. */
export interface ReportedMetrics {
  readonly n: number;
  readonly metrics: Readonly<Record<string, number>>;
  readonly incumbent: {
    readonly version: string;
    readonly n: number;
    readonly metrics: Readonly<Record<string, number>>;
  } | null;
  /** How many rows, and a digest of which, so that two reports can be told to rest on the same. */
  readonly heldOut: { readonly rows: number; readonly digest: string } | null;
}

/** Name of the file in the output folder; it is no part of the artifact. */
export const METRICS_FILE = 'metrics.json';
/** Bytes it may have. */
export const MAX_METRICS_BYTES = 1024 * 1024;

type Fields = Readonly<Record<string, unknown>>;

/** @param text undefined where there is no such file @throws RunFailure naming the field */
export function reportedMetrics(text: string | undefined): ReportedMetrics {
  if (text === undefined) throw fault('is missing: the trainer left none in its output folder');
  const fields = fieldsOf(parsed(text), '');
  const incumbent = fields['incumbent'] === undefined ? null : fieldsOf(fields['incumbent'], 'incumbent');
  const heldOut = fields['heldOut'] === undefined ? null : heldOutOf(fieldsOf(fields['heldOut'], 'heldOut'));
  const { n, metrics } = numbersOf(fields, '');
  if (heldOut && heldOut.rows !== n) throw fault(`heldOut.rows: ${heldOut.rows} is not n, ${n}`);
  return {
    n,
    metrics,
    heldOut,
    incumbent: incumbent && { version: versionOf(incumbent), ...numbersOf(incumbent, 'incumbent.') },
  };
}

function numbersOf(fields: Fields, at: string): { n: number; metrics: Record<string, number> } {
  const numbers = Object.entries(fields).filter((entry): entry is [string, number] => typeof entry[1] === 'number');
  const { n, ...metrics } = checked(Object.fromEntries(numbers), at);
  if (n === undefined) throw fault(`${at}n: expected the number of held-out rows`);
  return { n, metrics };
}

function checked(numbers: Readonly<Record<string, number>>, at: string): Record<string, number> {
  try {
    return checkMetrics(numbers);
  } catch (error) {
    if (error instanceof PlumblineError)
      throw fault(`${at}${error.message.replace(/^metrics\./, '').replace(/\.$/, '')}`);
    throw error;
  }
}

function versionOf({ version }: Fields): string {
  if (typeof version === 'string' || typeof version === 'number') return String(version);
  throw fault('incumbent.version: expected the name of the version in production');
}

function heldOutOf({ rows, digest }: Fields): NonNullable<ReportedMetrics['heldOut']> {
  if (!Number.isSafeInteger(rows)) throw fault('heldOut.rows: expected a whole number');
  if (typeof digest !== 'string' || digest.length > 200)
    throw fault('heldOut.digest: expected text of at most 200 characters');
  return { rows: rows as number, digest };
}

function parsed(text: string): unknown {
  try {
    return parseSafely(text, undefined, { protoAction: 'error', constructorAction: 'error' });
  } catch (error) {
    throw fault(`is not valid JSON: ${errorText(error).slice(0, 120).replace(/\.$/, '')}`);
  }
}

function fieldsOf(value: unknown, at: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw fault(`${at === '' ? '' : `${at}: `}expected an object`);
}

function fault(what: string): RunFailure {
  return new RunFailure(`${METRICS_FILE}: ${what}.`.replace(`${METRICS_FILE}: is`, `${METRICS_FILE} is`));
}
