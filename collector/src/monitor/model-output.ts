/** What a row says a model gave, as a reference profile describes it. */
import type { ProfileOptions } from '../distribution/profile.ts';
import type { PredictionRow } from '../prediction.ts';
import { HeldScores } from './held-scores.ts';
import type { MonitorConfig } from './options.ts';
import { checkedClass } from './row-checks.ts';

/** Predicted classes (none of a regression, several labels of one row), the score and the predicted value (NaN: none). */
export interface ModelOutput {
  readonly classes: readonly string[];
  readonly score: number;
  readonly value: number;
}

/** Reads rows as the monitor of the same configuration does. */
export class OutputReader {
  readonly #config: MonitorConfig;
  readonly #scores: HeldScores;

  constructor(config: MonitorConfig) {
    this.#config = config;
    this.#scores = new HeldScores(config);
  }

  /** Undefined where the prediction is none. A score that is none leaves the rest of the row. */
  read({ prediction, score, scores }: Pick<PredictionRow, 'prediction' | 'score' | 'scores'>): ModelOutput | undefined {
    const { task } = this.#config;
    if (task === 'regression') {
      const isNumber = typeof prediction === 'number' && Number.isFinite(prediction);
      return isNumber ? { classes: [], score: Number.NaN, value: prediction } : undefined;
    }
    const given: unknown[] =
      task === 'multilabel' ? (Array.isArray(prediction) ? prediction : [undefined]) : [prediction];
    const classes = given.map(checkedClass).filter((name) => name !== undefined);
    if (classes.length < given.length) return undefined;
    const own = task === 'multilabel' ? Number.NaN : this.#scores.read({ score, scores }, classes[0] as string);
    return { classes, score: own ?? Number.NaN, value: Number.NaN };
  }
}

/** What the model gave: each kind only where there was any. */
export function profiledOutputs(
  outputs: readonly ModelOutput[],
): Pick<ProfileOptions, 'predictions' | 'scores' | 'values'> {
  const predictions = outputs.flatMap(({ classes }) => classes);
  const [scores, values] = [outputs.map(({ score }) => score), outputs.map(({ value }) => value)];
  return {
    ...(predictions.length > 0 && { predictions }),
    ...(scores.some(Number.isFinite) && { scores }),
    ...(values.some(Number.isFinite) && { values }),
  };
}
