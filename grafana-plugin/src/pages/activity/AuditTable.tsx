import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Badge, type CellProps, type Column, InteractiveTable, Stack, useStyles2 } from '@grafana/ui';
import React, { useMemo } from 'react';
import type { AuditRecord } from '../../control-plane/types';
import { Facts } from '../shared/Facts';
import { formatMoment, NO_VALUE } from '../shared/format';
import { actionName } from './audit-action';

type Cell = CellProps<AuditRecord>;

/** The log, newest first; a row opens to the evidence and to what was there before and after. */
export function AuditTable({ records }: { records: readonly AuditRecord[] }) {
  const columns = useMemo(() => auditColumns(), []);
  const rows = useMemo(() => [...records], [records]);
  return (
    <InteractiveTable
      columns={columns}
      data={rows}
      getRowId={rowId}
      pageSize={25}
      autoResetPage={false}
      renderExpandedRow={(record) => <AuditDetails record={record} />}
    />
  );
}

function rowId({ seq }: AuditRecord): string {
  return String(seq);
}

function auditColumns(): Array<Column<AuditRecord>> {
  return [
    {
      id: 'time',
      header: t('audit.time', 'When'),
      cell: ({ row }: Cell) => <span>{formatMoment(row.original.time)}</span>,
    },
    {
      id: 'action',
      header: t('audit.what', 'What'),
      cell: ({ row }: Cell) => <span>{actionName(row.original.action)}</span>,
    },
    {
      id: 'subject',
      header: t('audit.subject', 'Of'),
      cell: ({ row }: Cell) => <span>{row.original.subject ?? NO_VALUE}</span>,
    },
    { id: 'actor', header: t('audit.who', 'Who'), cell: ({ row }: Cell) => <Who record={row.original} /> },
    {
      id: 'reason',
      header: t('audit.why', 'Why'),
      cell: ({ row }: Cell) => <span>{row.original.reason ?? NO_VALUE}</span>,
    },
  ];
}

/** A name nobody has vouched for must not look like one. */
function Who({ record: { actor } }: { record: AuditRecord }) {
  return (
    <Stack gap={1} alignItems="center" wrap="wrap">
      <span>{actor.name}</span>
      {actor.verified ? (
        <Badge color="green" icon="check" text={t('audit.verified', 'verified')} />
      ) : (
        <Badge color="orange" text={t('audit.unverified', 'not verified')} />
      )}
    </Stack>
  );
}

function AuditDetails({ record }: { record: AuditRecord }) {
  const parts = [
    [t('audit.evidence', 'Evidence'), record.evidence],
    [t('audit.before', 'Before'), record.before],
    [t('audit.after', 'After'), record.after],
  ] as const;
  const shown = parts.filter(([, value]) => value !== null && value !== undefined);
  return (
    <Facts
      facts={[
        ...shown.map(([name, value]) => [name, <Code key={name} value={value} />] as const),
        [t('audit.entry', 'Entry'), `${record.seq}, ${record.hash}`],
        [t('audit.request', 'Request'), record.requestId ?? NO_VALUE],
      ]}
    />
  );
}

function Code({ value }: { value: unknown }) {
  const styles = useStyles2(getStyles);
  return <pre className={styles.code}>{JSON.stringify(value, undefined, 2)}</pre>;
}

function getStyles(theme: GrafanaTheme2) {
  return {
    code: css({
      margin: 0,
      maxHeight: '300px',
      overflow: 'auto',
      whiteSpace: 'pre-wrap',
      fontSize: theme.typography.bodySmall.fontSize,
    }),
  };
}
