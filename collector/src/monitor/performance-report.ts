/** Puts the answer to `performance()` together. */
import type { Classification, ClassificationTrack } from './classification.ts';
import type { Cohort } from './cohorts.ts';
import type { MonitorConfig } from './options.ts';
import type { PerformanceBook, SegmentTrack } from './performance-book.ts';
import type { LabelMaturity, PerformanceReport, SegmentPerformance, WindowPerformance } from './reports.ts';

/** The report of a book. Cost: that of merging its windows, and of the metrics of each window and segment. */
export function performanceReport(
  { model, version }: MonitorConfig,
  book: PerformanceBook<ClassificationTrack>,
  task: Classification,
  pending: number,
): PerformanceReport {
  const all = book.lifetime();
  return {
    model,
    version,
    from: all.span.from,
    to: all.span.to,
    ...maturityOf(all),
    pending,
    ...task.answer(all.track),
    confusion: task.outcomes.confusion() ?? null,
    windows: book.recent().map((cohort) => windowOf(cohort, task)),
    segments: book.segments.map((segment) => segmentOf(segment, task)),
    detectors: book.detectors(),
  };
}

function windowOf(cohort: Cohort<ClassificationTrack>, task: Classification): WindowPerformance {
  const { index, start, predictions, span, open, track } = cohort;
  const maturity = maturityOf(cohort);
  return {
    ...{ index, start, end: start + predictions, from: span.from, to: span.to, open },
    ...maturity,
    final: maturity.final && !open,
    ...task.answer(track),
  };
}

function segmentOf(part: SegmentTrack<ClassificationTrack>, task: Classification): SegmentPerformance {
  return { segment: part.segment, ...maturityOf(part), ...task.answer(part.track) };
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
    final: settled === predictions,
  };
}
