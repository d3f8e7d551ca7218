/**
 * Solves A·x = b for a symmetric positive definite A (Cholesky). O(n³).
 * @param matrix rows of A; not changed
 * @returns x; the caller guarantees definiteness (here: by a ridge on the diagonal)
 */
export function solvePositiveDefinite(matrix: readonly Float64Array[], right: Float64Array): Float64Array {
  const lower = cholesky(matrix);
  const size = right.length;
  const x = new Float64Array(size);
  for (let row = 0; row < size; row++) {
    let value = at(right, row);
    for (let column = 0; column < row; column++) value -= at(lower[row], column) * at(x, column);
    x[row] = value / at(lower[row], row);
  }
  for (let row = size - 1; row >= 0; row--) {
    let value = at(x, row);
    for (let below = row + 1; below < size; below++) value -= at(lower[below], row) * at(x, below);
    x[row] = value / at(lower[row], row);
  }
  return x;
}

function cholesky(matrix: readonly Float64Array[]): Float64Array[] {
  const lower = matrix.map((row) => new Float64Array(row.length));
  for (let row = 0; row < matrix.length; row++) {
    for (let column = 0; column <= row; column++) {
      let value = at(matrix[row], column);
      for (let k = 0; k < column; k++) value -= at(lower[row], k) * at(lower[column], k);
      (lower[row] as Float64Array)[column] = row === column ? Math.sqrt(value) : value / at(lower[column], column);
    }
  }
  return lower;
}

function at(list: Float64Array | undefined, index: number): number {
  return (list as Float64Array)[index] as number;
}
