/** What a core of the service is told: what was declared of the model, and what the version was saved with. */
import { parseReference } from '../distribution/parse-reference.ts';
import type { ReferenceProfile } from '../distribution/reference.ts';
import { resolveOptions, type MonitorConfig, type MonitorOptions } from '../monitor/options.ts';
import type { DeclaredModel, KnownVersion } from './declared-model.ts';

/** Settings of the service. */
export interface CoreSettings {
  /** Series a version may hold in one replica (default 10,000). */
  readonly seriesLimit?: number;
  /** Seconds a new series shows 0. */
  readonly zeroHoldSeconds?: number;
}

/** Told of what cannot be used: that must not stop what can. */
type OnProblem = (error: unknown) => void;

/** A reference out of the store, checked: tens of milliseconds for a large one. Undefined where there is none, or none that can be used. */
export function usableReference(value: unknown, onProblem: OnProblem = () => {}): ReferenceProfile | undefined {
  if (value === undefined) return undefined;
  try {
    return parseReference(value);
  } catch (error) {
    onProblem(error);
    return undefined;
  }
}

/** The configuration of a core, or of a replay. @param more what differs from a core that counts */
export function usableConfig(
  known: KnownVersion,
  reference: ReferenceProfile | undefined,
  more: Partial<MonitorOptions> = {},
  onProblem: OnProblem = () => {},
): MonitorConfig {
  const { model, version, declaration, policy, digest } = known;
  const options: MonitorOptions = {
    ...{ model, version, ...(digest !== null && { digest }), labelDeadlineSeconds: policy.deadline / 1000 },
    // The database holds the predictions, and judges the windows.
    ...{ capacity: 1, history: 0, detectors: [], exact: false },
    ...more,
  };
  try {
    return { ...resolveOptions({ ...optionsOf(declaration), ...options }), reference };
  } catch (error) {
    onProblem(error);
    const { task } = declaration;
    return { ...resolveOptions({ ...options, ...(task && { task }) }), reference };
  }
}

function optionsOf({
  task,
  classes,
  positiveClass,
  features,
  segments,
  window,
}: DeclaredModel): Partial<MonitorOptions> {
  const importance = Object.entries(features ?? {}).flatMap(([name, feature]): [string, number][] =>
    feature.importance === undefined ? [] : [[name, feature.importance]],
  );
  return {
    ...(task && { task }),
    ...(classes && { classes }),
    ...(positiveClass !== undefined && { positiveClass }),
    ...(features && { features }),
    ...(segments && { segments }),
    ...(window !== undefined && { window }),
    ...(importance.length > 0 && { drift: { importance: Object.fromEntries(importance) } }),
  };
}
