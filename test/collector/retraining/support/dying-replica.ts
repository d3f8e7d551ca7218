/**
 * A replica in a process of its own that starts a run, says when it has come to a point of it, and waits there to be killed.
 * Run: node dying-replica.ts '<JSON of DyingOptions>'
 */
import { writeSync } from 'node:fs';
import { openDatabase, type DatabaseOptions } from '../../../../collector/src/storage/database.ts';
import { openRoom, type Point } from './room.ts';

export interface DyingOptions {
  readonly place: DatabaseOptions;
  readonly folder: string;
  readonly point: Point;
}

async function run({ place, folder, point }: DyingOptions): Promise<void> {
  const room = await openRoom(openDatabase(place), folder, `replica-${process.pid}`);
  room.state.at = (reached) => {
    if (reached !== point) return Promise.resolve();
    writeSync(1, `${reached}\n`);
    // The event loop must have something to wait for, or the process would end by itself.
    return new Promise(() => setInterval(() => {}, 1_000_000));
  };
  const answer = await room.start();
  if (answer.outcome !== 'started') throw new Error(JSON.stringify(answer));
  await room.desk.ended(answer.run.run);
  throw new Error(`the run ended before ${point}`);
}

if (process.argv[1] === import.meta.filename) await run(JSON.parse(process.argv[2] as string) as DyingOptions);
