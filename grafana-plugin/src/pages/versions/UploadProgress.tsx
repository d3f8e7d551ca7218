import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Stack, Text, useStyles2 } from '@grafana/ui';
import React from 'react';
import { formatShare } from '../shared/format';

/** How much of the files has left the browser; once all has, the collector still writes and checks them. */
export function UploadProgress({ share }: { share: number }) {
  const styles = useStyles2(getStyles);
  const text =
    share < 1
      ? t('save.progress', '{{share}} sent', { share: formatShare(share) })
      : t('save.writing', 'All is sent; the collector writes and checks the files.');
  return (
    <Stack direction="column" gap={0.5}>
      <progress className={styles.bar} value={share} max={1} aria-label={t('save.progress-label', 'Upload')} />
      <Text variant="bodySmall">{text}</Text>
    </Stack>
  );
}

function getStyles(theme: GrafanaTheme2) {
  return { bar: css({ width: '100%', accentColor: theme.colors.primary.main }) };
}
