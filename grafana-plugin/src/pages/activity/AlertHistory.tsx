import { t, Trans } from '@grafana/i18n';
import { config, usePluginComponent } from '@grafana/runtime';
import { Stack, Text, TextLink } from '@grafana/ui';
import React from 'react';

/** What Grafana's own view of past alerts takes. */
interface AlertHistoryProps {
  defaultLabelsFilter?: string;
  defaultTimeRange?: { from: string; to: string };
  hideFilters?: boolean;
  hideAlertRuleColumn?: boolean;
}

const HISTORY = 'grafana/central-alert-history-scene/v1';

/** The model's alerts over the last day, drawn by Grafana itself where it can; elsewhere a word and no hole. */
export function AlertHistory({ model }: { model: string }) {
  return (
    <Stack direction="column" gap={2}>
      <Text element="h2" variant="h3">
        {t('activity.alerts', 'Alerts')}
      </Text>
      {keepsHistory() ? <GrafanaHistory model={model} /> : <NoHistory />}
    </Stack>
  );
}

/** Only over Loki can Grafana look for alerts by their labels; over anything else its view fails with an error for everybody to see. */
function keepsHistory(): boolean {
  const { backend, primary } = config.unifiedAlerting?.stateHistory ?? {};
  return backend === 'loki' || primary === 'loki';
}

function GrafanaHistory({ model }: { model: string }) {
  const { component: History, isLoading } = usePluginComponent<AlertHistoryProps>(HISTORY);
  if (isLoading) {
    return null;
  }
  return History ? <History defaultLabelsFilter={`model=${model}`} defaultTimeRange={LAST_DAY} /> : <NoHistory />;
}

const LAST_DAY = { from: 'now-24h', to: 'now' };

function NoHistory() {
  return (
    <Text color="secondary">
      <Trans i18nKey="activity.no-history">
        This Grafana keeps no history of alerts that can be searched by model (it takes Loki as the backend of alert
        state history). What fires now stands under <TextLink href="/alerting/list">alert rules</TextLink>.
      </Trans>
    </Text>
  );
}
