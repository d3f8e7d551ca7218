/** What `index.ts` loads at run time, and with it every program that uses the SDK. */
import { importsOf, resolveImport, type Sources } from '../support/sources.ts';

/** Small libraries without dependencies of their own, each with the reason why it is not written here. */
export const SMALL_LIBRARIES: Readonly<Record<string, string>> = {
  jstat: 'chi-square quantiles and tails: the inverse of the incomplete gamma function, to 1e-12 over the whole range',
  'pure-rand':
    'seeded random numbers for the simulated null distributions: the same seed gives the same verdict everywhere',
};

const ALLOWED = [/^@opentelemetry\/[a-z0-9-]+$/, /^simple-statistics$/, /^node:/];

/** Every package and built-in reached from an entry by value imports, with the file that asks for it. */
export function reachedPackages(sources: Sources, entry: string): Map<string, string> {
  const packages = new Map<string, string>();
  const seen = new Set<string>();
  const walk = (path: string): void => {
    const file = sources.get(path);
    if (!file || seen.has(path)) return;
    seen.add(path);
    for (const { specifier, isValue } of importsOf(file)) {
      if (!isValue) continue;
      const target = resolveImport(sources, path, specifier);
      if (target !== undefined) walk(target);
      else packages.set(packageOf(specifier), path);
    }
  };
  walk(entry);
  return packages;
}

/** The reached packages that the SDK may not load. */
export function foreignPackages(sources: Sources, entry: string): string[] {
  return [...reachedPackages(sources, entry)]
    .filter(([name]) => !ALLOWED.some((pattern) => pattern.test(name)) && !Object.hasOwn(SMALL_LIBRARIES, name))
    .map(([name, path]) => `${path} loads ${name}`);
}

function packageOf(specifier: string): string {
  if (specifier.startsWith('node:') || specifier.startsWith('.')) return specifier;
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}
