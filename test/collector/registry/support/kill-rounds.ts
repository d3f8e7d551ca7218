/** Kills a busy replica at random moments, and looks after each at what is there. */
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { ArtifactStore } from '../../../../collector/src/registry/artifact-store.ts';
import { sweepArtifacts } from '../../../../collector/src/registry/sweep.ts';
import { createLocalArtifacts } from '../../../../collector/src/storage/artifacts/local-artifacts.ts';
import { openDatabase, type Database, type DatabaseOptions } from '../../../../collector/src/storage/database.ts';
import { migrate } from '../../../../collector/src/storage/migrate.ts';
import { createRegistryStore } from '../../../../collector/src/storage/registry-store.ts';
import { verifyStore } from '../../../../collector/src/storage/verify/verify-store.ts';
import type { Acknowledged, BusyOptions } from './busy-replica.ts';

const REPLICA = join(import.meta.dirname, 'busy-replica.ts');
const MODEL = 'churn';

/** A replica that runs. */
export function startReplica(options: BusyOptions) {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', REPLICA, JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const acknowledged: Acknowledged[] = [];
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const lines = createInterface({ input: child.stdout });
  let told: (() => void)[] = [];
  lines.on('line', (line) => {
    acknowledged.push(JSON.parse(line) as Acknowledged);
    for (const wake of told.splice(0)) wake();
  });
  const ended = Promise.all([
    new Promise<void>((resolve) => child.once('exit', () => resolve())),
    new Promise<void>((resolve) => lines.once('close', () => resolve())),
  ]).then(() => {
    for (const wake of told.splice(0)) wake();
    return { code: child.exitCode, errors };
  });
  return {
    acknowledged,
    ended,
    kill: () => child.kill('SIGKILL'),
    /** Resolves when so many lines are there, or when it ended. */
    until: async (count: number) => {
      while (acknowledged.length < count && child.exitCode === null && child.signalCode === null)
        await new Promise<void>((resolve) => (told = [...told, resolve]));
    },
  };
}

/** What was found wrong, over all rounds; and how much there was to find it in. */
export interface KillReport {
  readonly wrong: readonly string[];
  readonly acknowledged: number;
  readonly leftOver: number;
}

/** @param place an empty database of either engine; @param artifacts an empty folder */
export async function killRounds(rounds: number, place: DatabaseOptions, artifacts: string): Promise<KillReport> {
  const wrong: string[] = [];
  const known = new Map<string, { digest: string; deleted: boolean }>();
  let [acknowledged, leftOver] = [0, 0];
  await inDatabase(place, migrate);
  for (let round = 1; round <= rounds; round++) {
    const replica = startReplica({ place, artifacts, model: MODEL, prefix: `r${round}-` });
    await replica.until(randomInt(1, 12));
    // Somewhere in what it does after that.
    await new Promise((resolve) => setTimeout(resolve, randomInt(0, 40)));
    replica.kill();
    const { errors } = await replica.ended;
    if (errors !== '') wrong.push(`round ${round}: ${errors}`);
    acknowledged += replica.acknowledged.length;
    await inDatabase(place, async (database) => {
      const store = await createLocalArtifacts(artifacts);
      leftOver += (await sweepArtifacts({ ...both(database, store), now: Date.now(), grace: 0 })).length;
      const found = await lookAt(database, store, replica.acknowledged, known);
      wrong.push(...found.map((problem) => `round ${round}: ${problem}`));
    });
  }
  return { wrong, acknowledged, leftOver };
}

function both(database: Database, artifacts: ArtifactStore) {
  return { store: createRegistryStore(database), artifacts };
}

/** A restart: everything is opened anew. */
async function inDatabase(place: DatabaseOptions, work: (database: Database) => Promise<void>): Promise<void> {
  const database = openDatabase(place);
  try {
    await work(database);
  } finally {
    await database.close();
  }
}

async function lookAt(
  database: Database,
  artifacts: ArtifactStore,
  acknowledged: readonly Acknowledged[],
  known: Map<string, { digest: string; deleted: boolean }>,
): Promise<string[]> {
  const wrong: string[] = [];
  const report = await verifyStore({ database, artifacts });
  if (!report.sound) wrong.push(JSON.stringify(report));
  if (report.orphans.length > 0) wrong.push(`left over after the sweep: ${report.orphans.join(', ')}`);
  for (const line of acknowledged) {
    if (line.did === 'saved') known.set(line.version, { digest: line.digest, deleted: false });
    if (line.did === 'deleted') known.set(line.version, { digest: '', deleted: true });
  }
  const store = createRegistryStore(database);
  for (const [version, { digest, deleted }] of known) {
    const stored = await store.version(MODEL, version);
    const there = stored !== undefined && !stored.deleted;
    if (deleted && there) wrong.push(`${version} was deleted and is there`);
    // A version whose deletion was under way may be gone.
    if (!deleted && there && stored.version.digest !== digest) wrong.push(`${version} is another one`);
    if (!deleted && !stored) wrong.push(`${version} was saved and is not there`);
  }
  const moves = (await store.transitions(MODEL, { limit: 10_000 })).items;
  for (const line of acknowledged)
    if (line.did === 'moved' && !moves.some(({ version, to }) => version === line.version && to === line.to))
      wrong.push(`the move of ${line.version} to ${line.to} is not there`);
  return wrong;
}
