import type { CurrentUser } from '@grafana/data';
import { setCurrentUser } from '@grafana/runtime';
import { may, PRIVILEGES, whyNot } from '../../grafana-plugin/src/permissions';
import { signInAs, user } from './host/persona';
import { ROLES } from './support/plugin-proxy';

beforeAll(() => setCurrentUser(user as CurrentUser));

it.each(ROLES)('a %s is told why a button is off exactly where it is', (role) => {
  signInAs(role);
  const held = { Viewer: 1, Editor: 2, Admin: 3 }[role];
  expect(PRIVILEGES.map(may)).toEqual([true, held >= 2, held >= 3]);
  expect(PRIVILEGES.map((privilege) => whyNot(privilege) === undefined)).toEqual(PRIVILEGES.map(may));
  for (const privilege of PRIVILEGES.filter((name) => !may(name))) {
    expect(whyNot(privilege)).toMatch(/Ask .*(role)/);
  }
});
