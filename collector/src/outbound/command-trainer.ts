/** Trains by a local command: `…command --data PATH --output DIR`. */
import { mkdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { CommandTrainer, OnOutput, TrainerOutcome, TrainingJob } from '../retraining/trainer.ts';
import { allowedEnvironment, type Environment } from './processes/environment.ts';
import { stateOf, tamperingOf } from './processes/folder-guard.ts';
import { outcomeOf } from './processes/outcome.ts';
import { outputFault } from './processes/output-folder.ts';
import { runCommand, type CommandLimits } from './processes/run-command.ts';

/** Where programs work, below the folder of their run. */
export const WORK = 'work';

/** What the service gives. */
export interface CommandGround {
  /** The service's own environment. */
  readonly environment: Environment;
  readonly limits: CommandLimits;
}

/** Runs the command of a job and looks at what it left. Never rejects for what the command does. */
export async function trainByCommand(
  { environment: own, limits }: CommandGround,
  { command, environment: names }: CommandTrainer,
  job: TrainingJob,
  signal: AbortSignal,
  onOutput: OnOutput,
): Promise<TrainerOutcome> {
  const { folder, dataPath, outputFolder, timeoutSeconds } = job;
  const workFolder = await freshFolder(folder);
  const guarded = { folder, free: [WORK, basename(outputFolder)], files: [dataPath] };
  const before = await stateOf(guarded);
  const end = await runCommand(
    {
      ...{ folder, workFolder, timeoutSeconds, limits, onOutput },
      command: [...command, '--data', dataPath, '--output', outputFolder],
      environment: allowedEnvironment(own, names),
    },
    signal,
  );
  const left =
    end.ending.how === 'exited' && end.ending.exitCode === 0 ? await outputFault(outputFolder, limits) : undefined;
  const faults = [await tamperingOf(guarded, before), left].filter((fault) => fault !== undefined);
  return outcomeOf(end, { timeoutSeconds, freeOutputBytes: limits.freeOutputBytes, faults });
}

/** Makes the folder a program works in, empty. */
export async function freshFolder(folder: string): Promise<string> {
  const work = join(folder, WORK);
  await rm(work, { recursive: true, force: true });
  await mkdir(work);
  return work;
}
