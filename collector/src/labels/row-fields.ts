/** Checks of the fields that rows of predictions and of labels share. Each throws a `RowFault` that names field and remedy. */
import { checkedName } from '../monitor/options.ts';
import { checkedClass, checkedId } from '../monitor/row-checks.ts';
import type { TaskName } from '../monitor/options.ts';
import { toMilliseconds } from '../prediction.ts';
import { kindOf, RowFault, type RowFaultCode } from './row-faults.ts';

/** What stands in an object of a batch. */
export type Fields = Readonly<Record<string, unknown>>;

/** No prediction and no label is from further ahead than clocks go wrong, in milliseconds. */
export const MAX_AHEAD = 86_400_000;
/** Beyond it squares overflow; regressions take no such number. */
const LARGEST = 1e150;
const MAX_LABELS = 100;

/** The fields of a row. */
export function fieldsOfRow(row: unknown): Fields {
  if (typeof row === 'object' && row !== null && !Array.isArray(row)) return row as Fields;
  throw new RowFault('invalid_row', `row: expected an object, got ${kindOf(row)}.`);
}

/** The name of a model or version. */
export function nameField(row: Fields, field: 'model' | 'version'): string {
  const value = row[field];
  try {
    return checkedName(value, field);
  } catch {
    const rule = 'use 1 to 128 letters, digits, ".", "_" or "-", starting with a letter or digit, without ".."';
    throw new RowFault(
      'invalid_name',
      `${field}: ${value === undefined ? 'is missing' : 'is not a usable name'}; ${rule}.`,
    );
  }
}

/** An id as text. */
export function idField(value: unknown, field: string): string {
  const id = checkedId(value);
  if (id !== undefined && isStorable(id)) return id;
  throw new RowFault(
    'invalid_id',
    `${field}: got ${kindOf(value)}; expected a text of 1 to 256 characters without NUL.`,
  );
}

/** Epoch milliseconds, whole. @param otherwise where the row has none */
export function timeField(value: unknown, otherwise: number, now: number): number {
  if (value === undefined || value === null) return otherwise;
  const time = toMilliseconds(value);
  if (time === undefined)
    throw new RowFault(
      'invalid_timestamp',
      'timestamp: expected RFC 3339 ("2026-01-31T12:00:00Z") or epoch milliseconds.',
    );
  if (time - now > MAX_AHEAD)
    throw new RowFault(
      'invalid_timestamp',
      'timestamp: lies more than a day ahead; check the clock, and that it is milliseconds.',
    );
  return Math.round(time);
}

/** A text of at most 256 characters; undefined where there is none. */
export function textField(value: unknown, field: string, code: RowFaultCode): string | undefined {
  if (value === undefined || value === null) return undefined;
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text === 'string' && text.length > 0 && text.length <= 256 && isStorable(text)) return text.toWellFormed();
  throw new RowFault(code, `${field}: got ${kindOf(value)}; expected a text of 1 to 256 characters without NUL.`);
}

/** A prediction or a label as it is stored and compared: see `predictions.prediction`. */
export function valueField(value: unknown, task: TaskName, field: 'prediction' | 'label' | 'correctedLabel'): string {
  const text = task === 'multilabel' ? labelsText(value) : task === 'regression' ? numberText(value) : classText(value);
  if (text !== undefined) return text;
  const code = field === 'prediction' ? 'invalid_prediction' : 'invalid_label';
  throw new RowFault(code, `${field}: got ${kindOf(value)}; ${WANTED[task]}`);
}

/** What was stored, as the monitor takes it. */
export function storedValue(text: string, task: TaskName): string | number | string[] {
  if (task === 'regression') return Number(text);
  return task === 'multilabel' ? labelsOf(text) : text;
}

const WANTED: Readonly<Record<TaskName, string>> = {
  classification:
    'expected a class (a text of at most 256 characters, a number or a truth value). Declare `task` for a model that gives a number or several labels.',
  regression: 'this model is a regression: expected a number between -1e150 and 1e150.',
  multilabel: 'this model gives several labels: expected a list of at most 100 classes.',
};

function classText(value: unknown): string | undefined {
  const text = checkedClass(value);
  return text !== undefined && isStorable(text) ? text : undefined;
}

function numberText(value: unknown): string | undefined {
  return typeof value === 'number' && Math.abs(value) <= LARGEST ? String(value) : undefined;
}

function labelsText(value: unknown): string | undefined {
  if (!Array.isArray(value) || value.length > MAX_LABELS) return undefined;
  const labels = value.map(classText);
  return labels.some((label) => label === undefined) ? undefined : JSON.stringify([...new Set(labels)].sort());
}

/** A class that was stored before the model was declared to give several labels is a list of one. */
function labelsOf(text: string): string[] {
  if (!text.startsWith('[')) return [text];
  try {
    const labels: unknown = JSON.parse(text);
    return Array.isArray(labels) ? labels.map(String) : [text];
  } catch {
    return [text];
  }
}

/** PostgreSQL holds no NUL in a text. */
function isStorable(text: string): boolean {
  return !text.includes('\u0000');
}
