/** The command line. It sees every room: here commands meet the service, the clock and the process. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CommanderError } from 'commander';
import { readConfig } from './config.ts';
import { createProgram, type DemoFlags, type ProfileFlags, type ReplayFlags } from './demo/command-line.ts';
import { createDisplay } from './demo/display/display.ts';
import { listenForStop, type Stop } from './demo/process-signals.ts';
import { runLoop } from './demo/loop/run-loop.ts';
import { profileFile } from './demo/profile-file.ts';
import { replayFile } from './demo/replay-file.ts';
import { replayToCollector } from './demo/replay-remote.ts';
import { reportText } from './demo/report/report.ts';
import { runDemo } from './demo/run-demo.ts';
import type { ServeFlags } from './demo/serve-commands.ts';
import type { StorePlace } from './demo/store-place.ts';
import { ERROR_CODES, errorText, PlumblineError } from './errors.ts';

const now = () => performance.now();
// Loaded by the commands that need them: they bring the database, the web server and the AWS SDK, a second of start-up.
const service = () => import('./service.ts');
const tokens = () => import('./demo/token-commands.ts');
const store = () => import('./demo/store-commands.ts');

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
    serve: async (flags) => void (code = await serve(flags, stop)),
    tokenCreate: async (flags) => print(await (await tokens()).createToken(placeOf(flags), flags)),
    tokenList: async (flags) => print(await (await tokens()).listTokens(placeOf(flags), flags)),
    tokenRevoke: async (id, flags) => print(await (await tokens()).revokeToken(placeOf(flags), id, flags)),
    verify: async (flags) => (await store()).runVerify(flags, { place: placeOf(flags), print, signal: stop.signal }),
    materialise: async (flags) =>
      (await store()).runMaterialise(withToken(flags), { place: placeOf(flags), print, signal: stop.signal }),
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

/** Serves until a signal; a second one ends it at once. */
async function serve(flags: ServeFlags, stop: Stop): Promise<number> {
  const config = readConfig();
  const { port = config.port, host = config.host, data = config.dataFolder } = flags;
  const { startService } = await service();
  const running = await startService({ ...config, port, host, dataFolder: data }, packageVersion());
  try {
    if (running.open) warn(OPEN);
    running.ready();
    const { url } = running;
    print(
      flags.json ? JSON.stringify({ event: 'serving', url }) : `Plumbline collector at ${url} (API at ${url}/docs)`,
    );
    if (!stop.signal.aborted) await once(stop.signal, 'abort');
  } finally {
    await running.close();
  }
  return stop.reason() === 'SIGINT' ? ERROR_CODES.interrupted.exit : 0;
}

const OPEN =
  'plumbline: there is no token, so every program of this machine may do everything. Make one: plumbline token create.';

function placeOf({ data }: { readonly data?: string }): StorePlace {
  const config = readConfig();
  return { ...config, dataFolder: data ?? config.dataFolder };
}

/** A flag stands in the list of processes, a variable does not. */
function withToken<Flags extends { readonly token?: string }>(flags: Flags): Flags {
  const token = flags.token ?? readConfig().clientToken;
  return token === undefined ? flags : { ...flags, token };
}

/** The service with its files in a folder that is gone afterwards, unless one is named, and traffic for it. */
async function demo(flags: DemoFlags, stop: Stop): Promise<number> {
  const given = readConfig();
  const display = createDisplay(process.stdout, flags.json ? 'json' : process.stdout.isTTY ? 'terminal' : 'lines');
  const temporary = flags.data === undefined ? await mkdtemp(join(tmpdir(), 'plumbline-demo-')) : undefined;
  const { port = given.port, host = given.host, data: dataFolder = temporary ?? given.dataFolder, zeroHold } = flags;
  const { startService, withOwnToken } = await service();
  const own = { databaseUrl: undefined, artifactsUrl: undefined, zeroHoldSeconds: zeroHold };
  const scopes = flags.drift ? (['admin', 'ingest'] as const) : (['read', 'ingest'] as const);
  const { config, token } = withOwnToken({ ...given, ...own, port, host, dataFolder }, scopes);
  try {
    const running = await startService(config, packageVersion());
    try {
      const environment = {
        ...{ url: running.url, token: running.open ? undefined : (token ?? given.clientToken) },
        idPrefix: temporary === undefined ? randomUUID() : 'electricity',
        ...{ display, warn, now, signal: stop.signal, onReady: running.ready },
      };
      if (flags.drift) await runLoop(flags, { ...environment, look: running.inside.goOn });
      else await runDemo(flags, { ...environment, service: running.inside });
    } finally {
      await running.close();
    }
  } finally {
    if (temporary !== undefined) await rm(temporary, { recursive: true, force: true });
  }
  return stop.reason() === 'SIGINT' ? ERROR_CODES.interrupted.exit : 0;
}

async function replay(file: string, flags: ReplayFlags, stop: Stop): Promise<number> {
  const { json, reference, window, collector, token, positive, ...given } = flags;
  const { model, version, task, labelDelay, speed, ...columns } = given;
  if (collector === undefined && token !== undefined)
    throw new PlumblineError('usage', '--token: there is no --collector it is for.', 'Name one, or leave it out.');
  const live = process.stderr.isTTY && !json;
  const options = {
    ...{ file, model, version, task, labelDelay, speed, columns },
    ...(positive !== undefined && { positive }),
    ...(reference !== undefined && { reference }),
  };
  const environment = {
    warn,
    onProgress: (rows: number) => void (live && process.stderr.write(`\r${rows} rows`)),
    now,
    signal: stop.signal,
  };
  try {
    const target =
      collector === undefined ? undefined : withToken({ url: collector, ...(token !== undefined && { token }) });
    const report = target
      ? await replayToCollector({ ...options, collector: target }, environment)
      : await replayFile({ ...options, window }, environment);
    if (live) process.stderr.write('\r\u001B[K');
    print(json ? JSON.stringify(report, undefined, 2) : reportText(report));
  } catch (error) {
    // Whoever stops a replay whose collector is away wants it to end, and not to hear that there is no report.
    if (stop.reason() === undefined) throw error;
  }
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
