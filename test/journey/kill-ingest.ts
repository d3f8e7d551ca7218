/** `node test/journey/kill-ingest.ts KILLS [DATABASE_URL]`: as the test, at random moments, as often as wanted. */
import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { killIngest } from './support/kill-ingest.ts';

const [kills = '200', url] = process.argv.slice(2);
const dataFolder = mkdtempSync(join(tmpdir(), 'plumbline-kill-'));
try {
  const moments = Array.from({ length: Number(kills) }, () => randomInt(1, 60));
  const report = await killIngest({ dataFolder, ...(url !== undefined && { url }) }, moments);
  process.stdout.write(`${JSON.stringify(report)}\n`);
  if (report.lost.length > 0 || report.tallyError > 0 || report.integrity !== 'ok') process.exitCode = 1;
} finally {
  rmSync(dataFolder, { recursive: true, force: true });
}
