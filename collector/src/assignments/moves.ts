/** From which state an experiment may go where. */
import { PlumblineError } from '../errors.ts';
import type { AuditAction } from '../audit/audit-event.ts';
import type { ExperimentState } from './experiment.ts';

const MOVES: Readonly<Record<ExperimentState, readonly ExperimentState[]>> = {
  draft: ['running', 'ended'],
  running: ['paused', 'ended'],
  paused: ['running', 'ended'],
  ended: [],
};

/** What is audited of each state that is entered. */
export const MOVE_ACTIONS: Readonly<Record<Exclude<ExperimentState, 'draft'>, AuditAction>> = {
  running: 'experiment.started',
  paused: 'experiment.paused',
  ended: 'experiment.ended',
};

/** @throws PlumblineError `transition_not_allowed` naming the moves there are */
export function checkStateMove(
  name: string,
  from: ExperimentState,
  to: ExperimentState,
): asserts to is Exclude<ExperimentState, 'draft'> {
  if (MOVES[from].includes(to)) return;
  const help =
    from === 'ended'
      ? 'An ended experiment stays as it is; make another one, with another name.'
      : `From ${from} it can go to ${MOVES[from].join(' or ')}.`;
  throw new PlumblineError(
    'transition_not_allowed',
    `state: the experiment "${name}" cannot go from ${from} to ${to}.`,
    help,
  );
}
