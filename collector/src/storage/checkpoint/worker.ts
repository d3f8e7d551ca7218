/** The thread that copies SQLite's log into the database, while commits go on appending to it in another one. */
import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { errorText } from '../../errors.ts';
import { copyLog, type LogState } from './copy-log.ts';

/** What the thread says when it has done what it was asked for. */
export type CopyAnswer = { readonly state: LogState } | { readonly failure: string };

/** What was appended meanwhile is copied too; it is less each time. */
const PASSES = 3;

const sqlite = new DatabaseSync(workerData as string);

parentPort?.on('message', () => {
  parentPort?.postMessage(answer());
});

function answer(): CopyAnswer {
  try {
    let state = copyLog(sqlite);
    for (let pass = 1; pass < PASSES && state === 'left'; pass++) state = copyLog(sqlite);
    return { state };
  } catch (error) {
    return { failure: errorText(error) };
  }
}
