import { type ModelVersion, ofVersion, recorded } from './promql';

/**
 * The statistic that decides, per feature: Kolmogorov–Smirnov where the feature is numeric, else Jensen–Shannon.
 * The label `statistic` says which one it is.
 */
export function driftStatistic(target: ModelVersion): string {
  const labels = ofVersion(target);
  return `${named(recorded('feature_ks', labels), 'ks')} or ignoring (statistic) ${named(recorded('feature_js', labels), 'js')}`;
}

function named(series: string, statistic: string): string {
  return `label_replace(${series}, "statistic", "${statistic}", "", "")`;
}
