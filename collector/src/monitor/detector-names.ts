/** Detectors that can watch the errors of a model. */

/** Their names as options and reports write them. */
export const DETECTORS = ['adwin', 'page_hinkley', 'ddm'] as const;
/** One of them. */
export type DetectorName = (typeof DETECTORS)[number];
