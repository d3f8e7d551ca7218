/**
 * Classes by number: what waits for its label, and what is recorded again and again, is a small number instead of a text. The
 * join then holds nothing that the garbage collector must look at.
 */
import { OTHER } from '../prediction.ts';
import type { ClassSeries, ClassTable } from './class-table.ts';
import { checkedClass } from './row-checks.ts';

/** What is known of a class. */
export interface CodedClass {
  readonly text: string;
  readonly series: ClassSeries;
  /** Why it shares the series of `__other__`; undefined when it has its own. */
  readonly reason: 'unknown_class' | 'class_overflow' | undefined;
}

/** Beyond so many different classes the rest compare as one: what is held per class must stay bounded. */
const MAX_CODES = 65_536;

/** Gives each class a code, in order of appearance. */
export class ClassCodes {
  readonly #table: ClassTable;
  readonly #codes = new Map<string, number>();
  readonly #classes: CodedClass[] = [];
  /** The class last asked for: the same one often comes again. */
  #lastText = '';
  #lastCode = -1;

  constructor(table: ClassTable) {
    this.#table = table;
  }

  /** The code of a class, undefined when the value is none. Cost: one look-up. */
  codeOf(value: unknown): number | undefined {
    if (value === this.#lastText && this.#lastCode >= 0) return this.#lastCode;
    const code = typeof value === 'string' ? this.#codes.get(value) : undefined;
    if (code === undefined) return this.#firstSeen(value);
    this.#lastText = value as string;
    this.#lastCode = code;
    return code;
  }

  /** As `codeOf` of what is not a text that has a code. */
  #firstSeen(value: unknown): number | undefined {
    const text = checkedClass(value);
    return text === undefined ? undefined : (this.#codes.get(text) ?? this.#add(text));
  }

  /** The class of a code that was given. */
  classOf(code: number): CodedClass {
    return this.#classes[code] as CodedClass;
  }

  #add(text: string): number {
    if (this.#classes.length >= MAX_CODES) return this.#codes.get(OTHER) ?? this.#append(OTHER);
    return this.#append(text);
  }

  #append(text: string): number {
    const series = this.#table.seriesOf(text);
    const code = this.#classes.push({ text, series, reason: this.#table.foldedBecause(text, series) }) - 1;
    this.#codes.set(text, code);
    return code;
  }
}
