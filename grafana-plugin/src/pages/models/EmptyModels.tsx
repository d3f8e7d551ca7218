import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { t, Trans } from '@grafana/i18n';
import { ClipboardButton, EmptyState, Stack, Text, useStyles2 } from '@grafana/ui';
import React from 'react';

/** The shortest program that makes a model appear here; a test runs it. */
export const FIRST_PREDICTION = `import { createMonitor, startMetricExport } from '@plumbline/collector';

// Prometheus scrapes http://127.0.0.1:9464/metrics
const { producer } = await startMetricExport({ prometheus: { port: 9464 } });
const monitor = createMonitor({ model: 'churn', version: '1', classes: ['stays', 'leaves'], producer });

const id = monitor.recordPrediction({ prediction: 'stays' });
monitor.recordLabel(id, 'leaves'); // once the truth is known`;

/** What a new installation sees: nothing is broken, and this is how the first model appears. */
export function EmptyModels() {
  const styles = useStyles2(getStyles);
  return (
    <EmptyState variant="call-to-action" message={t('models.empty.title', 'No model has reported in this time')}>
      <Stack direction="column" alignItems="center" gap={2}>
        <Text color="secondary" textAlignment="center">
          <Trans i18nKey="models.empty.explanation">
            Prometheus answers, but holds no model in the chosen window. A model appears within one scrape of its first
            prediction:
          </Trans>
        </Text>
        <pre className={styles.code}>{FIRST_PREDICTION}</pre>
        <ClipboardButton icon="copy" variant="secondary" getText={() => FIRST_PREDICTION}>
          <Trans i18nKey="models.empty.copy">Copy</Trans>
        </ClipboardButton>
        <Text color="secondary" textAlignment="center">
          <Trans i18nKey="models.empty.hint">
            If a model does report, look further back with the time picker, choose a longer window, and check that
            Prometheus scrapes the process and has loaded the Plumbline recording rules.
          </Trans>
        </Text>
      </Stack>
    </EmptyState>
  );
}

function getStyles(theme: GrafanaTheme2) {
  return {
    code: css({
      margin: 0,
      padding: theme.spacing(2),
      maxWidth: '100%',
      overflowX: 'auto',
      textAlign: 'left',
      fontSize: theme.typography.bodySmall.fontSize,
    }),
  };
}
