/** Values of command-line options, checked as they are read. */
import { InvalidArgumentError } from 'commander';

/** A reader of whole numbers in a range. */
export function wholeNumber(low: number, high: number): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= low && value <= high) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${low} to ${high}.`);
  };
}

/** A reader of decimal numbers; `low` itself is allowed with `inclusive`. */
export function decimal(low: number, high: number, inclusive: boolean): (text: string) => number {
  return (text) => {
    const value = /^(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
    if (value <= high && (inclusive ? value >= low : value > low)) return value;
    throw new InvalidArgumentError(`It must be a number ${inclusive ? 'from' : 'above'} ${low}, at most ${high}.`);
  };
}

/** Names separated by commas. */
export function nameList(text: string): string[] {
  const names = text.split(',').map((name) => name.trim());
  if (names.some((name) => name === '')) throw new InvalidArgumentError('It must be names separated by commas.');
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new InvalidArgumentError(`It names "${twice}" twice.`);
  return names;
}
