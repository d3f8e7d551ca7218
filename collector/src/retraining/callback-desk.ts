/** How trainers elsewhere take part in a run: a token of the run alone opens its examples and takes its end and its files. */
import { hashToken } from '../audit/access-token.ts';
import { PlumblineError } from '../errors.ts';
import type { RetrainingStore } from './retraining-store.ts';
import type { FolderFile } from './run-folders.ts';
import type { Callbacks, OpenCallback, TrainerReport, TrainingJob } from './trainer.ts';

/** Where files of a run lie: a port, implemented in `outbound/`. */
export interface CallbackFiles {
  /** Writes files below the output folder. @throws PlumblineError `invalid_path`, `too_large` */
  receive(job: TrainingJob, files: AsyncIterable<FolderFile>): Promise<void>;
  /** The training examples, JSONL. */
  data(job: TrainingJob): AsyncIterable<Uint8Array>;
}

/** What the desk works with. */
export interface CallbackDeskOptions {
  readonly store: Pick<RetrainingStore, 'callbackHash' | 'setCallbackHash'>;
  readonly files: CallbackFiles;
  /** Address of this service as programs elsewhere reach it, without a slash at the end. */
  readonly url: () => string;
  /** A secret never given before. */
  readonly newToken: () => string;
  readonly onError: (error: unknown, what: string) => void;
}

/** What the routes of a run ask. */
export interface RunCallbacks {
  /** @throws PlumblineError `unauthorized`, `unavailable` where another replica runs it */
  check(model: string, run: string, token: string | undefined): Promise<void>;
  /** Takes a report, after its files; the first that says an end ends the training. @throws PlumblineError */
  report(run: string, report: TrainerReport, files?: AsyncIterable<FolderFile>): Promise<void>;
  /** @throws PlumblineError `unavailable` */
  data(run: string): AsyncIterable<Uint8Array>;
}

interface Opened {
  readonly job: TrainingJob;
  readonly end: (report: TrainerReport) => void;
}

/** Both sides of it: what trainers open and what routes reach. */
export function createCallbackDesk(options: CallbackDeskOptions): Callbacks & RunCallbacks {
  const { store, files, url, newToken, onError } = options;
  const opened = new Map<string, Opened>();
  const find = (run: string) => opened.get(run) ?? elsewhere(run);
  return {
    open: async (job) => {
      const token = newToken();
      let end: (report: TrainerReport) => void = () => {};
      const ended = new Promise<TrainerReport>((resolve) => (end = resolve));
      await store.setCallbackHash(job.run, hashToken(token));
      opened.set(job.run, { job, end });
      const close = () => {
        opened.delete(job.run);
        store.setCallbackHash(job.run, null).catch((error: unknown) => onError(error, 'a callback stays open'));
      };
      const place = `${url()}/v1/models/${encodeURIComponent(job.model)}/retraining/${job.run}`;
      const callback: OpenCallback = {
        callbackUrl: `${place}/callback`,
        dataUrl: `${place}/data`,
        token,
        ended,
        close,
      };
      return callback;
    },
    check: async (model, run, token) => {
      const wanted = await store.callbackHash(model, run);
      // The hash is compared, so that the time it takes says nothing about the token.
      if (wanted === undefined || token === undefined || hashToken(token) !== wanted) throw unauthorized();
      find(run);
    },
    report: async (run, report, received) => {
      const { job, end } = find(run);
      if (received) await files.receive(job, received);
      if (report.status !== 'running') end(report);
    },
    data: (run) => files.data(find(run).job),
  };
}

function unauthorized(): PlumblineError {
  const help =
    'Send "Authorization: Bearer TOKEN" with the token of the run; it is worth nothing once the run is trained.';
  return new PlumblineError('unauthorized', 'The token does not belong to a run that is being trained.', help);
}

function elsewhere(run: string): never {
  const help = 'Send it again: with several replicas behind one address it reaches the right one in a few attempts.';
  throw new PlumblineError('unavailable', `Run ${run} is not trained by this replica.`, help);
}
