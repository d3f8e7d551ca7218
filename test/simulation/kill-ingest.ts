/** Kills a process that ingests, so many times on each engine, at random moments. Run: node test/simulation/kill-ingest.ts [kills] */
import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { killIngest } from '../journey/support/kill-ingest.ts';
import { findPostgres, POSTGRES_MISSING, startPostgres } from '../support/postgres.ts';

const kills = Number(process.argv[2] ?? 200);
const folder = mkdtempSync(join(tmpdir(), 'plumbline-kills-'));
const binaries = findPostgres();
const postgres = binaries === undefined ? undefined : await startPostgres(binaries);
if (!postgres) process.stderr.write(`${POSTGRES_MISSING}\n`);
try {
  for (const engine of ['sqlite', ...(postgres ? ['postgres'] : [])]) {
    const url = engine === 'postgres' ? await postgres?.createDatabase() : undefined;
    const moments = Array.from({ length: kills }, () => randomInt(1, 60));
    const report = await killIngest({ dataFolder: join(folder, engine), ...(url !== undefined && { url }) }, moments);
    process.stdout.write(`${engine}: ${JSON.stringify(report)}\n`);
    if (report.lost.length > 0 || report.tallyError > 0 || report.integrity !== 'ok') process.exitCode = 1;
  }
} finally {
  await postgres?.stop();
  rmSync(folder, { recursive: true, force: true });
}
