import { t } from '@grafana/i18n';
import type { Privilege } from '../../permissions';
import type { AppTokens } from '../../settings';

/** The setting that holds a privilege's token, and what people read about it. */
export interface TokenSetting {
  name: keyof AppTokens;
  label: string;
  description: string;
}

/** What the configuration page says of a token. */
export function tokenSettings(privilege: Privilege): TokenSetting {
  return SETTINGS[privilege]();
}

const SETTINGS: Record<Privilege, () => TokenSetting> = {
  read: () => ({
    name: 'readToken',
    label: t('config.token.read.label', 'Token to read'),
    description: t(
      'config.token.read.description',
      'Used for every viewer: plumbline token create --scope read --require-identity'
    ),
  }),
  operate: () => ({
    name: 'operateToken',
    label: t('config.token.operate.label', 'Token to operate'),
    description: t(
      'config.token.operate.description',
      'Used for editors: plumbline token create --scope operate --require-identity'
    ),
  }),
  admin: () => ({
    name: 'adminToken',
    label: t('config.token.admin.label', 'Token to administer'),
    description: t(
      'config.token.admin.description',
      'Used for administrators: plumbline token create --scope admin --require-identity'
    ),
  }),
};
