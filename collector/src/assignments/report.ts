/** An experiment with all that was found out by it. */
import type { Epoch, Experiment } from './experiment.ts';

/** What `GET …/experiments/{experiment}` answers. */
export interface ExperimentReport extends Experiment {
  /** All of them, oldest first. */
  readonly epochs: readonly Epoch[];
}
