/** What a row of the table of metrics is, and how rows of each kind are written. */

/** Kinds of metrics. */
export type MetricKind = 'counter' | 'gauge' | 'histogram';

/** What is fixed about a metric. */
export interface MetricSpec {
  readonly name: string;
  readonly kind: MetricKind;
  readonly labels: readonly string[];
  readonly description: string;
  /** UCUM unit of the values; only where the name already ends in it, so that no exporter adds another. */
  readonly unit?: 's' | '1';
  /** Upper bounds of a histogram's buckets. */
  readonly boundaries?: readonly number[];
}

/** A row of one kind. */
export type SpecOf<Kind extends MetricKind> = MetricSpec & { readonly kind: Kind };

/** A counter. */
export function counter(name: string, labels: readonly string[], description: string): SpecOf<'counter'> {
  return { name, kind: 'counter', labels, description };
}

/** A gauge. */
export function gauge(name: string, labels: readonly string[], description: string, unit?: '1'): SpecOf<'gauge'> {
  return { name, kind: 'gauge', labels, description, ...(unit && { unit }) };
}

/** A counter that comes from labels, with the one that takes back what was counted when a label is corrected. */
export function twin<Key extends string>(key: Key, name: string, labels: readonly string[], description: string) {
  return {
    [key]: counter(name, labels, description),
    [`${key}Revoked`]: counter(`${name}.revoked`, labels, `Taken back, since a label was corrected: ${description}`),
  } as Readonly<Record<Key | `${Key}Revoked`, SpecOf<'counter'>>>;
}
