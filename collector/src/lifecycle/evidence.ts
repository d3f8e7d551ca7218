/** What a gate is judged on: live traffic, shadow traffic, or the validation metrics a version was saved with. */
import type { Version } from '../registry/model-version.ts';
import { stability, type WindowCount } from './stability.ts';

/** A measured value and the labelled predictions behind it. */
export interface EvidenceValue {
  readonly value: number | null;
  readonly n: number;
}

/** What live traffic says of one version over a stretch of time. */
export interface LiveEvidence {
  /** Labelled predictions; 0 where there was no traffic, or none of it is labelled yet. */
  readonly labeled: number;
  /** By the names of `…/performance`. */
  readonly metrics: Readonly<Record<string, EvidenceValue>>;
  /** Consecutive disjoint windows, each of at least 200 labels, oldest first; none for a regression. */
  readonly windows: readonly WindowCount[];
  /** Whether all of it came from shadows: predictions that were recorded beside those of another version, and answered nobody. */
  readonly isShadow?: boolean;
}

/** Predictions of one version made from `from` on and before `to`, epoch ms. */
export interface EvidenceQuery {
  readonly model: string;
  readonly version: string;
  readonly from: number;
  readonly to: number;
}

/** Port: measures live traffic. @throws PlumblineError `unavailable` when what it asks is away */
export interface EvidenceSource {
  live(query: EvidenceQuery): Promise<LiveEvidence>;
}

/** Evidence as gates are judged on it. */
export interface Evidence {
  readonly source: 'live' | 'shadow' | 'validation' | 'prometheus' | null;
  readonly values: Readonly<Record<string, EvidenceValue>>;
  /** Windows behind `stability`; null for validation metrics. */
  readonly windows: number | null;
}

/**
 * Live traffic where any of it is labelled: then nothing measured elsewhere may stand in for it. Else the metrics the version was saved
 * with, on as many rows as its metric `n` says.
 */
export function evidenceOf(
  live: LiveEvidence,
  liveSource: 'live' | 'prometheus',
  metrics: Version['metrics'],
): Evidence {
  if (live.labeled > 0) {
    const accuracies = live.windows.map(({ correct, total }) => correct / total);
    const steady = { value: stability(accuracies), n: live.windows.reduce((sum, { total }) => sum + total, 0) };
    const values = { ...live.metrics, stability: steady };
    return { source: live.isShadow ? 'shadow' : liveSource, values, windows: live.windows.length };
  }
  const { n = 0, ...measured } = metrics;
  const values = Object.entries(measured).map(([name, value]): [string, EvidenceValue] => [name, { value, n }]);
  return { source: values.length > 0 ? 'validation' : null, values: Object.fromEntries(values), windows: null };
}

/** Who measures. */
export interface EvidenceSources {
  /** Traffic that this service joined with its labels. */
  readonly store: EvidenceSource;
  /** Traffic that embedded monitors counted, where a Prometheus is configured. */
  readonly prometheus?: EvidenceSource;
}
