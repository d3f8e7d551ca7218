/** Where the streaming detectors stand between never firing and always firing: false alarms and delay on the same streams. */
import { createAdwin } from '../../collector/src/drift/detectors/adwin.ts';
import { createDdm } from '../../collector/src/drift/detectors/ddm.ts';
import type { DetectorReading } from '../../collector/src/drift/detectors/detector.ts';
import { createPageHinkley } from '../../collector/src/drift/detectors/page-hinkley.ts';
import { percent, table } from './markdown.ts';
import { makeUniform } from './random.ts';

/** A detector as a simulation runs it. */
export interface Contender {
  readonly name: string;
  /** A fresh detector; each call takes one value and says whether it alarms. */
  readonly start: () => (error: number) => boolean;
}

/** How one contender did. */
export interface OperatingPoint {
  readonly name: string;
  /** Alarms on a stream whose error rate never changes, per 10⁶ values. */
  readonly falsePerMillion: number;
  /** Share of the shifts that were followed by an alarm within the horizon, before which there was none. */
  readonly detected: number;
  /** Median number of values from the shift to that alarm; null when none was detected. */
  readonly delay: number | null;
  /** Share of the streams that had alarmed before the shift. */
  readonly early: number;
}

/** What streams are drawn. */
export interface StreamPlan {
  readonly before: number;
  readonly after: number;
  /** Values before the shift, and values within which it must be found. */
  readonly warmUp: number;
  readonly horizon: number;
  readonly shifts: number;
  /** Length of the stream without a shift. */
  readonly calm: number;
}

/** The published table: an error rate of 10 % that rises to 20 %. */
export const PLAN: StreamPlan = {
  before: 0.1,
  after: 0.2,
  warmUp: 2_000,
  horizon: 5_000,
  shifts: 400,
  calm: 1_000_000,
};

interface Verbs<State> {
  create(): State;
  record(state: State, input: number): void;
  read(state: State): DetectorReading;
}

function contender<State>(name: string, verbs: Verbs<State>): Contender {
  return {
    name,
    start: () => {
      const state = verbs.create();
      return (error) => {
        verbs.record(state, error);
        return verbs.read(state).detected;
      };
    },
  };
}

/** The detectors at the settings of the table, beside the two that need no data. */
export const CONTENDERS: readonly Contender[] = [
  contender('ADWIN, δ = 0.002 (default)', createAdwin()),
  contender('ADWIN, δ = 0.05', createAdwin({ delta: 0.05 })),
  contender('Page–Hinkley, up, λ = 50 (default)', createPageHinkley({ mode: 'up' })),
  contender('Page–Hinkley, up, λ = 20, δ = 0.02', createPageHinkley({ mode: 'up', threshold: 20, delta: 0.02 })),
  contender('DDM, 3 σ (default)', createDdm()),
  contender('DDM, 4.5 σ, warm start 300', createDdm({ warmStart: 300, driftAt: 4.5 })),
  { name: 'fires at every value', start: () => () => true },
  { name: 'never fires', start: () => () => false },
];

/** Runs one contender. Deterministic by the seed, which is the same for all, so that all see the same streams. */
export function operatingPoint({ name, start }: Contender, plan: StreamPlan, seed: number): OperatingPoint {
  const { before, after, warmUp, horizon, shifts, calm } = plan;
  const uniform = makeUniform(seed);
  let [alarms, early] = [0, 0];
  const calmly = start();
  for (let value = 0; value < calm; value++) alarms += Number(calmly(Number(uniform() < before)));
  const delays: number[] = [];
  for (let shift = 0; shift < shifts; shift++) {
    // Each stream has its own seed: a contender that stops early must not change the streams that follow.
    const next = makeUniform(seed * 1_000_003 + shift + 1);
    const detector = start();
    let alarmed = false;
    for (let value = 0; value < warmUp; value++) alarmed = detector(Number(next() < before)) || alarmed;
    early += Number(alarmed);
    // A detector that alarmed early has started afresh; its delay counts all the same, else it would gain by it.
    for (let value = 1; value <= horizon; value++) {
      if (!detector(Number(next() < after))) continue;
      delays.push(value);
      break;
    }
  }
  delays.sort((a, b) => a - b);
  const falsePerMillion = (alarms * 1e6) / calm;
  const delay = delays[Math.floor(delays.length / 2)] ?? null;
  return { name, falsePerMillion, detected: delays.length / shifts, delay, early: early / shifts };
}

/** The table of all contenders. */
export function operatingPoints(plan: StreamPlan, seed: number): string {
  const rows = CONTENDERS.map((each) => operatingPoint(each, plan, seed)).map((point) => [
    point.name,
    point.falsePerMillion.toFixed(0),
    percent(point.early),
    percent(point.detected),
    point.delay === null ? '–' : String(point.delay),
  ]);
  const wide = `within ${plan.horizon.toLocaleString('en')}`;
  const head = [
    'detector',
    'false alarms per 10⁶',
    `alarm in ${plan.warmUp} calm rows`,
    `shift found ${wide}`,
    'median delay',
  ];
  const rates = `error rate ${percent(plan.before)}, after the shift ${percent(plan.after)}`;
  const made = `${plan.calm.toLocaleString('en')} values without a shift, ${plan.shifts} streams with one, seed ${seed}`;
  return `Errors of 0 and 1, ${rates}; ${made}.\n\n${table(head, rows)}`;
}
