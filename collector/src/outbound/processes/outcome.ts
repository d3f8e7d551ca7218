/** How the end of a program reads to an operator. */
import type { TrainerOutcome } from '../../retraining/trainer.ts';
import type { CommandEnd } from './run-command.ts';

/** What is known of a run beside how its program ended. */
export interface Aftermath {
  readonly timeoutSeconds: number;
  /** Bytes of output that were taken at full speed. */
  readonly freeOutputBytes: number;
  /** What is wrong with what it left or did, as sentences without their ends. */
  readonly faults: readonly string[];
}

/** The outcome, with its reason in a few sentences. */
export function outcomeOf(end: CommandEnd, { timeoutSeconds, freeOutputBytes, faults }: Aftermath): TrainerOutcome {
  const sentences = [...mainSentence(end, timeoutSeconds, faults), ...asides(end, freeOutputBytes)];
  const { ending } = end;
  return {
    end: endOf(end, faults),
    exitCode: ending.how === 'exited' ? ending.exitCode : null,
    reason: sentences.join(' '),
  };
}

function endOf({ ending, survived }: CommandEnd, faults: readonly string[]): TrainerOutcome['end'] {
  if (ending.how === 'timed_out' || ending.how === 'cancelled') return ending.how;
  const isFine = ending.how === 'exited' && ending.exitCode === 0 && faults.length === 0 && !survived;
  return isFine ? 'finished' : 'failed';
}

function mainSentence({ ending }: CommandEnd, timeoutSeconds: number, faults: readonly string[]): string[] {
  const all = faults.map((fault) => `${fault.charAt(0).toUpperCase()}${fault.slice(1)}.`);
  switch (ending.how) {
    case 'exited':
      if (ending.exitCode !== 0) return [`It failed with exit code ${ending.exitCode}; its log says why.`, ...all];
      return all.length === 0 ? ['It ended by itself with exit code 0.'] : ['It ended with exit code 0, but:', ...all];
    case 'killed':
      return [`It was ended by ${ending.signal}, not by Plumbline: perhaps memory ran out.`, ...all];
    case 'not_started':
      return [`The program ${ending.why}.`];
    case 'timed_out':
      return [`It ran longer than ${timeoutSeconds} s and was stopped, with everything it had started.`];
    case 'cancelled':
      return ['It was cancelled, and stopped with everything it had started.'];
    case 'too_large':
      return [`It was stopped: its folder holds ${ending.excess}.`];
    default:
      throw ending satisfies never;
  }
}

function asides({ leftOthers, survived, outputBytes }: CommandEnd, freeOutputBytes: number): string[] {
  return [
    ...(leftOthers ? ['It left processes behind, which were ended.'] : []),
    ...(survived ? ['A process it had started could not be ended.'] : []),
    ...(outputBytes > freeOutputBytes
      ? [
          `It flooded its output with ${outputBytes.toLocaleString('en')} bytes; the log keeps the beginning and the end.`,
        ]
      : []),
  ];
}
