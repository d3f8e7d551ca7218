/** Runs versions on data by local commands: `…command --model DIR --data PATH --output FILE`. */
import { lstat } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import type { PredictJob, PredictOutcome, Predictor, OnOutput } from '../retraining/trainer.ts';
import { readAnswers } from './answer-file.ts';
import { freshFolder, WORK, type CommandGround } from './command-trainer.ts';
import { allowedEnvironment, type Environment } from './processes/environment.ts';
import { stateOf, tamperingOf } from './processes/folder-guard.ts';
import { entriesBelow } from './processes/folder-sizes.ts';
import { COMMAND_LIMITS } from './processes/limits.ts';
import { outcomeOf } from './processes/outcome.ts';
import { runCommand, type CommandLimits } from './processes/run-command.ts';

/** What a predictor needs of the service. */
export interface PredictorOptions {
  /** The service's own environment; `PATH`, `HOME`, `LANG` and `TZ` of it are given on. */
  readonly environment: Environment;
  readonly limits?: Partial<CommandLimits>;
}

/** Makes the predictor. */
export function createPredictor({ environment, limits }: PredictorOptions): Predictor {
  const ground = { environment, limits: { ...COMMAND_LIMITS, ...limits } };
  return { predict: (job, signal, onOutput) => predict(ground, job, signal, onOutput) };
}

async function predict(
  { environment: own, limits }: CommandGround,
  job: PredictJob,
  signal: AbortSignal,
  onOutput: OnOutput,
): Promise<PredictOutcome> {
  const { folder, dataPath, modelFolder, outputPath, timeoutSeconds, expected } = job;
  const workFolder = await freshFolder(folder);
  const guarded = {
    folder,
    free: [WORK, relative(folder, outputPath)],
    files: [dataPath, ...(await filesOf(modelFolder))],
  };
  const before = await stateOf(guarded);
  const end = await runCommand(
    {
      ...{ folder, workFolder, timeoutSeconds, limits, onOutput },
      command: [...job.command, '--model', modelFolder, '--data', dataPath, '--output', outputPath],
      // Python would write its cache among the files of the model, which must stay as they are.
      environment: { ...allowedEnvironment(own, []), PYTHONDONTWRITEBYTECODE: '1' },
    },
    signal,
  );
  const isFine = end.ending.how === 'exited' && end.ending.exitCode === 0;
  const tampering = await tamperingOf(guarded, before);
  const read = isFine && tampering === undefined ? await answersOf(outputPath, expected) : undefined;
  const faults = [tampering, read?.fault].filter((fault) => fault !== undefined);
  const outcome = outcomeOf(end, { timeoutSeconds, freeOutputBytes: limits.freeOutputBytes, faults });
  return { ...outcome, answers: outcome.end === 'finished' ? (read?.answers ?? null) : null };
}

async function answersOf(path: string, expected: PredictJob['expected']) {
  const found = await lstat(path).catch(() => undefined);
  if (!found) return { fault: `it left no answers: there is no file ${basename(path)} at the place --output names` };
  if (!found.isFile() || found.nlink > 1) return { fault: 'what it left at the place --output names is no plain file' };
  return readAnswers(path, expected);
}

async function filesOf(folder: string): Promise<string[]> {
  const files: string[] = [];
  for await (const { path, kind } of entriesBelow(folder)) if (kind === 'file') files.push(join(folder, path));
  return files.sort();
}
