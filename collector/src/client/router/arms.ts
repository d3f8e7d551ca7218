/** The versions of a model that run in this process: each call is timed and recorded by its version's monitor. */
import { randomUUID } from 'node:crypto';
import type { PredictionRow } from '../../prediction.ts';
import type { CountingMonitor, Monitor } from '../monitor.ts';
import { defaultRow } from '../wrap.ts';
import type { RoutedExperiment } from './routes.ts';

/** Runs one version; a promise of a result is awaited. */
export type ArmFunction<Input, Result> = (input: Input) => Result;
/** Any of them. */
export type AnyArm = ArmFunction<never, unknown>;
/** What all versions of a router take. */
export type InputOf<Arm extends AnyArm> = [Arm] extends [ArmFunction<infer Input, unknown>] ? Input : never;
/** What one or the other of them gives. */
export type ResultOf<Arm extends AnyArm> = Arm extends ArmFunction<never, infer Result> ? Result : never;

/** What a call is recorded as; key, experiment and `shadowOf` are added. */
export type ToRow<Input, Result> = (input: Input, result: Awaited<Result>) => PredictionRow;

/** What goes wrong around a version, counted in `plumbline_errors_total` beside what its monitor counts itself. */
export const ARM_ERRORS = ['not_deployed', 'shadow_dropped', 'poll_failed'] as const;
/** One of the reasons. */
export type ArmError = (typeof ARM_ERRORS)[number];

/** One call, and the id it was recorded under. */
export interface Call {
  readonly key: string | undefined;
  readonly experiment: RoutedExperiment | null;
  /** Given by the caller. */
  readonly id: string | undefined;
  readonly shadowOf: string | undefined;
  recorded?: string;
}

/** One version. */
export interface Arm<Input, Result> {
  readonly monitor: Monitor;
  /** Its errors pass. The call is recorded when it has a result. */
  readonly predict: (input: Input, call: Call) => Result;
  readonly count: (error: ArmError) => void;
}

/** @param toRow in place of what `Monitor.wrap` records by itself */
export function makeArm<Input, Result>(
  predict: ArmFunction<Input, Result>,
  monitor: Monitor,
  toRow: ToRow<Input, Result> | undefined,
): Arm<Input, Result> {
  const wrapped = monitor.wrap((input: Input, _call: Call) => predict(input), {
    toRow: ([input, call], result) => rowOf(call, toRow ? toRow(input, result) : defaultRow([input], result)),
    onRecorded: (id, [, call]) => {
      call.recorded = id;
    },
  });
  return { monitor, predict: wrapped, count: errorCounter(monitor) };
}

/** The id of a call that could not be recorded is made up: its label will count as one of an unknown prediction. */
export function idOf({ recorded, id }: Call): string {
  return recorded ?? id ?? randomUUID();
}

function rowOf({ key, experiment, id, shadowOf }: Call, row: PredictionRow): PredictionRow {
  const { id: own, ...rest } = row;
  // A shadow often gives the id of the request, as the version that answered did; two predictions cannot have the same.
  const named = shadowOf === undefined ? (id ?? own) : undefined;
  return {
    ...rest,
    ...(named !== undefined && { id: named }),
    ...(key !== undefined && { key }),
    ...(experiment !== null && { experiment }),
    ...(shadowOf !== undefined && { shadowOf }),
  };
}

/** A monitor that is not ours counts nothing but its own. */
function errorCounter(monitor: Monitor & Partial<CountingMonitor>): (error: ArmError) => void {
  return monitor.errorCounter?.(ARM_ERRORS) ?? (() => undefined);
}
