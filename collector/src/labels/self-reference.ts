/** A reference made of the first predictions of a version that came without one. */
import { profileReference, type FeatureRow } from '../distribution/profile.ts';
import type { ReferenceProfile } from '../distribution/reference.ts';
import { Replay } from '../monitor/replay.ts';
import { SCORE_FEATURE, VALUE_FEATURE, type ClassValue, type PredictedValue } from '../prediction.ts';
import type { KnownVersion } from './declared-model.ts';
import { BEGINNING } from './place.ts';
import type { ReadVersions } from './read-versions.ts';
import { replayed, type RowReader } from './stored-rows.ts';

/** Predictions it is made of. */
export const SELF_ROWS = 5_000;

/** A version, and the time (epoch ms) its reference is made. */
export interface SelfReferenceJob {
  readonly known: KnownVersion;
  readonly now: number;
}

/** Undefined while there are too few predictions. */
export async function selfReferenceOf(
  reader: RowReader,
  versions: ReadVersions,
  { known, now }: SelfReferenceJob,
): Promise<ReferenceProfile | undefined> {
  const config = await versions.config(known, {});
  const replay = new Replay(config, false);
  const features: FeatureRow[] = [];
  const predicted: PredictedValue[] = [];
  const scores: number[] = [];
  const query = { versionId: known.versionId, after: BEGINNING, limit: SELF_ROWS, hasFeatures: true };
  for await (const rows of reader.rows(query))
    for (const stored of rows) {
      const row = replayed(stored, config.task);
      scores.push(replay.add(row));
      predicted.push(row.prediction);
      features.push(row.features ?? {});
    }
  if (features.length < SELF_ROWS) return undefined;
  const isNumber = config.task === 'regression';
  return profileReference(features, {
    features: namesWithValues(features),
    ...(scores.some(Number.isFinite) && { scores }),
    ...(isNumber ? { values: predicted as number[] } : { predictions: predicted.flat() as ClassValue[] }),
    createdAt: new Date(now).toISOString(),
  });
}

/** A feature no row has a value for cannot be profiled; it must not cost the others their reference. */
function namesWithValues(rows: readonly FeatureRow[]): string[] {
  const names = new Set<string>();
  for (const row of rows)
    for (const [name, value] of Object.entries(row)) if (value !== null && !isReserved(name)) names.add(name);
  return [...names];
}

function isReserved(name: string): boolean {
  return name === SCORE_FEATURE || name === VALUE_FEATURE;
}
