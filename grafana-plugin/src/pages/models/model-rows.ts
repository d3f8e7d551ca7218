import type { DataFrame } from '@grafana/data';
import { instantSamples } from '../../queries/instant-samples';
import { instantQuery, type PromQuery } from '../../queries/prom-query';
import { accuracy } from '../../queries/accuracy';
import { driftedFeatureCount } from '../../queries/drifted-feature-count';
import { f1Weighted } from '../../queries/f1-weighted';
import { judgedFeatureCount } from '../../queries/judged-feature-count';
import { knownModels } from '../../queries/known-models';
import { labeledSamples } from '../../queries/labeled-samples';
import { predictions } from '../../queries/predictions';
import { referenceFeatureCount } from '../../queries/reference-features';

/** One version of one model, with what is known of it in the window. Undefined means Prometheus has no value. */
export interface ModelRow {
  model: string;
  version: string;
  accuracy?: number;
  f1Weighted?: number;
  labeled?: number;
  predictions?: number;
  driftedFeatures?: number;
  judgedFeatures?: number;
  referenceFeatures?: number;
}

type Measure = Exclude<keyof ModelRow, 'model' | 'version'>;

const KNOWN = 'known';

/** The queries behind the table; the refId of each is the row's property it fills. */
export function modelQueries(): PromQuery[] {
  const measures: Record<Measure, string> = {
    accuracy: accuracy(),
    f1Weighted: f1Weighted(),
    labeled: labeledSamples(),
    predictions: predictions(),
    driftedFeatures: driftedFeatureCount(),
    judgedFeatures: judgedFeatureCount(),
    referenceFeatures: referenceFeatureCount(),
  };
  return [
    instantQuery(KNOWN, knownModels()),
    ...Object.entries(measures).map(([refId, expr]) => instantQuery(refId, expr)),
  ];
}

const MEASURES: Measure[] = [
  'accuracy',
  'f1Weighted',
  'labeled',
  'predictions',
  'driftedFeatures',
  'judgedFeatures',
  'referenceFeatures',
];

/** Joins the answers by model and version. A version is listed as soon as any query knows it. */
export function modelRows(frames: readonly DataFrame[]): ModelRow[] {
  const rows = new Map<string, ModelRow>();
  const rowOf = (labels: Record<string, string>): ModelRow => {
    const { model = '', version = '' } = labels;
    const key = JSON.stringify([model, version]);
    const row = rows.get(key) ?? { model, version };
    rows.set(key, row);
    return row;
  };
  for (const { labels } of instantSamples(frames, KNOWN)) {
    rowOf(labels);
  }
  for (const measure of MEASURES) {
    for (const { labels, value } of instantSamples(frames, measure)) {
      rowOf(labels)[measure] = value;
    }
  }
  return [...rows.values()].sort(byModelThenNewestVersion);
}

/** Whether the recording rules have said nothing of a version that Prometheus scrapes: even no traffic would be a 0. */
export function isUnrecorded({ predictions, labeled }: ModelRow): boolean {
  return predictions === undefined && labeled === undefined;
}

function byModelThenNewestVersion(a: ModelRow, b: ModelRow): number {
  return a.model.localeCompare(b.model) || b.version.localeCompare(a.version, undefined, { numeric: true });
}
