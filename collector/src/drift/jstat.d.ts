/** The part of jstat (dependency-free, no types of its own) that the drift room uses. */
declare module 'jstat' {
  interface JStat {
    /** ln Γ(x). */
    gammaln(x: number): number;
    /** Regularised lower incomplete gamma function P(a, x). */
    lowRegGamma(a: number, x: number): number;
    /** The x with P(a, x) = p. */
    gammapinv(p: number, a: number): number;
  }
  const library: { readonly jStat: JStat };
  export default library;
}
