/**
 * The numbers of a window, row by row, in pieces that are used again: the first touch of new memory costs more than all else that
 * recording a row does, and a second window's worth kept ready would double the memory.
 */

/** Rows of a piece: small beside a window (the last piece is never full), large beside the cost of changing over. */
const ROWS_PER_PIECE = 64;

/** Rows of a window that was closed. Each column is read once; with the last one the memory is given back. */
export interface HeldRows {
  /** The finite numbers of a column, in order. Cost: O(rows). */
  readonly column: (index: number) => Float64Array;
}

/** Takes rows of one width in, hands windows of them out. */
export class RowStore {
  readonly #width: number;
  /** Pieces of judged windows, for the next. */
  readonly #free: Float64Array[] = [];
  #full: Float64Array[] = [];
  #piece: Float64Array;
  #size = 0;

  /** @param width numbers in a row */
  constructor(width: number) {
    this.#width = width;
    this.#piece = this.#take();
  }

  /** Adds a row. */
  push(row: Float64Array): void {
    if (this.#size === this.#piece.length) {
      this.#full.push(this.#piece);
      this.#piece = this.#take();
      this.#size = 0;
    }
    const piece = this.#piece;
    const size = this.#size;
    for (let column = 0; column < row.length; column++) piece[size + column] = row[column] as number;
    this.#size = size + row.length;
  }

  /** Hands the rows over and starts anew. */
  close(): HeldRows {
    const pieces = [...this.#full, this.#piece.subarray(0, this.#size)];
    const own = [...this.#full, this.#piece];
    this.#full = [];
    this.#piece = this.#take();
    this.#size = 0;
    let unread = this.#width;
    return {
      column: (index) => {
        const values = finiteOf(pieces, index, this.#width);
        if (--unread === 0) this.#free.push(...own);
        return values;
      },
    };
  }

  #take(): Float64Array {
    return this.#free.pop() ?? new Float64Array(ROWS_PER_PIECE * this.#width);
  }
}

function finiteOf(pieces: readonly Float64Array[], column: number, width: number): Float64Array {
  const rows = pieces.reduce((sum, { length }) => sum + length / width, 0);
  const values = new Float64Array(rows);
  let size = 0;
  for (const piece of pieces) {
    for (let at = column; at < piece.length; at += width) {
      const value = piece[at] as number;
      if (!Number.isNaN(value)) values[size++] = value;
    }
  }
  return values.subarray(0, size);
}
