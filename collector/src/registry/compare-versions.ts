/** How two versions differ: metrics, files, and the distributions they were trained on. */
import { binCounts } from '../distribution/bins.ts';
import type { CategoricalReference, NumericReference, ReferenceProfile } from '../distribution/reference.ts';
import { jensenShannon } from '../drift/jensen-shannon.ts';
import { kolmogorovSmirnovDistance } from '../drift/kolmogorov-smirnov.ts';
import { sampleOfProfile } from '../drift/samples.ts';
import type { ArtifactFile, Version, VersionComparison } from './model-version.ts';

type Profile = NonNullable<VersionComparison['profile']>[number];

/** Compares two versions with their references. Differences are b − a. */
export function compareVersions(a: Version, b: Version): VersionComparison {
  return { a, b, metrics: metrics(a, b), files: files(a.files, b.files), profile: profile(a.reference, b.reference) };
}

function metrics(a: Version, b: Version): VersionComparison['metrics'] {
  const names = [...new Set([...Object.keys(a.metrics), ...Object.keys(b.metrics)])].sort();
  return names.map((metric) => {
    const [ours, theirs] = [a.metrics[metric] ?? null, b.metrics[metric] ?? null];
    return { metric, a: ours, b: theirs, difference: ours === null || theirs === null ? null : theirs - ours };
  });
}

function files(a: readonly ArtifactFile[], b: readonly ArtifactFile[]): VersionComparison['files'] {
  const ours = new Map(a.map(({ path, sha256 }) => [path, sha256]));
  const theirs = new Map(b.map(({ path, sha256 }) => [path, sha256]));
  const paths = (list: readonly ArtifactFile[], keep: (path: string) => boolean) =>
    list
      .map(({ path }) => path)
      .filter(keep)
      .sort();
  return {
    added: paths(b, (path) => !ours.has(path)),
    removed: paths(a, (path) => !theirs.has(path)),
    changed: paths(b, (path) => ours.has(path) && ours.get(path) !== theirs.get(path)),
  };
}

function profile(a: ReferenceProfile | null, b: ReferenceProfile | null): VersionComparison['profile'] {
  if (!a || !b) return null;
  const theirs = new Map(b.features.map((feature) => [feature.feature, feature]));
  return a.features.flatMap((ours): Profile[] => {
    const other = theirs.get(ours.feature);
    if (ours.type === 'numeric' && other?.type === 'numeric') return [numeric(ours, other)];
    if (ours.type === 'categorical' && other?.type === 'categorical') return [categorical(ours, other)];
    return [];
  });
}

/** JS over the bins of a, filled with the values b's profile holds: exact unless that profile was thinned. */
function numeric(a: NumericReference, b: NumericReference): Profile {
  const sample = sampleOfProfile(b);
  const js = jensenShannon(a.counts, binCounts(a.edges, sample));
  const ks = kolmogorovSmirnovDistance(sampleOfProfile(a), sample);
  return { feature: a.feature, type: 'numeric', ks: known(ks), js: known(js) };
}

/** On aligned categories; what either profile did not keep by name counts together. */
function categorical(a: CategoricalReference, b: CategoricalReference): Profile {
  const names = [...new Set([...a.categories, ...b.categories])];
  const counts = ({ categories, counts: rows, other }: CategoricalReference) => {
    const byName = new Map(categories.map((name, index) => [name, rows[index] as number]));
    return [...names.map((name) => byName.get(name) ?? 0), other];
  };
  return { feature: a.feature, type: 'categorical', ks: null, js: known(jensenShannon(counts(a), counts(b))) };
}

function known(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
