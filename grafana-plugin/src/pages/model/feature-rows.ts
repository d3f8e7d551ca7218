import type { DataFrame } from '@grafana/data';
import { driftNull } from '../../queries/drift-null';
import { driftStatistic } from '../../queries/drift-statistic';
import { featureDrifted } from '../../queries/feature-drifted';
import { featureRows as featureRowCount } from '../../queries/feature-rows';
import { instantSamples } from '../../queries/instant-samples';
import { instantQuery, type PromQuery } from '../../queries/prom-query';
import type { ModelVersion } from '../../queries/promql';
import { referenceFeatures } from '../../queries/reference-features';

/** How one feature stands against its reference at the end of the time range. */
export interface FeatureRow {
  feature: string;
  reference: string;
  /** `ks` for numbers, `js` for categories. */
  statistic?: string;
  value?: number;
  chance?: number;
  drifted?: boolean;
  rows?: number;
}

/** The queries behind the table; their refIds are the names used below. */
export function featureQueries(target: ModelVersion): PromQuery[] {
  return [
    instantQuery('reference', referenceFeatures(target)),
    instantQuery('value', driftStatistic(target)),
    instantQuery('chance', driftNull(target)),
    instantQuery('drifted', featureDrifted(target)),
    instantQuery('rows', featureRowCount(target)),
  ];
}

/** Joins the answers by feature and reference; the worst features come first. */
export function featureRows(frames: readonly DataFrame[]): FeatureRow[] {
  const rows = new Map<string, FeatureRow>();
  const each = (refId: string, fill: (row: FeatureRow, value: number, labels: Record<string, string>) => void) => {
    for (const { labels, value } of instantSamples(frames, refId)) {
      const { feature = '', reference = '' } = labels;
      const key = JSON.stringify([feature, reference]);
      const row = rows.get(key) ?? { feature, reference };
      rows.set(key, row);
      fill(row, value, labels);
    }
  };
  each('reference', () => undefined);
  each('value', (row, value, labels) => Object.assign(row, { value, statistic: labels.statistic }));
  each('chance', (row, chance) => Object.assign(row, { chance }));
  each('drifted', (row, value) => Object.assign(row, { drifted: value === 1 }));
  each('rows', (row, count) => Object.assign(row, { rows: count }));
  return [...rows.values()].sort(worstFirst);
}

function worstFirst(a: FeatureRow, b: FeatureRow): number {
  return (
    Number(b.drifted ?? false) - Number(a.drifted ?? false) ||
    (b.value ?? -1) - (a.value ?? -1) ||
    a.feature.localeCompare(b.feature)
  );
}
