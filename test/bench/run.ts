/** `npm run bench -- --help`: speed as ratios against named rivals in the same rounds. Absolute times are this machine's, today. */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, loadavg, release, type } from 'node:os';
import { Command } from 'commander';
import { benchCollect } from './collect.ts';
import { countProcessorTime, describe, type Result } from './compare.ts';
import { benchDrift } from './drift.ts';
import { benchIngest } from './ingest.ts';
import { benchLatency } from './latency.ts';
import { benchMemory } from './memory.ts';
import { PythonRivals } from './python.ts';
import { benchRecord } from './record.ts';
import { benchRemote } from './remote.ts';
import { benchRouting } from './routing.ts';

interface Options {
  readonly rounds: string;
  readonly python: readonly string[];
  readonly only?: readonly string[];
  readonly cpu?: boolean;
  readonly json?: string;
}

const options = new Command('bench')
  .description(
    'measures Plumbline against its rivals; each line: low / median / high, then × = time of the rival ÷ ours',
  )
  .option('--rounds <n>', 'rounds, all contenders in each', '12')
  .option('--python <path...>', 'interpreters that have Python rivals (scipy, nannyml, evidently, whylogs)', [])
  .option('--only <name...>', 'record, remote, latency, memory, scrape, drift, ingest, routing')
  .option('--cpu', 'processor time instead of time passed (not in latency): for a machine that others use too')
  .option('--json <file>', 'write the results as JSON too')
  .parse()
  .opts<Options>();

const rounds = Number(options.rounds);
const python = new PythonRivals(options.python, options.cpu ? 'cpu' : 'wall');
if (options.cpu) countProcessorTime();
const benches: Readonly<Record<string, () => Promise<Result[]>>> = {
  record: () => benchRecord(rounds, python),
  remote: async () => [await benchRemote(rounds)],
  latency: async () => [await benchLatency()],
  memory: async () => [await benchMemory()],
  scrape: async () => [await benchCollect(rounds)],
  drift: () => benchDrift(rounds, python),
  ingest: () => benchIngest(rounds),
  routing: async () => [await benchRouting(rounds)],
};

const [load = 0] = loadavg();
const machine = {
  node: process.version,
  processor: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`,
  system: `${type()} ${release()}`,
  /** Runnable processes before the start: above 0 others use the machine too. */
  load: Number(load.toFixed(1)),
  clock: options.cpu ? 'processor time' : 'time passed',
  rivals: [
    `@opentelemetry/sdk-metrics ${versionOf('@opentelemetry/sdk-metrics')}, prom-client ${versionOf('prom-client')}`,
    `unleash-client ${versionOf('unleash-client')}, @growthbook/growthbook ${versionOf('@growthbook/growthbook')}`,
  ],
};
machine.rivals.push(...(await python.versions()));
process.stdout.write(
  `Node ${machine.node}, ${machine.processor}, ${machine.system}, load ${machine.load}, ${machine.clock}\n`,
);
process.stdout.write(`${machine.rivals.join('\n')}\n`);
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

/** Read from the package itself: not every package lets its description be imported. */
function versionOf(name: string): string {
  const entry = createRequire(import.meta.url).resolve(name);
  const folder = entry.slice(0, entry.lastIndexOf(name) + name.length);
  return (JSON.parse(readFileSync(`${folder}/package.json`, 'utf8')) as { readonly version: string }).version;
}
