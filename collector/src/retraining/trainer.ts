/** What runs programs and calls webhooks for retraining: a port, implemented in `outbound/`. */

/** Ways a run of somebody else's program, or a call of a webhook, can end. */
export type TrainerEnd =
  /** It ended by itself and said that all is well. */
  | 'finished'
  /** It ended by itself and said otherwise, could not be started, or the webhook refused. */
  | 'failed'
  /** It took longer than it may and was stopped, with everything it had started. */
  | 'timed_out'
  /** Somebody asked for its end. */
  | 'cancelled';

/** How it ended. */
export interface TrainerOutcome {
  readonly end: TrainerEnd;
  /** Exit code of a program; null for a signal and for a webhook. */
  readonly exitCode: number | null;
  /** Why, in one sentence that an operator understands. */
  readonly reason: string;
}

/** What a trainer is given. */
export interface TrainingJob {
  readonly run: string;
  readonly model: string;
  /** Folder of this run alone; the trainer works in it. Absolute, like the other paths. */
  readonly folder: string;
  /** Training examples, JSONL. */
  readonly dataPath: string;
  /** Where the trainer leaves the artifact's files and `metrics.json`; empty at the start. */
  readonly outputFolder: string;
  readonly timeoutSeconds: number;
}

/** A local command: `…command --data PATH --output DIR`, never through a shell. */
export interface CommandTrainer {
  readonly kind: 'command';
  /** Program and arguments. */
  readonly command: readonly string[];
  /** Names of environment variables it gets beside `PATH`, `HOME`, `LANG`, `TZ`. */
  readonly environment: readonly string[];
}

/** A webhook: a signed POST, then a callback of the run or polling of a status address. */
export interface WebhookTrainer {
  readonly kind: 'webhook';
  readonly url: string;
  /** Asked every so many seconds where the answer names a `statusUrl`. */
  readonly pollSeconds: number;
}

/** How a model is trained. */
export type TrainerSpec = CommandTrainer | WebhookTrainer;

/** Told what it prints, as it comes; the log is bounded by whoever keeps it. */
export type OnOutput = (text: string) => void;

/** Trains. Never throws for what a trainer does; an outcome says it. */
export interface Trainer {
  train(spec: TrainerSpec, job: TrainingJob, signal: AbortSignal, onOutput: OnOutput): Promise<TrainerOutcome>;
}

/** What a version is run on: `…command --model DIR --data PATH --output FILE` (DESIGN §6 "Running a version"). */
export interface PredictJob {
  readonly command: readonly string[];
  readonly modelFolder: string;
  /** JSONL of `{id, features}`. */
  readonly dataPath: string;
  /** JSONL of `{id, prediction, score?, scores?, durationSeconds}`, written by the command. */
  readonly outputPath: string;
  readonly folder: string;
  readonly timeoutSeconds: number;
}

/** Runs a version on data. Never throws for what the command does; an outcome says it. */
export interface Predictor {
  predict(job: PredictJob, signal: AbortSignal, onOutput: OnOutput): Promise<TrainerOutcome>;
}
