import { t } from '@grafana/i18n';
import { Badge, type CellProps, type Column, InteractiveTable, Text } from '@grafana/ui';
import React, { useMemo } from 'react';
import type { Gate } from '../../control-plane/types';
import { formatCount, formatMetric } from '../shared/format';

type Cell = CellProps<Gate>;

/** What each gate asks for, what was measured, on how much, and where that comes from. */
export function GateTable({ gates }: { gates: readonly Gate[] }) {
  const columns = useMemo(() => gateColumns(), []);
  const rows = useMemo(() => [...gates], [gates]);
  if (rows.length === 0) {
    return <Text color="secondary">{t('gates.none', 'The policy asks for nothing on this way.')}</Text>;
  }
  return (
    <InteractiveTable columns={columns} data={rows} getRowId={({ metric, direction }) => `${metric} ${direction}`} />
  );
}

function gateColumns(): Array<Column<Gate>> {
  return [
    { id: 'metric', header: t('gates.metric', 'Gate') },
    { id: 'met', header: t('gates.met', 'Met'), cell: ({ row }: Cell) => <Verdict gate={row.original} /> },
    {
      id: 'value',
      header: t('gates.value', 'Measured'),
      cell: ({ row }: Cell) => <span>{formatMetric(row.original.value)}</span>,
    },
    { id: 'need', header: t('gates.need', 'Needed'), cell: ({ row }: Cell) => <span>{needText(row.original)}</span> },
    { id: 'n', header: t('gates.n', 'n'), cell: ({ row }: Cell) => <span>{formatCount(row.original.n)}</span> },
    {
      id: 'source',
      header: t('gates.source', 'Evidence'),
      cell: ({ row }: Cell) => <span>{sourceText(row.original.source)}</span>,
    },
    { id: 'why', header: t('gates.why', 'Why not'), cell: ({ row }: Cell) => <span>{row.original.why ?? ''}</span> },
  ];
}

function Verdict({ gate }: { gate: Gate }) {
  return gate.met ? (
    <Badge color="green" icon="check" text={t('gates.yes', 'met')} />
  ) : (
    <Badge color="red" icon="times" text={t('gates.no', 'not met')} />
  );
}

function needText({ direction, need }: Gate): string {
  const value = formatMetric(need);
  return direction === 'at_least'
    ? t('gates.at-least', 'at least {{value}}', { value })
    : t('gates.at-most', 'at most {{value}}', { value });
}

function sourceText(source: Gate['source']): string {
  if (source === 'live') {
    return t('gates.live', 'live traffic');
  }
  if (source === 'validation') {
    return t('gates.validation', 'metrics it was saved with');
  }
  return source === 'prometheus' ? t('gates.prometheus', 'Prometheus') : t('gates.no-source', 'none');
}
