import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import pluginJson from '../../grafana-plugin/src/plugin.json';
import { actionOf, PRIVILEGES, type Privilege } from '../../grafana-plugin/src/permissions';
import { actionsOf, proxied, ROLES, type Role, targetOf, tokenNameOf } from './support/plugin-proxy';

const VERBS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'];

/** Written by hand: the verbs of each privilege. */
const VERBS_OF: Record<Privilege, string[]> = {
  read: ['GET'],
  operate: ['GET', 'POST', 'PATCH'],
  admin: ['POST', 'PUT', 'DELETE'],
};

/** Written by hand: who has which privilege. */
const HELD: Record<Role, Privilege[]> = {
  Viewer: ['read'],
  Editor: ['read', 'operate'],
  Admin: ['read', 'operate', 'admin'],
};

describe('the routes of plugin.json', () => {
  it.each(pluginJson.routes)('$method $path asks for one of our actions and carries the token of it', (route) => {
    const privilege = PRIVILEGES.find((name) => route.path === `${name}/*`);
    expect(privilege).toBeDefined();
    // A list such as "GET,POST" never matches, and a path without "*" loses what stands behind it.
    expect(VERBS).toContain(route.method);
    // Grafana takes a role it does not know for none at all, and a route without an action is open to every user.
    expect(route).not.toHaveProperty('reqRole');
    expect(route.reqAction).toBe(actionOf(privilege as Privilege));
    expect(tokenNameOf(route)).toBe(`${privilege}Token`);
    expect(route.url).toBe('{{ .JsonData.collectorUrl }}/v1');
  });

  it('are one per verb and privilege', () => {
    const names = pluginJson.routes.map(({ method, path }) => `${method} ${path}`);
    const expected = PRIVILEGES.flatMap((name) => VERBS_OF[name].map((verb) => `${verb} ${name}/*`));
    expect(names).toEqual(expected);
    expect(new Set(names).size).toBe(names.length);
  });

  it('take their address and tokens from settings the provisioned file sets', () => {
    const file = resolve(__dirname, '../../provisioning/plugins/plumbline-models-app.yaml');
    const text = readFileSync(file, 'utf8');
    for (const name of ['collectorUrl', ...pluginJson.routes.map(tokenNameOf)]) {
      expect(text).toMatch(new RegExp(`^ {6}${name}: \\$PLUMBLINE_`, 'm'));
    }
  });
});

describe('the roles of plugin.json', () => {
  it('declare every action a route asks for, under a name Grafana accepts', () => {
    const declared = pluginJson.roles.flatMap(({ role }) => role.permissions.map(({ action }) => action));
    for (const { reqAction } of pluginJson.routes) {
      expect(declared).toContain(reqAction);
    }
    for (const action of declared) {
      expect(action).toMatch(/^plumbline-models-app\.models:(read|operate|admin)$/);
    }
  });

  it.each(ROLES)('give a %s what the matrix says', (role) => {
    expect([...new Set(actionsOf(role))].sort()).toEqual(HELD[role].map(actionOf).sort());
  });
});

const MATRIX = ROLES.flatMap((role) =>
  PRIVILEGES.flatMap((privilege) => VERBS.map((verb) => [role, verb, privilege] as const)),
);

it.each(MATRIX)('%s, %s %s/…: as the matrix says', (role, verb, privilege) => {
  const path = `${privilege}/models/churn/versions/7`;
  const answer = proxied(role, verb, path);
  if (!VERBS_OF[privilege].includes(verb)) {
    expect(answer).toEqual({ refused: 404 });
  } else if (!HELD[role].includes(privilege)) {
    expect(answer).toEqual({ refused: 403 });
  } else {
    expect(answer).toHaveProperty('route');
    const route = 'route' in answer ? answer.route : undefined;
    expect(route && targetOf(route, path, 'http://collector:8080')).toBe(
      'http://collector:8080/v1/models/churn/versions/7',
    );
    expect(route && tokenNameOf(route)).toBe(`${privilege}Token`);
  }
});

it('a path outside the three prefixes has no route', () => {
  for (const path of ['models/churn', 'v1/models', 'readonly/x', '']) {
    expect(proxied('Admin', 'GET', path)).toEqual({ refused: 404 });
  }
});
