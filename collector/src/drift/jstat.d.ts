/** The part of jstat (dependency-free, no types of its own) that the measure rooms use. */
declare module 'jstat' {
  interface JStat {
    /** ln Γ(x). */
    gammaln(x: number): number;
    /** Regularised lower incomplete gamma function P(a, x). */
    lowRegGamma(a: number, x: number): number;
    /** The x with P(a, x) = p. */
    gammapinv(p: number, a: number): number;
    /** Regularised incomplete beta function I(x; a, b). */
    ibeta(x: number, a: number, b: number): number;
    readonly studentt: {
      /** P(T ≤ t) with so many degrees of freedom, and its inverse. */
      cdf(t: number, freedom: number): number;
      inv(p: number, freedom: number): number;
    };
  }
  const library: { readonly jStat: JStat };
  export default library;
}
