/** Finds the series of a row's numbers, each by the bins of its own column (15 → 8 ns a value against a loop, `npm run bench`). */
import { gridOver, type BinGrid } from '../distribution/bin-finder.ts';
import { binOf } from '../distribution/bins.ts';
import { compileLines } from './compile-lines.ts';

/** One column. */
export interface BinnedColumn {
  /** Edges of its bins: finite, strictly ascending, at most 65,535. */
  readonly edges: ArrayLike<number>;
  /** Series of its first bin; those of the others follow. */
  readonly first: number;
  /** Usual values, both included. */
  readonly min: number;
  readonly max: number;
}

type Find = (column: number, value: number) => number;
type Part = (values: Float64Array, series: Int32Array, cells: Uint32Array, find: Find) => number;

/** The bins of all columns. */
export class ColumnBins {
  readonly #columns: readonly BinnedColumn[];
  /** The grids of all columns, one after the other. */
  readonly #cells: Uint32Array;
  readonly #parts: readonly Part[];

  constructor(columns: readonly BinnedColumn[]) {
    this.#columns = columns;
    const grids = columns.map(({ edges }) => gridOver(edges));
    this.#cells = new Uint32Array(grids.reduce((sum, { cells }) => sum + cells.length, 0));
    let cell = 0;
    const lines = columns.map((column, index) => {
      const grid = grids[index] as BinGrid;
      this.#cells.set(grid.cells, cell);
      const line = lineOf(column, index, grid, cell);
      cell += grid.cells.length;
      return line;
    });
    this.#parts = compileLines(lines, ['values', 'series', 'cells', 'find'], 'v, p, r, b, odd = 0', 'odd') as Part[];
  }

  /**
   * The series of one row: `series[c]` is that of the bin of `values[c]`, −1 where the value is not a usual one (NaN is not).
   * @returns how many are not. Cost: O(columns), nothing is allocated.
   */
  findRow(values: Float64Array, series: Int32Array): number {
    let odd = 0;
    for (const part of this.#parts) odd += part(values, series, this.#cells, this.#find);
    return odd;
  }

  /** The series of a finite value, usual or not. */
  find(column: number, value: number): number {
    return (this.#columns[column] as BinnedColumn).first + this.#find(column, value);
  }

  readonly #find: Find = (column, value) => binOf((this.#columns[column] as BinnedColumn).edges, value);
}

/** As `BinFinder.find`, with what is known of the column written into the code; where a cell holds an edge a search decides. */
function lineOf(column: BinnedColumn, index: number, { low, scale, last }: BinGrid, firstCell: number): string {
  const { first, min, max } = column;
  return `v = values[${index}];
    if (v >= ${min} && v <= ${max}) {
      p = (v - ${low}) * ${scale};
      r = cells[${firstCell} + (p >= ${last} ? ${last} : p > 0 ? p | 0 : 0)];
      b = r & 0xffff;
      series[${index}] = ${first} + (b === r >>> 16 ? b : find(${index}, v));
    } else { series[${index}] = -1; odd++; }`;
}
