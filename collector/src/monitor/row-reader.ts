/** Reads the features of a row into columns, by plain loads (35 → 1 ns a feature where rows have one shape, `npm run bench`). */
import type { FeatureValue } from '../prediction.ts';
import { compileLines, literal } from './compile-lines.ts';
import { ownValue } from './row-checks.ts';

/** The features of one row, as model code hands them over. */
export type Features = Readonly<Record<string, FeatureValue>>;

/** Which features are read as numbers and which as categories, in the order of the columns. */
export interface ColumnNames {
  readonly numeric: readonly string[];
  readonly categorical: readonly string[];
}

/** Where a row is read to. */
export interface RowColumns {
  /** NaN where the value is no number. */
  readonly numbers: Float64Array;
  /** Values as they are; look at one that is no text, number or truth value once more with `ownValue`. */
  readonly categories: FeatureValue[];
}

type Part = (features: Features, numbers: Float64Array, categories: FeatureValue[]) => void;

/** Reads rows of fixed columns. */
export class RowReader {
  readonly columns: RowColumns;
  readonly #names: ColumnNames;
  readonly #parts: readonly Part[];

  constructor(names: ColumnNames) {
    this.#names = names;
    this.columns = {
      numbers: new Float64Array(names.numeric.length),
      categories: new Array<FeatureValue>(names.categorical.length).fill(undefined),
    };
    this.#parts = compiled(names);
  }

  /** Reads a row into `columns`. A property that cannot be read (a getter that throws) reads as missing. Cost: O(columns). */
  read(features: Features | undefined | null): void {
    const { numbers, categories } = this.columns;
    if (features !== undefined && features !== null) {
      try {
        for (const part of this.#parts) part(features, numbers, categories);
        return;
      } catch {
        // One of the values cannot be read; below each is asked for by itself.
      }
    }
    this.#names.numeric.forEach((name, column) => {
      const value = ownValue(features, name);
      numbers[column] = typeof value === 'number' ? value : Number.NaN;
    });
    this.#names.categorical.forEach((name, column) => (categories[column] = ownValue(features, name)));
  }
}

function compiled({ numeric, categorical }: ColumnNames): Part[] {
  const lines = [
    ...numeric.map(
      (name, column) => `v = features[${literal(name)}]; numbers[${column}] = typeof v === 'number' ? v : NaN;`,
    ),
    ...categorical.map((name, column) => `categories[${column}] = features[${literal(name)}];`),
  ];
  return compileLines(lines, ['features', 'numbers', 'categories'], 'v') as Part[];
}
