/**
 * Finds bins faster than a binary search, whose every step is a coin toss to the processor: a uniform grid over the edges
 * says which few of them a value can lie between, mostly one or none.
 */

/** Grid cells per edge: few cells of a quantile binning then hold an edge at all. 4: 10 ns a value, 8: 8, 16: 7, 32: 6.5. */
const CELLS_PER_EDGE = 16;
const MAX_CELLS = 2_048;

/** A uniform grid over the edges of a column: cell ⌊(value − low) · scale⌋, at least 0 (NaN too) and at most `last`. */
export interface BinGrid {
  readonly low: number;
  readonly scale: number;
  readonly last: number;
  /** Per cell: the first bin its values can be in in the lower 16 bits, the last one in the upper. */
  readonly cells: Uint32Array;
}

/** The bins of one column with fixed edges. */
export class BinFinder {
  readonly #grid: BinGrid;
  readonly #edges: Float64Array;

  /** @param edges finite, strictly ascending, at most 65,535 */
  constructor(edges: ArrayLike<number>) {
    this.#edges = Float64Array.from(edges);
    this.#grid = gridOver(this.#edges);
  }

  /** The bin of a finite number, as `binOf`: index of the first edge ≥ value, or the number of edges. */
  find(value: number): number {
    const range = this.#grid.cells[cellOf(this.#grid, value)] as number;
    let low = range & 0xffff;
    let high = range >>> 16;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (value <= (this.#edges[middle] as number)) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

/** Negative, and NaN where 0 meets an infinite scale or an infinite distance a scale of 0, is the first cell. */
function cellOf({ low, scale, last }: BinGrid, value: number): number {
  const place = (value - low) * scale;
  return place >= last ? last : place > 0 ? place | 0 : 0;
}

/**
 * The grid over edges: finite, strictly ascending, at most 65,535. The cell of a value grows with the value, rounding included: an
 * edge in an earlier cell lies below, in a later one above. Cost: O(edges).
 */
export function gridOver(edges: ArrayLike<number>): BinGrid {
  const size = Math.min(MAX_CELLS, Math.max(1, CELLS_PER_EDGE * edges.length));
  const low = edges[0] ?? 0;
  const scale = edges.length === 0 ? 0 : size / ((edges[edges.length - 1] as number) - low);
  const grid = { low, scale, last: size - 1, cells: new Uint32Array(size) };
  const below = new Uint32Array(size + 1);
  for (let edge = 0; edge < edges.length; edge++) below[cellOf(grid, edges[edge] as number) + 1]!++;
  for (let cell = 0; cell < size; cell++) {
    below[cell + 1]! += below[cell] as number;
    grid.cells[cell] = (below[cell] as number) | ((below[cell + 1] as number) << 16);
  }
  return grid;
}
