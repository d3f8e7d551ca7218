/** `npm run bench -- --help`: speed as ratios against named rivals in the same rounds. Absolute times are this machine's, today. */
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { Command } from 'commander';
import { benchCollect } from './collect.ts';
import { describe, type Result } from './compare.ts';
import { benchDrift } from './drift.ts';
import { benchLatency, benchMemory } from './latency.ts';
import { PythonRivals } from './python.ts';
import { benchRecord } from './record.ts';
import { benchRemote } from './remote.ts';

interface Options {
  readonly rounds: string;
  readonly python: readonly string[];
  readonly only?: readonly string[];
  readonly json?: string;
}

const options = new Command('bench')
  .description(
    'measures Plumbline against its rivals; each line: low / median / high, then × = time of the rival ÷ ours',
  )
  .option('--rounds <n>', 'rounds, all contenders in each', '12')
  .option('--python <path...>', 'interpreters that have Python rivals (scipy, nannyml, evidently, whylogs)', [])
  .option('--only <name...>', 'record, remote, latency, memory, scrape, drift')
  .option('--json <file>', 'write the results as JSON too')
  .parse()
  .opts<Options>();

const rounds = Number(options.rounds);
const python = new PythonRivals(options.python);
const benches: Readonly<Record<string, () => Promise<Result[]>>> = {
  record: () => benchRecord(rounds, python),
  remote: async () => [await benchRemote(rounds)],
  latency: async () => [await benchLatency()],
  memory: () => Promise.resolve([benchMemory()]),
  scrape: async () => [await benchCollect(rounds)],
  drift: () => benchDrift(rounds, python),
};

const machine = `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'CPU'}`;
process.stdout.write(`${machine}\n`);
const results: Result[] = [];
for (const [name, bench] of Object.entries(benches)) {
  if (options.only && !options.only.includes(name)) continue;
  for (const result of await bench()) {
    results.push(result);
    process.stdout.write(`\n${describe(result)}\n`);
  }
}
python.close();
if (options.json) writeFileSync(options.json, `${JSON.stringify({ machine, results }, undefined, 2)}\n`);
