/** Detectors that can watch the errors of a model. */
import type { DetectorReading } from '../drift/detectors/detector.ts';

/** Their names as options and reports write them. */
export const DETECTORS = ['adwin', 'page_hinkley', 'ddm'] as const;
/** One of them. */
export type DetectorName = (typeof DETECTORS)[number];

/** What a detector says about the errors in the order their labels came. */
export interface DetectorReport extends DetectorReading {
  readonly detector: DetectorName;
}
