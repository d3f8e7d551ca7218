/** How two versions differ, and digests that stand for a list of files. */
import fc from 'fast-check';
import { artifactDigest, type ArtifactFile } from '../../../collector/src/client/artifact-manifest.ts';
import { profileReference, type FeatureRow } from '../../../collector/src/distribution/profile.ts';
import { kolmogorovSmirnov, kolmogorovSmirnovDistance } from '../../../collector/src/drift/kolmogorov-smirnov.ts';
import { countValues } from '../../../collector/src/drift/samples.ts';
import { compareVersions } from '../../../collector/src/registry/compare-versions.ts';
import type { Version } from '../../../collector/src/registry/model-version.ts';

const version = (rows?: readonly FeatureRow[], categorical: string[] = []): Version => {
  const reference = rows ? profileReference([...rows], { categorical, bins: 5 }) : null;
  return {
    ...{ model: 'churn', version: '1', registered: true, description: '', createdAt: '', digest: 'd', origin: null },
    ...{ stage: 'development', aliases: [], tags: {}, files: [], metrics: {}, validation: null },
    ...{ reference, referenceDigest: reference?.digest ?? null },
  };
};

test('the references of two versions by Kolmogorov–Smirnov and Jensen–Shannon, as SciPy has them', () => {
  const a = Array.from({ length: 10 }, (_, index) => ({ age: index + 1, plan: index < 5 ? 'gold' : 'basic', only: 1 }));
  const b = Array.from({ length: 10 }, (_, index) => ({ age: index + 6, plan: 'gold', extra: 1 }));
  const { profile } = compareVersions(version(a, ['plan']), version(b, ['plan']));
  expect(profile).toEqual([
    // scipy.stats.ks_2samp(range(1, 11), range(6, 16)).statistic; jensenshannon([.2] * 5, [0, 0, .1, .2, .7]) ** 2
    { feature: 'age', type: 'numeric', ks: 0.5, js: expect.closeTo(0.2206728, 6) },
    // jensenshannon([.5, .5], [1, 0]) ** 2
    { feature: 'plan', type: 'categorical', ks: null, js: expect.closeTo(0.2157615, 6) },
  ]);
});

test('equal references do not differ; a feature that changed its type is left out', () => {
  const rows = Array.from({ length: 30 }, (_, index) => ({ age: index, plan: String(index % 3) }));
  const same = compareVersions(version(rows), version(rows));
  expect(same.profile?.map(({ ks, js }) => [ks, js])).toEqual([
    [0, 0],
    [null, 0],
  ]);
  const other = rows.map(({ age, plan }) => ({ age: String(age), plan }));
  expect(compareVersions(version(rows), version(other)).profile?.map(({ feature }) => feature)).toEqual(['plan']);
  expect(compareVersions(version(rows), version()).profile).toBeNull();
});

test('the distance alone is the statistic of the test', () => {
  const samples = fc
    .array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 60 })
    .map((values) => countValues(Float64Array.from(values).sort()));
  fc.assert(
    fc.property(samples, samples, (a, b) => {
      expect(kolmogorovSmirnovDistance(a, b)).toBe(kolmogorovSmirnov(a, b).statistic);
    }),
  );
});

describe('the digest of an artifact', () => {
  const files: ArtifactFile[] = [
    { path: 'model.bin', size: 7, sha256: 'b'.repeat(64) },
    { path: 'a/words.txt', size: 0, sha256: 'a'.repeat(64) },
  ];

  test('is SHA-256 of the canonical JSON of the sorted list', () => {
    // Python: hashlib.sha256(json.dumps([{"path": …, "sha256": …, "size": …}, …], separators=(",", ":")).encode())
    expect(artifactDigest(files)).toBe('78bd2867bc5119d87a64e62f315bb5d1a04da72c0540e2bfbee73af31fa20065');
  });

  test('knows no order, and every field of every file', () => {
    const file = fc.record({ path: fc.string({ minLength: 1 }), size: fc.nat(), sha256: fc.string() });
    const lists = fc.uniqueArray(file, { selector: ({ path }) => path, minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(lists, fc.nat(), (list, at) => {
        const index = at % list.length;
        const digest = artifactDigest(list);
        expect(artifactDigest(list.toReversed())).toBe(digest);
        const one = list[index] as ArtifactFile;
        for (const changed of [
          { ...one, path: `${one.path}x` },
          { ...one, size: one.size + 1 },
          { ...one, sha256: `${one.sha256}0` },
        ])
          expect(artifactDigest(list.with(index, changed))).not.toBe(digest);
        expect(artifactDigest(list.toSpliced(index, 1))).not.toBe(digest);
      }),
    );
  });
});
