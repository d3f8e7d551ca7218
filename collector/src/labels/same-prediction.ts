/** Whether a prediction that comes under a known id is the same again (a retry) or another one. */
import type { CheckedPrediction } from './check-prediction.ts';

/** What is compared. Features are not: how they are kept may have been declared otherwise in between. */
export interface KeptPrediction {
  readonly versionId: number;
  readonly prediction: string;
  readonly score: number | null;
  readonly scores: string | null;
  readonly segment: string | null;
  readonly time: number;
}

/** A row that does not say when it was made is not another one because it comes later. */
export function isSamePrediction(kept: KeptPrediction, row: CheckedPrediction): boolean {
  return (
    kept.versionId === row.version.versionId &&
    kept.prediction === row.prediction &&
    kept.score === row.score &&
    kept.scores === row.scores &&
    kept.segment === row.segment &&
    (!row.isTimed || kept.time === row.time)
  );
}

/** A checked row as it would be kept. */
export function keptOf({ version, prediction, score, scores, segment, time }: CheckedPrediction): KeptPrediction {
  return { versionId: version.versionId, prediction, score, scores, segment, time };
}
