/**
 * The Kolmogorov–Smirnov distribution for larger n: the first four terms of its expansion in n^(-1/2)
 * (Pelz & Good, "Approximating the lower tail-areas of the Kolmogorov–Smirnov one-sample statistic", JRSS B 38(2), 1976).
 */
const PI2 = Math.PI ** 2;
const PI4 = PI2 ** 2;
const PI6 = PI2 ** 3;
const TERMS_PER_Z = 16 / Math.PI;

/** P(D_n ≤ d) for n > 140; at least five correct digits there (Simard & L'Ecuyer 2011). */
export function pelzGoodCdf(n: number, d: number): number {
  const z = Math.sqrt(n) * d;
  const z2 = z * z;
  const decay = -PI2 / (8 * z2);
  if (decay < -708) return 0;
  const [k0, k1, k2, k3] = oddSums(z, decay);
  const [extra2, extra3] = evenSums(z, z2);
  const root = Math.sqrt(2 * Math.PI);
  return (
    root *
    (k0 / z +
      k1 / (6 * z ** 4) / Math.sqrt(n) +
      (k2 / (72 * z ** 7) - (PI2 / (36 * z ** 3)) * extra2) / n +
      (k3 / (6480 * z ** 10) + (PI2 / (216 * z ** 6)) * extra3) / n ** 1.5)
  );
}

/** Sums over odd m of e^(decay·m²) times the polynomials in m² of the four terms. */
function oddSums(z: number, decay: number): [number, number, number, number] {
  const [z2, z4, z6, z8] = [z ** 2, z ** 4, z ** 6, z ** 8];
  const sums: [number, number, number, number] = [0, 0, 0, 0];
  for (let m = 2 * Math.ceil(z * TERMS_PER_Z) - 1; m >= 1; m -= 2) {
    const weight = Math.exp(decay * m * m);
    const m2 = m * m;
    sums[0] += weight;
    sums[1] += weight * (-z2 + (PI2 / 4) * m2);
    sums[2] += weight * (6 * z6 + 2 * z4 + (PI2 / 4) * (2 * z4 - 5 * z2) * m2 + (PI4 / 16) * (1 - 2 * z2) * m2 ** 2);
    sums[3] +=
      weight *
      (-30 * z6 -
        90 * z8 +
        (PI2 / 4) * (135 * z4 - 96 * z6) * m2 +
        (PI4 / 16) * (212 * z4 - 60 * z2) * m2 ** 2 +
        (PI6 / 64) * (5 - 30 * z2) * m2 ** 3);
  }
  return sums;
}

/** The second sums of the terms in 1/n and n^(-3/2), over all whole k. */
function evenSums(z: number, z2: number): [number, number] {
  const sums: [number, number] = [0, 0];
  for (let k = Math.ceil(z * TERMS_PER_Z); k >= 1; k--) {
    const weight = k * k * Math.exp((-PI2 / (2 * z2)) * k * k);
    sums[0] += weight;
    sums[1] += weight * (3 * z2 - PI2 * k * k);
  }
  return sums;
}
