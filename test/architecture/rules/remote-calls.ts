/** The plugin speaks to the network in one room only; everything else goes through Grafana's own data sources. */
import ts from 'typescript';
import { lineOf, visit, type Sources } from '../support/sources.ts';

const REMOTE: readonly string[] = [
  'fetch',
  'getBackendSrv',
  'XMLHttpRequest',
  'WebSocket',
  'EventSource',
  'sendBeacon',
  'axios',
];

/** Names of the ways out to the network, used outside `control-plane/`. */
export function remoteCalls(sources: Sources): string[] {
  return [...sources]
    .filter(([path]) => !path.startsWith('control-plane/'))
    .flatMap(([path, file]) => {
      const found: string[] = [];
      visit(file, (node) => {
        if (ts.isIdentifier(node) && REMOTE.includes(node.text)) found.push(`${path}:${lineOf(node)} ${node.text}`);
      });
      return found;
    });
}
