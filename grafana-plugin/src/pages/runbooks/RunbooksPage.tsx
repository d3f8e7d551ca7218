import type { NavModelItem } from '@grafana/data';
import { t } from '@grafana/i18n';
import { PluginPage } from '@grafana/runtime';
import { EmptyState, Stack, Text, TextLink } from '@grafana/ui';
import React from 'react';
import { RUNBOOKS_URL, runbookUrl } from '../../routing';
import { RunbookView } from './RunbookView';
import { type Runbook, runbookOf, runbooks } from './runbooks';

/** All runbooks, or the one an alert has led to. */
export default function RunbooksPage({ rule }: { rule: string | undefined }) {
  if (rule === undefined) {
    return (
      <PluginPage
        pageNav={listNav()}
        subTitle={t('runbooks.subtitle', 'What to look at and what to do, one per alert rule.')}
      >
        <RunbookList />
      </PluginPage>
    );
  }
  const runbook = runbookOf(rule);
  const pageNav: NavModelItem = { text: runbook?.title ?? rule, url: runbookUrl(rule), parentItem: listNav() };
  return (
    <PluginPage pageNav={pageNav}>{runbook ? <RunbookView runbook={runbook} /> : <Unknown rule={rule} />}</PluginPage>
  );
}

function listNav(): NavModelItem {
  return { text: t('runbooks.title', 'Runbooks'), url: RUNBOOKS_URL };
}

function RunbookList() {
  return (
    <Stack direction="column" gap={2}>
      {runbooks().map((runbook) => (
        <Entry key={runbook.rule} runbook={runbook} />
      ))}
    </Stack>
  );
}

function Entry({ runbook }: { runbook: Runbook }) {
  return (
    <div>
      <TextLink href={runbookUrl(runbook.rule)} inline={false}>
        {runbook.title}
      </TextLink>
      <Text element="p" color="secondary">
        {runbook.meaning}
      </Text>
    </div>
  );
}

function Unknown({ rule }: { rule: string }) {
  const message = t('runbooks.unknown', 'There is no runbook of the rule {{rule}}', {
    rule,
    interpolation: { escapeValue: false },
  });
  return (
    <EmptyState variant="not-found" message={message}>
      <TextLink href={RUNBOOKS_URL}>{t('runbooks.all', 'All runbooks')}</TextLink>
    </EmptyState>
  );
}
