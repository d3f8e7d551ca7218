import { Badge, Stack } from '@grafana/ui';
import { t } from '@grafana/i18n';
import React from 'react';
import { isBreached, type Limit } from '../../limits';
import { formatShare, NO_VALUE } from './format';

interface LimitedValueProps {
  value: number | undefined;
  /** The labelled samples behind the value, if Prometheus says. */
  labeled: number | undefined;
  limit: Limit;
}

/** A share, and beside it in words whether it is past its limit: colour alone would not tell everybody. */
export function LimitedValue({ value, labeled, limit }: LimitedValueProps) {
  if (value === undefined) {
    return <span>{reasonForNone(labeled)}</span>;
  }
  return (
    <Stack direction="row" alignItems="center" gap={1}>
      <span>{formatShare(value)}</span>
      {isBreached(limit, value) && <BreachBadge limit={limit} />}
    </Stack>
  );
}

function reasonForNone(labeled: number | undefined): string {
  if (labeled === undefined) {
    return NO_VALUE;
  }
  return labeled === 0
    ? t('limited-value.no-labels', 'no labels yet')
    : t('limited-value.too-few', 'too few sound labels');
}

function BreachBadge({ limit }: { limit: Limit }) {
  const values = { limit: formatShare(limit.value) };
  return limit.severity === 'critical' ? (
    <Badge
      color="red"
      icon="exclamation-circle"
      text={t('limited-value.critical', 'Critical: below {{limit}}', values)}
    />
  ) : (
    <Badge
      color="orange"
      icon="exclamation-triangle"
      text={t('limited-value.warning', 'Warning: below {{limit}}', values)}
    />
  );
}
