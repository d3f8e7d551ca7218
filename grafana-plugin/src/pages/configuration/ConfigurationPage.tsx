import type { AppPluginMeta, PluginConfigPageProps } from '@grafana/data';
import { t, Trans } from '@grafana/i18n';
import { Alert, Box, Stack, Text } from '@grafana/ui';
import React from 'react';
import type { AppSettings } from '../../settings';
import { ConnectionTest } from './ConnectionTest';
import { SettingsForm } from './SettingsForm';
import { useSettingsForm } from './use-settings-form';

type ConfigurationPageProps = PluginConfigPageProps<AppPluginMeta<AppSettings>>;

/** Where an administrator tells the app its collector, its tokens and its data source, and sees whether they fit together. */
export default function ConfigurationPage({ plugin }: ConfigurationPageProps) {
  const form = useSettingsForm(plugin.meta);
  return (
    <Box maxWidth="800px">
      <Stack direction="column" gap={3}>
        <Alert severity="info" title={t('config.provisioned.title', 'A provisioned file comes first')}>
          <Trans i18nKey="config.provisioned.text">
            Where a file under provisioning/plugins names this app, Grafana writes its values here at every start.
            Address and data source saved on this page are then lost at the next start, and tokens are replaced by those
            of the file.
          </Trans>
        </Alert>
        <SettingsForm form={form} />
        <ConnectionTest
          whyNot={form.isChanged ? t('config.test.unsaved', 'Save first: it asks with what is saved.') : undefined}
        />
        <Text color="secondary">
          <Trans i18nKey="config.trust">
            Whoever may change these settings decides where the tokens are sent: Grafana keeps a saved token when the
            address changes. Give the app tokens made with --require-identity, which are worth nothing without a user
            whom this Grafana vouches for.
          </Trans>
        </Text>
      </Stack>
    </Box>
  );
}
