/** Which moves there are. Rollback is not among them: it is a request of its own, for a version that has been in production. */
import { PlumblineError } from '../errors.ts';
import type { Stage } from '../registry/model-version.ts';

/** From each stage, where a version may go. */
export const MOVES: Readonly<Record<Stage, readonly Stage[]>> = {
  development: ['staging'],
  staging: ['production'],
  production: ['deprecated'],
  deprecated: [],
};

/** @throws PlumblineError `transition_not_allowed` naming the moves there are */
export function checkMove(from: Stage, to: Stage): void {
  if (MOVES[from].includes(to)) return;
  const help =
    from === 'deprecated'
      ? 'A version that has been in production comes back by a rollback; else save it as a new version.'
      : `From ${from} a version can only go to ${MOVES[from].join(', ')}.`;
  throw new PlumblineError('transition_not_allowed', `There is no move from ${from} to ${to}.`, help);
}
