/** Which methods a path answers, for `405` and its `Allow`. */
import type { FastifyInstance } from 'fastify';

/** Watches the routes that are added from now on. @returns the methods of a path, or undefined where there is nothing */
export function watchRoutes(app: FastifyInstance): (path: string) => string | undefined {
  const routes = new Map<string, { readonly pattern: RegExp; readonly methods: Set<string> }>();
  app.addHook('onRoute', ({ url, method }) => {
    const known = routes.get(url) ?? { pattern: patternOf(url), methods: new Set<string>() };
    routes.set(url, known);
    for (const name of [method].flat()) known.methods.add(name);
  });
  return (path) => {
    const methods = new Set<string>();
    for (const { pattern, methods: found } of routes.values())
      if (pattern.test(path)) for (const name of found) methods.add(name);
    return methods.size === 0 ? undefined : [...methods].sort().join(', ');
  };
}

function patternOf(url: string): RegExp {
  const parts = url.split('/').map((part) => {
    if (part === '*') return '.*';
    return part.startsWith(':') ? '[^/]+' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${parts.join('/')}$`);
}
