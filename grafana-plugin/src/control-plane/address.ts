import type { Privilege } from '../permissions';
import pluginJson from '../plugin.json';

/** What stands in the query of a call; undefined is left out. */
export type Query = Record<string, string | number | undefined>;

/** Names the collector takes in a path. Others come from embedded monitors, which know no collector. */
const NAME = /^[A-Za-z0-9](?:[A-Za-z0-9_-]|\.(?!\.)){0,127}$/;

/** Whether the collector may know a model or version of this name at all. */
export function isCollectorName(name: string): boolean {
  return NAME.test(name);
}

/**
 * The address of a call through Grafana's plugin proxy. The proxy decodes the path before it passes it on, so a name that
 * would have to be encoded must not get here.
 */
export function proxyAddress(privilege: Privilege, path: readonly string[], query: Query = {}): string {
  const named = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [`${encodeURIComponent(name)}=${encodeURIComponent(value)}`]
  );
  const search = named.length === 0 ? '' : `?${named.join('&')}`;
  return `api/plugin-proxy/${pluginJson.id}/${privilege}/${path.map(encodeURIComponent).join('/')}${search}`;
}
