/** `npm run bench [-- ROUNDS]`: speed as ratios against named rivals in the same run. Absolute times are this machine's, today. */
import { cpus } from 'node:os';
import { benchCollect } from './collect.ts';
import { benchDrift } from './drift.ts';
import { benchRecord } from './record.ts';

const rounds = Number(process.argv[2] ?? 12);
process.stdout.write(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'CPU'}\n`);
for (const bench of [benchRecord, benchCollect, benchDrift]) {
  process.stdout.write(`\n${(await bench(rounds)).join('\n')}\n`);
}
