import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React, { type ReactNode } from 'react';

/** What is known of a thing, as names and values. */
export function Facts({ facts }: { facts: ReadonlyArray<readonly [name: string, value: ReactNode]> }) {
  const styles = useStyles2(getStyles);
  return (
    <dl className={styles.list}>
      {facts.map(([name, value]) => (
        <React.Fragment key={name}>
          <dt className={styles.name}>{name}</dt>
          <dd className={styles.value}>{value}</dd>
        </React.Fragment>
      ))}
    </dl>
  );
}

function getStyles(theme: GrafanaTheme2) {
  return {
    list: css({
      display: 'grid',
      gridTemplateColumns: 'minmax(100px, max-content) 1fr',
      gap: theme.spacing(0.5, 2),
      margin: 0,
    }),
    name: css({ color: theme.colors.text.secondary, fontWeight: theme.typography.fontWeightRegular }),
    value: css({ overflowWrap: 'anywhere' }),
  };
}
