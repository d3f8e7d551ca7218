/** What a core of the service is told: what was declared of the model, and what the version was saved with. */
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

/** @throws PlumblineError naming what is wrong with the declaration or the reference */
export function coreConfig(
  known: KnownVersion,
  reference: ReferenceProfile | undefined,
  settings: CoreSettings,
  more: Partial<MonitorOptions> = {},
): MonitorConfig {
  const { model, version, declaration, policy, digest } = known;
  return resolveOptions({
    model,
    version,
    ...optionsOf(declaration),
    ...(reference && { reference }),
    ...(digest !== null && { digest }),
    labelDeadlineSeconds: policy.deadline / 1000,
    ...settings,
    // The database holds the predictions, and judges the windows.
    ...{ capacity: 1, history: 0, detectors: [], exact: false },
    ...more,
  });
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
