/**
 * Compiles one line of code per column. A loop over columns asks one place of code for ever other properties and ever other
 * constants: V8 answers the first by a search, and loads the second anew for every column.
 */
import { compileFunction } from 'node:vm';

/** V8 optimises no function of any size. */
const LINES_PER_PART = 100;

/**
 * Functions that run the lines when called one after the other. @param lines strict-mode code over the parameters and `variables`
 * @param result what each function gives back, an expression
 */
export function compileLines(
  lines: readonly string[],
  parameters: readonly string[],
  variables: string,
  result = 'undefined',
): ((...args: never[]) => unknown)[] {
  const parts: ((...args: never[]) => unknown)[] = [];
  for (let from = 0; from < lines.length; from += LINES_PER_PART) {
    const body = `'use strict'; let ${variables}; ${lines.slice(from, from + LINES_PER_PART).join('\n')}\nreturn ${result};`;
    parts.push(compileFunction(body, parameters) as (...args: never[]) => unknown);
  }
  return parts;
}

/** A text as it may stand in code, whatever is in it: JSON is a subset of ECMAScript since 2019. */
export function literal(text: string): string {
  return JSON.stringify(text);
}
