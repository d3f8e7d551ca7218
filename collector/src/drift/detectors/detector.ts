/** What the streaming detectors have in common: they watch a stream of errors, value by value, and say when it changed. */
import { foreignState, type StreamAlgebra } from '../../distribution/state.ts';

/**
 * A detector as state and verbs. There is no `merge`: when a stream changed depends on the order of its values, and two
 * halves do not say which of their values came first. Replicas each watch their own stream.
 */
export type Detector<State> = Omit<StreamAlgebra<State, number, DetectorReading>, 'merge'>;

/** What a detector says after the last value. */
export interface DetectorReading {
  /** Values taken in so far. */
  readonly seen: number;
  /** Values left out because they are no number within ±1e100 (for DDM: neither 0 nor 1). */
  readonly ignored: number;
  /** Values since the start or the last detection that the detector still rests on, and their mean (null without any). */
  readonly n: number;
  readonly mean: number | null;
  /** Whether the last value completed a detection; the next value starts afresh. */
  readonly detected: boolean;
  /** Whether the detector is in its warning zone (DDM only; the others never are). */
  readonly warning: boolean;
  readonly detections: number;
  /** 0-based position of the value that completed the last detection. */
  readonly lastDetection: number | null;
}

/** The part of a state that every detector has. */
export interface DetectorCounts {
  seen: number;
  ignored: number;
  detections: number;
  lastDetection: number | null;
  /** Whether the last value completed a detection. */
  detected: boolean;
}

/** Beyond this the squares of deviations would overflow, and a state of infinities cannot be written as JSON. */
const LARGEST = 1e100;

/** Whether a detector of means takes a value in: a number within ±1e100 (callers are not typed at run time). */
export function isUsable(value: unknown): value is number {
  return typeof value === 'number' && Math.abs(value) <= LARGEST;
}

/** Counts of nothing recorded. */
export function noCounts(): DetectorCounts {
  return { seen: 0, ignored: 0, detections: 0, lastDetection: null, detected: false };
}

/** Marks the value just counted as one that completed a detection. */
export function markDetection(state: DetectorCounts): void {
  state.detected = true;
  state.detections++;
  state.lastDetection = state.seen - 1;
}

/** Checks that data from outside is an object. @throws PlumblineError `foreign_state` */
export function stateRecord(data: unknown, field = 'data'): Readonly<Record<string, unknown>> {
  if (typeof data === 'object' && data !== null && !Array.isArray(data)) return data as Record<string, unknown>;
  throw foreignState(`${field} is no object`);
}

/** The finite number in a field. @throws PlumblineError `foreign_state` naming the field */
export function stateNumber(data: Readonly<Record<string, unknown>>, field: string): number {
  const value = data[field];
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw foreignState(`${field} is no finite number`);
}

/** The whole number ≥ 0 in a field. @throws PlumblineError `foreign_state` naming the field */
export function stateCount(data: Readonly<Record<string, unknown>>, field: string): number {
  const value = stateNumber(data, field);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw foreignState(`${field} is no count`);
}

/** The counts of a serialised state. @throws PlumblineError `foreign_state` naming the field */
export function stateCounts(data: Readonly<Record<string, unknown>>): DetectorCounts {
  const { detected, lastDetection } = data;
  if (typeof detected !== 'boolean') throw foreignState('detected is neither true nor false');
  return {
    seen: stateCount(data, 'seen'),
    ignored: stateCount(data, 'ignored'),
    detections: stateCount(data, 'detections'),
    lastDetection: lastDetection === null ? null : stateCount(data, 'lastDetection'),
    detected,
  };
}

/** Refuses a state that a detector with other settings wrote. @throws PlumblineError `foreign_state` naming the setting */
export function checkSettings(
  data: Readonly<Record<string, unknown>>,
  settings: Readonly<Record<string, unknown>>,
): void {
  const own = stateRecord(data['settings'], 'settings');
  for (const [name, value] of Object.entries(settings)) {
    if (own[name] !== value) throw foreignState(`settings.${name} is ${String(own[name])}, not ${String(value)}`);
  }
}
