/** The command line. It sees every room: here commands meet the service, the clock and the process. */
import { createRequire } from 'node:module';
import { CommanderError } from 'commander';
import { readConfig } from './config.ts';
import { createProgram, type DemoFlags, type ProfileFlags, type ReplayFlags } from './demo/command-line.ts';
import { createDisplay } from './demo/display/display.ts';
import { listenForStop, type Stop } from './demo/process-signals.ts';
import { profileFile } from './demo/profile-file.ts';
import { replayFile } from './demo/replay-file.ts';
import { reportText } from './demo/report/report.ts';
import { runDemo } from './demo/run-demo.ts';
import { ERROR_CODES, errorText, PlumblineError } from './errors.ts';
import { startService } from './service.ts';

const now = () => performance.now();

/**
 * Runs one command and returns the exit code. What a person should know of a failure is on standard error in one sentence
 * (as JSON with `--json`); there is no stack trace unless the failure is a defect of Plumbline.
 * @param argv arguments after the program's name
 */
export async function main(argv: readonly string[]): Promise<number> {
  const stop = listenForStop(process, now);
  let code = 0;
  const program = createProgram(packageVersion(), {
    demo: async (flags) => void (code = await demo(flags, stop)),
    replay: async (file, flags) => void (code = await replay(file, flags, stop)),
    profile: async (file, flags) => void (code = await profile(file, flags, stop)),
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    return fail(error, argv.includes('--json'));
  } finally {
    stop.release();
  }
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
  const { json, model, version, task, positive, labelDelay, reference, speed, window, ...columns } = flags;
  const live = process.stderr.isTTY && !json;
  const options = {
    file,
    model,
    version,
    task,
    labelDelay,
    speed,
    window,
    columns,
    ...(positive !== undefined && { positive }),
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
  return new PlumblineError('internal', errorText(error), 'This is a defect of Plumbline; please report it.', {
    cause: error,
  });
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
