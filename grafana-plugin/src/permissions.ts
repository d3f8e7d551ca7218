import { t } from '@grafana/i18n';
import { hasPermission } from '@grafana/runtime';
import pluginJson from './plugin.json';

/** What the app lets somebody do with models. Each is an action of plugin.json, a route prefix and a token of its own. */
export type Privilege = 'read' | 'operate' | 'admin';

/** All of them, from the least to the most. */
export const PRIVILEGES: readonly Privilege[] = ['read', 'operate', 'admin'];

/** The name Grafana knows the privilege by. */
export function actionOf(privilege: Privilege): string {
  return `${pluginJson.id}.models:${privilege}`;
}

/** Whether Grafana grants the privilege to who is signed in. Its proxy decides; this only says beforehand what it will say. */
export function may(privilege: Privilege): boolean {
  return hasPermission(actionOf(privilege));
}

/** Why a button for the privilege cannot be pressed; undefined when it can. */
export function whyNot(privilege: Privilege): string | undefined {
  return may(privilege) ? undefined : REASONS[privilege]();
}

const REASONS: Record<Privilege, () => string> = {
  read: () =>
    t('permissions.read', 'Your role may not see models. Ask a Grafana administrator for the role Model viewer.'),
  operate: () =>
    t(
      'permissions.operate',
      'Your role may only look. Ask a Grafana administrator for the role Editor or Model operator.'
    ),
  admin: () => t('permissions.admin', 'This takes an administrator. Ask for the role Admin or Model administrator.'),
};
