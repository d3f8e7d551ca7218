import { t } from '@grafana/i18n';
import { usePluginComponent } from '@grafana/runtime';
import { Stack, Text } from '@grafana/ui';
import React from 'react';

/** What Grafana's own view of past alerts takes. */
interface AlertHistoryProps {
  defaultLabelsFilter?: string;
  defaultTimeRange?: { from: string; to: string };
  hideFilters?: boolean;
  hideAlertRuleColumn?: boolean;
}

const HISTORY = 'grafana/central-alert-history-scene/v1';

/** The model's alerts over the last day, drawn by Grafana itself; a Grafana without that view leaves a word and no hole. */
export function AlertHistory({ model }: { model: string }) {
  const { component: History, isLoading } = usePluginComponent<AlertHistoryProps>(HISTORY);
  if (isLoading) {
    return null;
  }
  return (
    <Stack direction="column" gap={2}>
      <Text element="h2" variant="h3">
        {t('activity.alerts', 'Alerts')}
      </Text>
      {History ? (
        <History defaultLabelsFilter={`model=${model}`} defaultTimeRange={LAST_DAY} />
      ) : (
        <Text color="secondary">
          {t(
            'activity.no-history',
            'This Grafana does not offer its history of alerts to apps; see Alerting → History.'
          )}
        </Text>
      )}
    </Stack>
  );
}

const LAST_DAY = { from: 'now-24h', to: 'now' };
