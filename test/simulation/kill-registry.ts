/** Kills a replica that saves and promotes, so many times on each engine. Run: node test/simulation/kill-registry.ts [kills] */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { killRounds } from '../collector/registry/support/kill-rounds.ts';
import { findPostgres, POSTGRES_MISSING, startPostgres } from '../support/postgres.ts';

const rounds = Number(process.argv[2] ?? 200);
const folder = mkdtempSync(join(tmpdir(), 'plumbline-kills-'));
const binaries = findPostgres();
const postgres = binaries === undefined ? undefined : await startPostgres(binaries);
if (!postgres) process.stderr.write(`${POSTGRES_MISSING}\n`);
try {
  for (const engine of ['sqlite', 'postgres'] as const) {
    if (engine === 'postgres' && !postgres) continue;
    const place = {
      dataFolder: join(folder, engine),
      ...(engine === 'postgres' && { url: await postgres?.createDatabase() }),
    };
    const { wrong, acknowledged, leftOver } = await killRounds(rounds, place, join(folder, `artifacts-${engine}`));
    process.stdout.write(`${engine}: ${rounds} kills, ${acknowledged} acknowledged, ${leftOver} left over and swept\n`);
    for (const line of wrong) process.stdout.write(`  WRONG ${line}\n`);
    if (wrong.length > 0) process.exitCode = 1;
  }
} finally {
  await postgres?.stop();
  rmSync(folder, { recursive: true, force: true });
}
