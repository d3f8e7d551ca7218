import type { CurrentUser } from '@grafana/data';
import { actionsOf, type Role } from '../support/plugin-proxy';

/** Who is signed in. Grafana's runtime takes the user once, so another persona changes this one. */
export const user: { permissions: Record<string, boolean> } & Partial<CurrentUser> = { permissions: {} };

/** What Grafana gives the basic role: the app's own actions by plugin.json, and those of Grafana the app asks for. */
export function signInAs(role: Role): void {
  const granted = role === 'Viewer' ? actionsOf(role) : [...actionsOf(role), 'datasources:explore'];
  user.permissions = Object.fromEntries(granted.map((action) => [action, true]));
}
