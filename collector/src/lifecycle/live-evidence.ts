/** Evidence from the traffic this service joined with its labels. */
import type { IngestAnswers } from '../labels/ingest.ts';
import type { EvidenceQuery, EvidenceSource, EvidenceValue } from './evidence.ts';
import type { WindowCount } from './stability.ts';

/** Port: the labelled predictions of a version in consecutive windows of at least 200, in the order they arrived. */
export interface OutcomeWindows {
  windows(query: EvidenceQuery): Promise<readonly WindowCount[]>;
  /** Whether the version has labelled predictions, and all of them are shadows. Ends at the first one that is none. */
  shadowsAlone(query: EvidenceQuery): Promise<boolean>;
}

/** @param answers what `…/performance` answers from, so that a gate and a page never say two things */
export function createLiveEvidence(
  answers: Pick<IngestAnswers, 'performance'>,
  outcomes: OutcomeWindows,
): EvidenceSource {
  return {
    live: async (query) => {
      const { labeled, task, metrics } = await answers.performance(query);
      const values = Object.entries(metrics).filter(([, measured]) => measured.n > 0);
      return {
        labeled,
        metrics: Object.fromEntries(
          values.map(([name, { value, n }]): [string, EvidenceValue] => [name, { value, n }]),
        ),
        // A number is never just right, so that a regression has no accuracy to be steady.
        windows: labeled > 0 && task !== 'regression' ? await outcomes.windows(query) : [],
        isShadow: labeled > 0 && (await outcomes.shadowsAlone(query)),
      };
    },
  };
}
