import { matchers, type ModelVersion, ofVersion, WINDOW } from './promql';

/** Labels that arrived in the window, by what became of them: joined, late, duplicate, corrected, unknown, expired. */
export function labelsByStatus(target: ModelVersion): string {
  return `sum by (status) (increase(ml_labels_total${matchers(ofVersion(target))}[${WINDOW}]))`;
}
