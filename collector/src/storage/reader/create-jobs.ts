/** Reading for answers, on connections of its own. */
import { createJobs, type Jobs } from '../../labels/jobs.ts';
import type { Database } from '../database.ts';
import { openReader, type ReadingFrom } from './row-reader.ts';
import { WorkerJobs } from './worker-jobs.ts';

/** Jobs, and the end of them. */
export interface OpenJobs extends Jobs {
  close(): Promise<void>;
}

/** Jobs in a thread of their own: an answer over a million predictions takes seconds, in which ingest goes on. */
export function createReaderJobs(database: Database): OpenJobs {
  return new WorkerJobs(readingFrom(database));
}

/** The same in this thread. */
export function createLocalJobs(database: Database): OpenJobs {
  const reader = openReader(readingFrom(database));
  return { ...createJobs(reader), close: () => reader.close() };
}

function readingFrom({ engine }: Database): ReadingFrom {
  return engine.name === 'sqlite' ? { engine: 'sqlite', path: engine.path } : { engine: 'postgres', url: engine.url };
}
