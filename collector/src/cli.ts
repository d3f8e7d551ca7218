/** The command line. It sees every room: here commands meet the service, the clock and the process. */
import { createRequire } from 'node:module';
import { Command, CommanderError, Option } from 'commander';
import { readConfig } from './config.ts';
import { createDisplay } from './demo/display/display.ts';
import { decimal, nameList, wholeNumber } from './demo/option-values.ts';
import { listenForStop, type Stop } from './demo/process-signals.ts';
import { profileFile } from './demo/profile-file.ts';
import { replayFile } from './demo/replay-file.ts';
import { reportText } from './demo/report/report.ts';
import { DEFAULT_SPEED, runDemo } from './demo/run-demo.ts';
import { ERROR_CODES, PlumblineError } from './errors.ts';
import { DEFAULT_WINDOW } from './monitor/options.ts';
import { startService } from './service.ts';

const MAX_SPEED = 10_000_000;
const SPEED = decimal(0, MAX_SPEED, false);
const EXIT_CODES =
  '\nExit codes: 0 ok, 1 failure, 2 usage, 3 bad input file, 4 port in use, 130 interrupted (SIGINT).\n';

const now = () => performance.now();

interface DemoFlags {
  readonly port?: number;
  readonly host?: string;
  readonly speed: number;
  readonly rows: number;
  readonly repeat: boolean;
  readonly zeroHold: number;
  readonly once: boolean;
  readonly json: boolean;
}

interface ReplayFlags {
  readonly model: string;
  readonly version: string;
  readonly prediction: string;
  readonly label: string;
  readonly labelDelay: number;
  readonly timestamp?: string;
  readonly score?: string;
  readonly id?: string;
  readonly features?: string[];
  readonly reference?: string;
  readonly speed: number;
  readonly window: number;
  readonly json: boolean;
  readonly collector?: string;
  readonly token?: string;
}

interface ProfileFlags {
  readonly out: string;
  readonly features?: string[];
  readonly categorical: string[];
  readonly json: boolean;
}

/**
 * Runs one command and returns the exit code. What a person should know of a failure is on standard error in one sentence
 * (as JSON with `--json`); there is no stack trace unless the failure is a defect of Plumbline.
 * @param argv arguments after the program's name
 */
export async function main(argv: readonly string[]): Promise<number> {
  const stop = listenForStop(process, now);
  let code = 0;
  const run = async (command: (stop: Stop) => Promise<number>) => void (code = await command(stop));
  try {
    await createProgram(run).parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    return fail(error, argv.includes('--json'));
  } finally {
    stop.release();
  }
}

function createProgram(run: (command: (stop: Stop) => Promise<number>) => Promise<void>): Command {
  const program = new Command('plumbline')
    .description('Watches machine-learning models: performance and drift as OpenTelemetry metrics.')
    .version(packageVersion())
    .enablePositionalOptions() // `replay` has a --version of its own
    .exitOverride()
    .configureOutput({ outputError: () => {} }) // said once, by fail()
    .showSuggestionAfterError(true)
    .addHelpText('after', EXIT_CODES);
  addDemo(program, (flags) => run((stop) => demo(flags, stop)));
  addReplay(program, (file, flags) => run((stop) => replay(file, flags, stop)));
  addProfile(program, (file, flags) => run((stop) => profile(file, flags, stop)));
  return program;
}

function addDemo(program: Command, action: (flags: DemoFlags) => Promise<void>): void {
  program
    .command('demo')
    .description('serve metrics of a small model on real data, replayed as live traffic')
    .option('--port <port>', 'port to serve on, 0 for any free one (PLUMBLINE_PORT, 8080)', wholeNumber(0, 65_535))
    .option('--host <host>', 'address to serve on (PLUMBLINE_HOST, 127.0.0.1)')
    .option('--speed <rows>', 'rows per second', SPEED, DEFAULT_SPEED)
    .option('--rows <count>', 'rows to replay, at most what there is', wholeNumber(1, 1_000_000), 1_000_000)
    .option('--repeat', 'start over for ever', false)
    .option(
      '--zero-hold <seconds>',
      'how long a new series shows 0; the scrape interval or more',
      decimal(0, 3600, true),
      15,
    )
    .option('--once', 'exit after the report instead of serving on', false)
    .option('--json', 'one JSON object per line', false)
    .action(action);
}

function addReplay(program: Command, action: (file: string, flags: ReplayFlags) => Promise<void>): void {
  program
    .command('replay')
    .description('send recorded predictions through a monitor and report')
    .argument('<file>', 'CSV file with a header, plain or gzip')
    .requiredOption('--model <name>', 'name of the model')
    .requiredOption('--version <name>', 'its version')
    .requiredOption('--prediction <column>', 'column of the predicted class')
    .requiredOption('--label <column>', 'column of the true class; an empty cell leaves the row unlabelled')
    .option('--label-delay <rows>', 'rows after which a label arrives', wholeNumber(0, 10_000_000), 0)
    .option('--timestamp <column>', 'column of the time (RFC 3339 or epoch)')
    .option('--score <column>', 'column of the positive class’s probability')
    .option('--id <column>', 'column of the prediction id')
    .option(
      '--features <columns>',
      'feature columns, separated by commas (default: all without another meaning)',
      nameList,
    )
    .option('--reference <file>', 'reference profile (default: made of the first 5,000 rows)')
    .option('--speed <rows>', 'rows per second (default: as fast as possible)', SPEED, Number.POSITIVE_INFINITY)
    .option('--window <rows>', 'predictions per drift window', wholeNumber(10, 1_000_000), DEFAULT_WINDOW)
    .option('--json', 'print the report as JSON', false)
    .addOption(new Option('--collector <url>').hideHelp())
    .addOption(new Option('--token <token>').hideHelp())
    .action(action);
}

function addProfile(program: Command, action: (file: string, flags: ProfileFlags) => Promise<void>): void {
  program
    .command('profile')
    .description('make a reference profile of the rows a model was made on')
    .argument('<file>', 'CSV file with a header, plain or gzip')
    .requiredOption('--out <file>', 'where the profile goes')
    .option('--features <columns>', 'columns to profile, separated by commas (default: all)', nameList)
    .option('--categorical <columns>', 'columns to take as categories although they hold numbers', nameList, [])
    .option('--json', 'print the result as JSON', false)
    .action(action);
}

async function demo(flags: DemoFlags, stop: Stop): Promise<number> {
  const config = readConfig();
  const display = createDisplay(process.stdout, flags.json ? 'json' : process.stdout.isTTY ? 'terminal' : 'lines');
  const service = await startService({ ...config, host: flags.host ?? config.host, port: flags.port ?? config.port });
  try {
    await runDemo(flags, {
      producer: service.producer,
      url: service.url,
      display,
      warn,
      now,
      signal: stop.signal,
      onReady: service.ready,
    });
  } finally {
    await service.close();
  }
  return stop.reason() === 'SIGINT' ? ERROR_CODES.interrupted.exit : 0;
}

async function replay(file: string, flags: ReplayFlags, stop: Stop): Promise<number> {
  if (flags.collector !== undefined || flags.token !== undefined) {
    const help = 'Leave it out: the replay then runs a monitor of its own and ends with a report.';
    throw new PlumblineError('usage', '--collector: the service that takes replays comes in a later release.', help);
  }
  const { json, model, version, labelDelay, reference, speed, window, ...columns } = flags;
  const live = process.stderr.isTTY && !json;
  const options = {
    file,
    model,
    version,
    labelDelay,
    speed,
    window,
    columns,
    ...(reference !== undefined && { reference }),
  };
  const report = await replayFile(options, {
    warn,
    onProgress: (rows) => void (live && process.stderr.write(`\r${rows} rows`)),
    now,
    signal: stop.signal,
  });
  if (live) process.stderr.write('\r\u001B[K');
  print(json ? JSON.stringify(report, undefined, 2) : reportText(report));
  return cutShort(stop);
}

async function profile(file: string, flags: ProfileFlags, stop: Stop): Promise<number> {
  const createdAt = new Date().toISOString();
  const result = await profileFile({ ...flags, file }, { warn, createdAt, signal: stop.signal });
  if (!result) return cutShort(stop);
  const { rows, digest, features } = result.reference;
  const facts = features.map(({ feature, type, n, missing }) => ({ feature, type, n, missing }));
  if (flags.json) print(JSON.stringify({ out: flags.out, rows, skipped: result.skipped, digest, features: facts }));
  else print(`Wrote ${flags.out}: ${rows} rows, ${features.length} features, reference ${digest.slice(0, 12)}.`);
  return 0;
}

/** The exit code of a command with an end of its own: a signal before it is no success. */
function cutShort(stop: Stop): number {
  const reason = stop.reason();
  if (reason === undefined) return 0;
  warn('Stopped before the end.');
  return reason === 'SIGINT' ? ERROR_CODES.interrupted.exit : ERROR_CODES.internal.exit;
}

/** Tells what went wrong and returns the exit code. */
function fail(error: unknown, json: boolean): number {
  if (error instanceof CommanderError && error.exitCode === 0) return 0;
  if (error instanceof CommanderError && error.code === 'commander.help') return ERROR_CODES.usage.exit;
  const known = asPlumblineError(error);
  const { code, message, help } = known;
  warn(json ? JSON.stringify({ message, code, help }) : `plumbline: ${message.replace(/\.?$/, '.')} ${help}`);
  return known.exitCode;
}

function asPlumblineError(error: unknown): PlumblineError {
  if (error instanceof PlumblineError) return error;
  if (error instanceof CommanderError)
    return new PlumblineError('usage', error.message.replace(/^error: /, ''), 'See plumbline --help.');
  const message = error instanceof Error ? error.message : String(error);
  return new PlumblineError('internal', message, 'This is a defect of Plumbline; please report it.', { cause: error });
}

function packageVersion(): string {
  const found: unknown = createRequire(import.meta.url)('../package.json');
  return (found as { version: string }).version;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function warn(line: string): void {
  process.stderr.write(`${line}\n`);
}
