/** Puts the answer to `performance()` together. */
import type { Answers } from './answers.ts';
import type { Cohort } from './cohorts.ts';
import type { MonitorConfig } from './options.ts';
import type { PerformanceBook, SegmentTrack } from './performance-book.ts';
import type { LabelMaturity, PerformanceReport, SegmentPerformance, WindowPerformance } from './reports.ts';

/** Reads a track; the labels of the lifetime's say how far its scores can be trusted. */
type Answer<Track> = (track: Track, lifetime: Track) => Answers;

/** The report of a book. Cost: that of merging its windows, and of the metrics of each window and segment. */
export function performanceReport<Track>(
  { model, version, task }: MonitorConfig,
  book: PerformanceBook<Track>,
  answer: Answer<Track>,
  pending: number,
): PerformanceReport {
  const all = book.lifetime();
  const answerOf = (track: Track): Answers => answer(track, all.track);
  return {
    model,
    version,
    task,
    from: all.span.from,
    to: all.span.to,
    ...maturityOf(all),
    pending,
    ...answerOf(all.track),
    confusion: null,
    windows: book.recent().map((cohort) => windowOf(cohort, answerOf)),
    segments: book.segments.map((segment) => segmentOf(segment, answerOf)),
    detectors: book.detectors(),
  };
}

function windowOf<Track>(cohort: Cohort<Track>, answerOf: (track: Track) => Answers): WindowPerformance {
  const { index, start, predictions, span, open, track } = cohort;
  const maturity = maturityOf(cohort);
  return {
    ...{ index, start, end: start + predictions, from: span.from, to: span.to, open },
    ...maturity,
    final: maturity.final && !open,
    ...answerOf(track),
  };
}

function segmentOf<Track>(part: SegmentTrack<Track>, answerOf: (track: Track) => Answers): SegmentPerformance {
  return { segment: part.segment, ...maturityOf(part), ...answerOf(part.track) };
}

interface Counts {
  readonly predictions: number;
  readonly labeled: number;
  readonly expired: number;
}

function maturityOf({ predictions, labeled, expired }: Counts): LabelMaturity {
  const settled = labeled + expired;
  return {
    predictions,
    labeled,
    labeled_share: predictions === 0 ? null : labeled / predictions,
    coverage: settled === 0 ? null : labeled / settled,
    final: predictions > 0 && settled === predictions,
  };
}
