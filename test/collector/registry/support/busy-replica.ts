/**
 * A replica of its own process that saves, promotes, rolls back and deletes without end, and writes a line to standard output for
 * whatever was acknowledged. Run: node busy-replica.ts '<JSON of BusyOptions>'
 */
import { randomBytes } from 'node:crypto';
import { writeSync } from 'node:fs';
import { PlumblineError } from '../../../../collector/src/errors.ts';
import { createLocalArtifacts } from '../../../../collector/src/storage/artifacts/local-artifacts.ts';
import { openDatabase, type DatabaseOptions } from '../../../../collector/src/storage/database.ts';
import { ACT, control, GOOD, upload } from './control.ts';

export interface BusyOptions {
  readonly place: DatabaseOptions;
  readonly artifacts: string;
  readonly model: string;
  /** Begins the names of its versions, so that two replicas never save the same. */
  readonly prefix: string;
  /** Versions to save and promote; without it, until it is killed. */
  readonly count?: number;
}

/** What was acknowledged. */
export type Acknowledged =
  | { readonly did: 'saved'; readonly version: string; readonly digest: string }
  | { readonly did: 'moved'; readonly version: string; readonly to: string }
  | { readonly did: 'deleted'; readonly version: string }
  /** A move that somebody else's came before. */
  | { readonly did: 'conflict'; readonly version: string };

/** A random artifact of up to three files and some 100 kB. */
function randomFiles(): Record<string, Uint8Array> {
  const count = 1 + ((randomBytes(1)[0] as number) % 3);
  const sizes = Array.from({ length: count }, () => randomBytes(2).readUInt16BE() / 2);
  return Object.fromEntries(sizes.map((size, index) => [`part-${index}/data.bin`, randomBytes(size)]));
}

function tell(line: Acknowledged): void {
  writeSync(1, `${JSON.stringify(line)}\n`);
}

async function run({ place, artifacts, model, prefix, count = Number.POSITIVE_INFINITY }: BusyOptions): Promise<void> {
  const database = openDatabase(place);
  const { registry, lifecycle, state } = control(database, await createLocalArtifacts(artifacts));
  state.live = GOOD;
  const move = async (version: string, to: 'staging' | 'production') => {
    try {
      await lifecycle.transition(model, version, { to, reason: '', override: false }, ACT);
      tell({ did: 'moved', version, to });
    } catch (error) {
      if (!(error instanceof PlumblineError) || error.code !== 'conflict') throw error;
      tell({ did: 'conflict', version });
    }
  };
  for (let number = 1; number <= count; number++) {
    const name = `${prefix}${number}`;
    const { digest } = await registry.save({ model, version: name }, upload(randomFiles()), ACT);
    tell({ did: 'saved', version: name, digest: digest as string });
    await move(name, 'staging');
    await move(name, 'production');
    if (number % 3 === 0) await putBack(`${prefix}${number - 1}`);
    if (number % 4 === 0) await drop(`${prefix}${number - 3}`);
  }
  await database.close();

  /** Another replica may have replaced it meanwhile, or never let it in. */
  async function putBack(version: string): Promise<void> {
    try {
      await lifecycle.rollback(model, { to: version, reason: 'tried' }, ACT);
      tell({ did: 'moved', version, to: 'production' });
    } catch (error) {
      if (!(error instanceof PlumblineError) || error.code !== 'transition_not_allowed') throw error;
    }
  }

  async function drop(version: string): Promise<void> {
    try {
      await registry.remove(model, version, ACT);
      tell({ did: 'deleted', version });
    } catch (error) {
      if (!(error instanceof PlumblineError) || error.code !== 'conflict') throw error;
    }
  }
}

if (process.argv[1] === import.meta.filename) await run(JSON.parse(process.argv[2] as string) as BusyOptions);
