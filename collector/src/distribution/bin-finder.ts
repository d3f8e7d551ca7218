/**
 * Finds bins faster than a binary search, whose every step is a coin toss to the processor: a uniform grid over the edges
 * says which few of them a value can lie between, mostly one or none.
 */

/** Grid cells per edge: most cells of a quantile binning then hold at most one edge. */
const CELLS_PER_EDGE = 8;
const MAX_CELLS = 2_048;

/** The bins of fixed edges. */
export class BinFinder {
  readonly #edges: Float64Array;
  readonly #low: number;
  readonly #scale: number;
  readonly #last: number;
  /** Edges wholly below a cell; the next entry's counterpart is `#to`. */
  readonly #from: Uint16Array;
  readonly #to: Uint16Array;

  /** @param edges finite, strictly ascending, at most 65,535 */
  constructor(edges: ArrayLike<number>) {
    this.#edges = Float64Array.from(edges);
    const cells = Math.min(MAX_CELLS, Math.max(1, CELLS_PER_EDGE * edges.length));
    this.#last = cells - 1;
    this.#low = edges[0] ?? 0;
    this.#scale = edges.length === 0 ? 0 : cells / ((edges[edges.length - 1] as number) - this.#low);
    this.#from = new Uint16Array(cells);
    this.#to = new Uint16Array(cells);
    // The cell of a value grows with the value, rounding included: an edge in an earlier cell lies below, in a later one above.
    for (const edge of this.#edges) {
      const at = this.#cellOf(edge);
      for (let cell = at; cell < cells; cell++) this.#to[cell]!++;
      for (let cell = at + 1; cell < cells; cell++) this.#from[cell]!++;
    }
  }

  /** The bin of a finite number, as `binOf`: index of the first edge ≥ value, or the number of edges. */
  find(value: number): number {
    const cell = this.#cellOf(value);
    let low = this.#from[cell] as number;
    let high = this.#to[cell] as number;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (value <= (this.#edges[middle] as number)) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #cellOf(value: number): number {
    const at = (value - this.#low) * this.#scale;
    if (at >= this.#last) return this.#last;
    // Negative, and NaN where 0 meets an infinite scale or an infinite distance a scale of 0.
    return at > 0 ? at | 0 : 0;
  }
}
