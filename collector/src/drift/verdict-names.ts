/** What is said of a feature, a window or several windows. */
export type Verdict = 'stable' | 'drifted' | 'insufficient_data';
