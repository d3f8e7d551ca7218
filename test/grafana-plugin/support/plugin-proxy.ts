import pluginJson from '../../../grafana-plugin/src/plugin.json' with { type: 'json' };

/** The basic roles of Grafana, each holding what the one before holds. */
export const ROLES = ['Viewer', 'Editor', 'Admin'] as const;
export type Role = (typeof ROLES)[number];

export type Route = (typeof pluginJson.routes)[number];

/** The actions a basic role has by plugin.json's grants: a basic role inherits those of the lesser ones. */
export function actionsOf(role: Role): string[] {
  const held: readonly string[] = ROLES.slice(0, ROLES.indexOf(role) + 1);
  return pluginJson.roles
    .filter(({ grants }) => grants.some((grant) => held.includes(grant)))
    .flatMap((declared) => declared.role.permissions.map(({ action }) => action));
}

/**
 * What Grafana 12.4's plugin proxy does with a call (pkg/api/pluginproxy): the first route whose method is the very same
 * text and whose path fits decides; `reqAction` alone is looked at, and there is no falling through to a later route.
 */
export function proxied(role: Role, method: string, path: string): { route: Route } | { refused: 403 | 404 } {
  const route = pluginJson.routes.find(
    (candidate) => candidate.method === method && path.startsWith(candidate.path.replace(/\*$/, '')),
  );
  if (!route) {
    return { refused: 404 };
  }
  return actionsOf(role).includes(route.reqAction) ? { route } : { refused: 403 };
}

/** Where the proxy sends it: the route's address with what the `*` matched behind it. */
export function targetOf(route: Route, path: string, collectorUrl: string): string {
  const base = route.url.replace('{{ .JsonData.collectorUrl }}', collectorUrl);
  return `${base}/${path.slice(route.path.length - 1)}`;
}

/** The name of the secret setting whose token the route carries. */
export function tokenNameOf(route: Route): string {
  const [header] = route.headers;
  const name = /^Bearer \{\{ \.SecureJsonData\.(\w+) \}\}$/.exec(header?.content ?? '')?.[1];
  if (header?.name !== 'Authorization' || name === undefined) {
    throw new Error(`no token in ${JSON.stringify(route)}`);
  }
  return name;
}
