/**
 * Whether a raw request target may be routed. Proxies and routers disagree on how `..`, encoded dots and slashes, `\` and
 * `//` resolve, and such a disagreement is how a request reaches a route its sender was not allowed to see. No path of ours
 * needs them, so they are refused before routing. Only the path is judged: a query may hold any of them.
 */
export function isPlainPath(target: string): boolean {
  const path = target.split(/[?#]/, 1)[0] ?? '';
  return path.startsWith('/') && !/\.\.|%2e|%2f|%5c|\\|\/\//i.test(path);
}
