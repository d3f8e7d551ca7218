/** Runs of real programs in folders of their own. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTrainer } from '../../../../collector/src/outbound/create-trainer.ts';
import type { CommandLimits } from '../../../../collector/src/outbound/processes/run-command.ts';
import { BoundedLog } from '../../../../collector/src/retraining/bounded-log.ts';
import type { TrainingJob } from '../../../../collector/src/retraining/trainer.ts';

/** A folder that goes away with the test file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-run-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

let runs = 0;

/** A job with its data and an empty output folder. */
export function jobIn(root: string, changes: Partial<TrainingJob> = {}): TrainingJob {
  const run = `run-${++runs}`;
  const folder = join(root, run);
  mkdirSync(join(folder, 'output'), { recursive: true });
  const dataPath = join(folder, 'data.jsonl');
  writeFileSync(dataPath, '{"id":"1","label":"yes"}\n');
  return {
    run,
    model: 'churn',
    folder,
    dataPath,
    outputFolder: join(folder, 'output'),
    timeoutSeconds: 600,
    ...changes,
  };
}

/** A Node program that knows `data` and `output`, as a command. */
export function nodeProgram(root: string, code: string): string[] {
  const file = join(root, `program-${++runs}.mjs`);
  writeFileSync(
    file,
    `import { spawn } from 'node:child_process';
import fs from 'node:fs';
const argument = (name) => process.argv[process.argv.indexOf(name) + 1];
const data = argument('--data'), output = argument('--output'), model = argument('--model');
const saveModel = () => fs.writeFileSync(output + '/model.json', '{}');
const forever = 'setInterval(() => {}, 1000);';
${code}`,
  );
  return [process.execPath, file];
}

/** What a program of a test gets of the environment. */
export const ENVIRONMENT = {
  PATH: process.env['PATH'],
  HOME: '/home/somebody',
  DATABASE_URL: 'postgres://secret',
  PLUMBLINE_TOKENS: 'admin:secret',
  AWS_REGION: 'eu-central-1',
  UNNAMED: 'not given',
};

/** Trains by a command. @returns the outcome with the log and the job */
export async function train(
  command: readonly string[],
  job: TrainingJob,
  {
    limits = {},
    signal = new AbortController().signal,
    names = [],
    onOutput,
  }: {
    limits?: Partial<CommandLimits>;
    signal?: AbortSignal;
    names?: string[];
    onOutput?: (text: string) => void;
  } = {},
) {
  const log = new BoundedLog();
  const trainer = createTrainer({ environment: ENVIRONMENT, commandLimits: limits });
  const spec = { kind: 'command', command, environment: names } as const;
  const outcome = await trainer.train(spec, job, signal, (text) => {
    log.write(text);
    onOutput?.(text);
  });
  return { ...outcome, log: log.text(), job };
}
