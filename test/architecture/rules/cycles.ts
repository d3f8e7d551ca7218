/** Files that import each other in a circle, types included: neither could be understood without the other. */
import { importsOf, resolveImport, type Sources } from '../support/sources.ts';

/** Knots of files that reach each other (Tarjan's strongly connected components of more than one file, or a self-import). */
export function importCycles(sources: Sources): string[][] {
  const next = new Map([...sources].map(([path, file]) => [path, targets(sources, path, importsOf(file))]));
  const order = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const knots: string[][] = [];

  const connect = (path: string): void => {
    order.set(path, order.size);
    low.set(path, order.get(path) as number);
    stack.push(path);
    for (const to of next.get(path) ?? []) {
      if (!order.has(to)) connect(to);
      if (stack.includes(to)) low.set(path, Math.min(low.get(path) as number, low.get(to) as number));
    }
    if (low.get(path) !== order.get(path)) return;
    const knot = stack.splice(stack.indexOf(path));
    if (knot.length > 1 || next.get(path)?.includes(path)) knots.push(knot.sort());
  };
  for (const path of sources.keys()) if (!order.has(path)) connect(path);
  return knots;
}

function targets(sources: Sources, from: string, imports: readonly { readonly specifier: string }[]): string[] {
  return imports.flatMap(({ specifier }) => resolveImport(sources, from, specifier) ?? []);
}
