/** Hides secrets in what programs of others print, as far as they can be known. */

const STARS = '***';
/** A value shorter than this would blank words that are no secret. */
const SHORTEST = 6;
const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/(\bBearer\s+|\bBasic\s+)[\w.~+/=-]{6,}/gi, `$1${STARS}`],
  [/(:\/\/)[^\s/@]+@/g, `$1${STARS}@`],
  [
    /((?:password|passwd|pwd|secret|token|api[_-]?key|access[_-]?key)["']?\s*[:=]\s*["']?)[^\s"',;]{3,}/gi,
    `$1${STARS}`,
  ],
];

/** @param secrets values that must not stand in the text, whatever stands around them */
export function maskSecrets(text: string, secrets: readonly string[]): string {
  const known = secrets.filter((secret) => secret.length >= SHORTEST).sort((a, b) => b.length - a.length);
  const without = known.reduce((masked, secret) => masked.replaceAll(secret, STARS), text);
  return PATTERNS.reduce((masked, [pattern, instead]) => masked.replace(pattern, instead), without);
}
