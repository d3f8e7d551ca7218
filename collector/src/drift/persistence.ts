/** Whether drift lasts: k of the last n windows, as the alert rules ask it of Prometheus, for those who ask the process. */
import { checkRecord } from '../distribution/arguments.ts';
import { foreignState, openState, type StreamAlgebra } from '../distribution/state.ts';
import { PlumblineError } from '../errors.ts';
import type { Verdict } from './verdict-names.ts';

const FORMAT = 'plumbline.persistence';
const VERSION = 1;
const MOST = 1_000;
const VERDICTS: readonly unknown[] = ['stable', 'drifted', 'insufficient_data'] satisfies Verdict[];

/** How often drift must be seen to count as lasting. */
export interface Persistence {
  /** Windows that must have drifted … */
  readonly needed: number;
  /** … among the last so many. */
  readonly of: number;
}

/** What alerts ask for: 2 of the last 3 windows. */
export const DEFAULT_PERSISTENCE: Persistence = { needed: 2, of: 3 };

/** The verdicts of the last windows, oldest first. */
export interface PersistenceState {
  readonly last: Verdict[];
}

/** What the last windows say together. */
export interface PersistenceReading {
  /**
   * `drifted` when at least `needed` of them drifted, `insufficient_data` when none of them could be judged (or there is
   * none), else `stable`. A window without enough data takes its place among the last and counts as not drifted.
   */
  readonly verdict: Verdict;
  readonly drifted: number;
  readonly windows: number;
}

/**
 * Makes the state machine. There is no `merge`: the order of the windows is its meaning. Cost: O(of) per window.
 * @throws PlumblineError `invalid_configuration` when needed or of is no whole number with 1 ≤ needed ≤ of ≤ 1,000
 */
export function createPersistence(
  settings: Persistence = DEFAULT_PERSISTENCE,
): Omit<StreamAlgebra<PersistenceState, Verdict, PersistenceReading>, 'merge'> {
  const { needed, of } = checkedPersistence(settings);
  return {
    create: () => ({ last: [] }),
    record: ({ last }, verdict) => {
      if (last.push(verdict) > of) last.shift();
    },
    read: ({ last }) => {
      const drifted = last.filter((verdict) => verdict === 'drifted').length;
      const judged = last.some((verdict) => verdict !== 'insufficient_data');
      const verdict = drifted >= needed ? 'drifted' : judged ? 'stable' : 'insufficient_data';
      return { verdict, drifted, windows: last.length };
    },
    serialise: ({ last }) => ({ format: FORMAT, version: VERSION, data: { needed, of, last: [...last] } }),
    parse: (value) => {
      const data = openState(value, FORMAT, VERSION) as Readonly<Record<string, unknown>> | null;
      if (data?.['needed'] !== needed || data['of'] !== of) throw foreignState(`not of ${needed} in ${of} windows`);
      const last = data['last'];
      const isVerdict = (item: unknown): item is Verdict => VERDICTS.includes(item);
      if (!Array.isArray(last) || last.length > of || !last.every(isVerdict))
        throw foreignState('last are no verdicts');
      return { last: [...last] };
    },
  };
}

/** Checks the numbers. @throws PlumblineError `invalid_configuration` */
export function checkedPersistence(settings: Persistence): Persistence {
  checkRecord(settings, 'persistence');
  const { needed, of } = settings;
  if (Number.isInteger(needed) && Number.isInteger(of) && needed >= 1 && needed <= of && of <= MOST) return settings;
  throw new PlumblineError(
    'invalid_configuration',
    `drift.persistence: ${String(needed)} of ${String(of)} windows cannot be asked for`,
    `Both are whole numbers, 1 ≤ needed ≤ of ≤ ${MOST}; the default is 2 of 3.`,
  );
}
