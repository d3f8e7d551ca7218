import { css } from '@emotion/css';
import { t } from '@grafana/i18n';
import { Badge, LinkButton, Stack, Text, useStyles2 } from '@grafana/ui';
import React from 'react';
import { MODELS_URL } from '../../routing';
import type { Runbook } from './runbooks';

/** One runbook, in the order somebody needs it. */
export function RunbookView({ runbook }: { runbook: Runbook }) {
  const styles = useStyles2(getStyles);
  return (
    <div className={styles.page}>
      <Stack direction="column" gap={3} alignItems="flex-start">
        {runbook.severity === 'critical' ? (
          <Badge color="red" icon="exclamation-circle" text={t('runbook.critical', 'Critical')} />
        ) : (
          <Badge color="orange" icon="exclamation-triangle" text={t('runbook.warning', 'Warning')} />
        )}
        <Part title={t('runbook.meaning', 'What it means')} texts={[runbook.meaning]} />
        <Part title={t('runbook.look', 'What to look at')} texts={runbook.look} ordered />
        <Part title={t('runbook.act', 'What to do')} texts={runbook.act} ordered />
        <Part title={t('runbook.harmless', 'When nothing is wrong')} texts={[runbook.harmless]} />
        <Stack gap={1} wrap="wrap">
          <LinkButton href={MODELS_URL} icon="chart-line">
            {t('runbook.models', 'Open the models')}
          </LinkButton>
          <LinkButton variant="secondary" href={`/alerting/grafana/${runbook.rule}/view`} icon="bell">
            {t('runbook.rule', 'Open the alert rule')}
          </LinkButton>
        </Stack>
      </Stack>
    </div>
  );
}

interface PartProps {
  title: string;
  texts: readonly string[];
  ordered?: boolean;
}

function Part({ title, texts, ordered = false }: PartProps) {
  const styles = useStyles2(getStyles);
  return (
    <section>
      <Text element="h2" variant="h4">
        {title}
      </Text>
      {ordered ? (
        <ol className={styles.list}>
          {texts.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ol>
      ) : (
        texts.map((text) => (
          <Text key={text} element="p">
            {text}
          </Text>
        ))
      )}
    </section>
  );
}

function getStyles() {
  return {
    // Lines of a length that can be read.
    page: css({ maxWidth: '70ch' }),
    list: css({ paddingLeft: '2.5ch', '& > li': { marginBottom: '0.5em' } }),
  };
}
