/** What runs programs and calls webhooks for retraining: a port, implemented in `outbound/`. */
import type { TaskName } from '../monitor/options.ts';
import type { PredictedValue } from '../prediction.ts';

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
  /**
   * Folder of this run alone, absolute like the other paths. The trainer works in `work` below it; what turns up beside `work`, the output
   * and what was there before counts as written outside of its place, so nobody else may make files here while it runs.
   */
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
  /** http(s), without a name and password in it. */
  readonly url: string;
  /** Asked every so many seconds where the answer names a `statusUrl`. */
  readonly pollSeconds: number;
  /** Header → name of the environment variable that holds its value: a policy holds no secret. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Fields of the body beside ours: `{"event_type": "retrain"}` for GitHub. */
  readonly fields?: Readonly<Record<string, unknown>>;
  /** Field under which ours stand: `client_payload` for GitHub, `conf` for Airflow; without it they stand at the top. */
  readonly under?: string;
}

/** What a program elsewhere says about a run. */
export interface TrainerReport {
  readonly status: 'running' | 'finished' | 'failed';
  readonly reason?: string;
}

/** How a program elsewhere takes part in a run, as long as it lasts. */
export interface OpenCallback {
  /** Takes a `TrainerReport`, with the artifact's files where it is finished: `POST …/retraining/{run}/callback`. */
  readonly callbackUrl: string;
  /** Gives the training examples, JSONL. */
  readonly dataUrl: string;
  /** Opens both, for this run alone. Secret. */
  readonly token: string;
  /** The first report that says an end; its files are in the output folder by then. Never rejects. */
  readonly ended: Promise<TrainerReport>;
  /** The token is worth nothing from now on. */
  close(): void;
}

/** Opens callbacks: the port of webhook trainers to the routes of a run. */
export interface Callbacks {
  open(job: TrainingJob): Promise<OpenCallback>;
}

/** How a model is trained. */
export type TrainerSpec = CommandTrainer | WebhookTrainer;

/** Told what it prints, as it comes; the log is bounded by whoever keeps it. */
export type OnOutput = (text: string) => void;

/** Trains. Never throws for what a trainer does; an outcome says it. */
export interface Trainer {
  train(spec: TrainerSpec, job: TrainingJob, signal: AbortSignal, onOutput: OnOutput): Promise<TrainerOutcome>;
}

/** One line a version answers: JSONL of `{id, prediction, score?, scores?, durationSeconds?}`. */
export interface VersionAnswer {
  readonly prediction: PredictedValue;
  /** P(positive class). */
  readonly score?: number;
  /** Probability of each class. */
  readonly scores?: Readonly<Record<string, number>>;
  readonly durationSeconds?: number;
}

/** What answers must be like. */
export interface Expected {
  /** Each must be answered once, and no other. */
  readonly ids: ReadonlySet<string>;
  readonly task: TaskName;
  /** Declared classes; a prediction of another one is refused. */
  readonly classes?: readonly string[];
}

/** What a version is run on: `…command --model DIR --data PATH --output FILE` (DESIGN §6 "Running a version"). */
export interface PredictJob {
  readonly command: readonly string[];
  readonly modelFolder: string;
  /** JSONL of `{id, features}`. */
  readonly dataPath: string;
  /** Written by the command; not there at the start. */
  readonly outputPath: string;
  /** As of a `TrainingJob`. */
  readonly folder: string;
  readonly timeoutSeconds: number;
  readonly expected: Expected;
}

/** How it ended, and the answers by id where it `finished`: complete and checked. */
export interface PredictOutcome extends TrainerOutcome {
  readonly answers: ReadonlyMap<string, VersionAnswer> | null;
}

/** Runs a version on data. Never throws for what the command does; an outcome says it. */
export interface Predictor {
  predict(job: PredictJob, signal: AbortSignal, onOutput: OnOutput): Promise<PredictOutcome>;
}
