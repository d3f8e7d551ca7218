/** `npm run stack`: the collector with demo traffic, Prometheus, Grafana and a mail catcher, until Ctrl-C. */
import { StackError } from './errors.ts';
import { parseOptions } from './options.ts';
import { Stack } from './stack.ts';

/** How the process ends: 130 as a shell expects after Ctrl-C, 0 when it was asked to end. */
const EXIT_CODES = { SIGINT: 130, SIGTERM: 0, SIGHUP: 0 } as const;

const say = (text: string): void => void process.stdout.write(text);

const stack = new Stack(parseOptions(process.argv.slice(2)), say);

async function fail(error: unknown): Promise<never> {
  stack.markFailed();
  await stack.stop();
  const words = error instanceof Error && !(error instanceof StackError) ? error.stack : (error as Error).message;
  process.stderr.write(`${words}\n`);
  process.exit(error instanceof StackError ? error.exitCode : 1);
}

for (const [signal, code] of Object.entries(EXIT_CODES)) {
  process.on(signal, () => {
    // Under npm a Ctrl-C comes twice: from the terminal and from npm, which passes it on.
    if (!stack.stopping) say('\nStopping…\n');
    stack.stop().then(() => process.exit(code), fail);
  });
}

say('Starting…\n');
stack
  .start(process.env)
  .then(() => stack.brokenOff())
  .then(fail, (error: unknown) => {
    // A program that was told to end while others were still starting is no failure.
    if (!stack.stopping) return fail(error);
  });
