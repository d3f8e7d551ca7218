import { t } from '@grafana/i18n';
import { Alert, Stack } from '@grafana/ui';
import React, { useState } from 'react';
import { type ConnectionResult, testConnection } from '../../control-plane/connection';
import { PRIVILEGES } from '../../permissions';
import { ActionButton } from '../shared/ActionButton';
import { problemText } from '../shared/problem-text';
import { tokenSettings } from './token-settings';

/** Asks the collector once with each token, since each may fail for a reason of its own. */
export function ConnectionTest({ whyNot }: { whyNot: string | undefined }) {
  const [results, setResults] = useState<ConnectionResult[]>();
  const [pending, setPending] = useState(false);
  const run = async () => {
    setPending(true);
    setResults(await Promise.all(PRIVILEGES.map(testConnection)));
    setPending(false);
  };
  return (
    <Stack direction="column" gap={2} alignItems="flex-start">
      <ActionButton
        variant="secondary"
        icon={pending ? 'spinner' : 'sync'}
        whyNot={pending ? t('config.test.pending', 'The collector is being asked.') : whyNot}
        onClick={() => void run()}
      >
        {t('config.test.run', 'Test connection')}
      </ActionButton>
      <div role="status" style={{ width: '100%' }}>
        {results?.map((result) => (
          <Result key={result.privilege} result={result} />
        ))}
      </div>
    </Stack>
  );
}

function Result({ result }: { result: ConnectionResult }) {
  const { label } = tokenSettings(result.privilege);
  if ('info' in result) {
    const { version, actor, scopes, ready } = result.info;
    const title = t('config.test.good', '{{label}}: works', { label });
    const who = actor.verified
      ? t('config.test.verified', 'you are {{name}}, and Grafana’s word for it holds', { name: actor.name })
      : t(
          'config.test.unverified',
          'you are not verified (the collector has no GRAFANA_URL); the audit log will say {{name}}',
          {
            name: actor.name,
          }
        );
    return (
      <Alert severity={actor.verified && ready ? 'success' : 'warning'} title={title}>
        {t('config.test.details', 'Collector {{version}}, scopes {{scopes}}; {{who}}.', {
          version,
          scopes: scopes.join(', '),
          who,
          interpolation: { escapeValue: false },
        })}
        {!ready && ` ${t('config.test.not-ready', 'It is not ready: its store cannot be written.')}`}
      </Alert>
    );
  }
  const { title, said, help } = problemText(result.problem);
  return (
    <Alert
      severity="error"
      title={t('config.test.bad', '{{label}}: {{title}}', { label, title, interpolation: { escapeValue: false } })}
    >
      {said !== '' && <div>{said}</div>}
      <div>{help}</div>
    </Alert>
  );
}
