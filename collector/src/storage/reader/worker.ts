/** The thread that reads: answers take their time here, while ingest goes on in the other one. */
import { constants, setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { errorText, PlumblineError, systemErrorCode } from '../../errors.ts';
import { createJobs } from '../../labels/jobs.ts';
import { openReader, type ReadingFrom } from './row-reader.ts';
import type { JobAnswer, JobRequest } from './worker-jobs.ts';

// On Linux that is the priority of this thread alone: where cores are few, answers give way to ingest.
if (process.platform === 'linux') setPriority(constants.priority.PRIORITY_LOW);

const jobs = createJobs(openReader(workerData as ReadingFrom));

parentPort?.on('message', (request: JobRequest) => {
  void answer(request).then((message: JobAnswer) => parentPort?.postMessage(message));
});

async function answer({ id, job, input }: JobRequest): Promise<JobAnswer> {
  try {
    return { id, result: await (jobs[job] as (input: unknown) => Promise<unknown>)(input) };
  } catch (error) {
    const failure = { message: errorText(error), code: systemErrorCode(error), errcode: sqliteCode(error) };
    if (!(error instanceof PlumblineError)) return { id, failure };
    return { id, failure: { ...failure, help: error.help, known: error.code } };
  }
}

function sqliteCode(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'errcode' in error ? error.errcode : undefined;
}
