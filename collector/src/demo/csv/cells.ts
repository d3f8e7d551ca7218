/** What the text of a cell means. */
import type { FeatureType, FeatureValue } from '../../prediction.ts';

const MISSING = new Set(['', 'na', 'n/a', 'nan', 'null', 'none']);
/** Decimal numbers only: `Number` alone would also take hexadecimal text and blanks. */
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** Whether a cell stands for "no value": empty, NA, NaN, null or none in any case. */
export function isMissing(cell: string): boolean {
  return MISSING.has(cell.trim().toLowerCase());
}

/** The number a cell holds, or undefined when it holds none. */
export function numberOf(cell: string): number | undefined {
  const text = cell.trim();
  return NUMBER.test(text) ? Number(text) : undefined;
}

/** The feature a cell holds: null when missing, undefined when a numeric column holds other text. */
export function featureOf(cell: string, type: FeatureType): FeatureValue {
  if (isMissing(cell)) return null;
  return type === 'numeric' ? numberOf(cell) : cell;
}

/**
 * Epoch milliseconds of a time cell: RFC 3339 text, or epoch seconds or milliseconds (told apart at 10^11, which is the
 * year 5138 in seconds and 1973 in milliseconds); undefined when it is no time.
 */
export function timeOf(cell: string): number | undefined {
  const number = numberOf(cell);
  if (number !== undefined) return Math.abs(number) < 1e11 ? number * 1000 : number;
  // Text without a digit pair and a dash is left to nobody's guess: Date.parse would take "May" for a date.
  const time = /\d{4}-\d{2}/.test(cell) ? Date.parse(cell.trim()) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}
