/** Random Fourier features of a Gaussian kernel (Rahimi & Recht 2007): inner products of features are about kernel values. */

/** Pairs of vectors whose distance the bandwidth is the median of. */
const PAIRS = 500;

/**
 * cos and sin of random projections of each vector, divided by √frequencies, so that each feature vector has length 1.
 * The bandwidth is the median distance of seeded pairs: it depends on the vectors together, not on which sample they are of,
 * as a permutation test needs it. Vectors that are all equal get equal features.
 * @param vectors of one length, all numbers finite (±1e300 included). Cost: O(vectors · dimensions · frequencies).
 */
export function fourierFeatures(
  vectors: readonly ArrayLike<number>[],
  frequencies: number,
  uniform: () => number,
): Float64Array[] {
  const dimensions = vectors[0]?.length ?? 0;
  let largest = 0;
  for (const vector of vectors) {
    for (let index = 0; index < dimensions; index++) largest = Math.max(largest, Math.abs(vector[index] as number));
  }
  const unit = largest || 1;
  const bandwidth = medianDistance(vectors, unit, uniform) || 1;
  const weights = Array.from({ length: frequencies }, () =>
    Float64Array.from({ length: dimensions }, () => normal(uniform) / bandwidth),
  );
  const length = Math.sqrt(frequencies);
  return vectors.map((vector) => {
    const scaled = new Float64Array(dimensions);
    for (let index = 0; index < dimensions; index++) scaled[index] = (vector[index] as number) / unit;
    const features = new Float64Array(2 * frequencies);
    weights.forEach((weight, frequency) => {
      let projection = 0;
      for (let index = 0; index < dimensions; index++) {
        projection += (weight[index] as number) * (scaled[index] as number);
      }
      features[2 * frequency] = Math.cos(projection) / length;
      features[2 * frequency + 1] = Math.sin(projection) / length;
    });
    return features;
  });
}

/** Median of the distances that are not 0 among seeded pairs, in units of `unit`; 0 when there is none. */
function medianDistance(vectors: readonly ArrayLike<number>[], unit: number, uniform: () => number): number {
  const distances: number[] = [];
  for (let pair = 0; pair < PAIRS; pair++) {
    const a = vectors[Math.floor(uniform() * vectors.length)] as ArrayLike<number>;
    const b = vectors[Math.floor(uniform() * vectors.length)] as ArrayLike<number>;
    let squares = 0;
    for (let index = 0; index < a.length; index++) {
      squares += ((a[index] as number) / unit - (b[index] as number) / unit) ** 2;
    }
    if (squares > 0) distances.push(Math.sqrt(squares));
  }
  distances.sort((a, b) => a - b);
  return distances[Math.floor(distances.length / 2)] ?? 0;
}

/** A standard normal number (Box & Muller). */
function normal(uniform: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}
