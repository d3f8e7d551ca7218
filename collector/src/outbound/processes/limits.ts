/** Bounds of programs that no policy sets. */
import { DEFAULT_LIMITS } from '../../registry/artifact-intake.ts';
import type { CommandLimits } from './run-command.ts';

/** A folder may hold what an artifact may; output beyond 1 MiB comes slowly; three seconds from SIGTERM to SIGKILL, so that a service that is stopped ends in time. */
export const COMMAND_LIMITS: CommandLimits = {
  ...DEFAULT_LIMITS,
  ...{ grace: 3_000, watchEvery: 2_000, freeOutputBytes: 1024 * 1024 },
};
