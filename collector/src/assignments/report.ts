/** An experiment with all that was found out by it. */
import type { ComparisonReading } from '../experiments/comparison.ts';
import type { GuardrailReading } from '../experiments/guardrail.ts';
import type { Epoch, Experiment } from './experiment.ts';

/** What was found out, as of a moment. */
export interface Findings {
  readonly comparison: ComparisonReading;
  /** Of each guardrail and each arm it binds. */
  readonly guardrailReadings: readonly GuardrailReading[];
}

/** What `GET …/experiments/{experiment}` answers. */
export interface ExperimentReport extends Experiment {
  /** All of them, oldest first. */
  readonly epochs: readonly Epoch[];
  /** When what follows was found out, RFC 3339; null before the first look, and where there is one arm alone. */
  readonly comparedAt: string | null;
  readonly comparison: ComparisonReading | null;
  readonly guardrailReadings: readonly GuardrailReading[];
}
