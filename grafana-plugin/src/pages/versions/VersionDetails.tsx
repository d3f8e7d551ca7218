import { t } from '@grafana/i18n';
import { ClipboardButton, Stack, Text } from '@grafana/ui';
import React from 'react';
import type { Version } from '../../control-plane/types';
import { Facts } from '../shared/Facts';
import { formatBytes, formatMetric, formatMoment, NO_VALUE, shortDigest } from '../shared/format';
import { StageBadge } from '../shared/StageBadge';
import { LiveCell } from './LiveCell';
import type { LiveSpan } from './version-moves';

/** All that the registry keeps of a version. */
export function VersionDetails({ version, spans }: { version: Version; spans: readonly LiveSpan[] | undefined }) {
  const { stage, description, createdAt, origin, aliases, tags, metrics, files, digest, referenceDigest } = version;
  return (
    <Stack direction="column" gap={3}>
      <Facts
        facts={[
          [t('version.stage', 'Stage'), <StageBadge key="stage" stage={stage} />],
          [t('version.live', 'In production'), <LiveCell key="live" spans={spans} />],
          [t('version.description', 'Description'), description || NO_VALUE],
          [t('version.created', 'Saved'), formatMoment(createdAt)],
          [t('version.origin', 'Origin'), origin ?? NO_VALUE],
          [t('version.aliases', 'Aliases'), aliases.join(', ') || NO_VALUE],
          [t('version.tags', 'Tags'), pairs(tags)],
          [t('version.digest', 'Digest'), <Digest key="digest" digest={digest} />],
          [t('version.reference', 'Reference profile'), shortDigest(referenceDigest)],
        ]}
      />
      <Section title={t('version.metrics', 'Metrics it was saved with')}>
        <Facts facts={Object.entries(metrics).map(([name, value]) => [name, formatMetric(value)])} />
      </Section>
      <Section title={t('version.files', 'Files')}>
        <Facts facts={files.map(({ path, size, sha256 }) => [path, `${formatBytes(size)}, ${shortDigest(sha256)}`])} />
      </Section>
    </Stack>
  );
}

function Section({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <div>
      <Text element="h3" variant="h5">
        {title}
      </Text>
      {children}
    </div>
  );
}

/** The whole digest, since somebody may have to compare it with what a deployment says. */
function Digest({ digest }: { digest: string | null }) {
  if (digest === null) {
    return <span>{NO_VALUE}</span>;
  }
  return (
    <Stack gap={1} alignItems="center">
      <code>{digest}</code>
      <ClipboardButton
        size="sm"
        fill="text"
        icon="copy"
        aria-label={t('version.copy-digest', 'Copy the digest')}
        getText={() => digest}
      />
    </Stack>
  );
}

function pairs(tags: Record<string, string>): string {
  const texts = Object.entries(tags).map(([name, value]) => `${name}: ${value}`);
  return texts.join(', ') || NO_VALUE;
}
