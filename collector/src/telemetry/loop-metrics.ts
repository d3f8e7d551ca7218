/** The part of the table that tells of experiments and retraining. */
import { counter, gauge, type MetricSpec } from './metric-spec.ts';

const EXPERIMENT = ['model', 'experiment', 'version'] as const;
const RUN_BOUNDS = [1, 5, 15, 60, 300, 900, 1800, 3600, 7200, 14400, 28800, 86400];

/** Rows of the table, see `names.ts`. */
export const LOOP_METRICS = {
  retrainingRuns: counter(
    'ml.retraining.runs',
    ['model', 'trigger', 'result'],
    'Runs of retraining by how they ended, and those that were refused',
  ),
  retrainingDuration: {
    name: 'ml.retraining.duration.seconds',
    kind: 'histogram',
    labels: ['model'],
    description: 'Time from the start of a run of retraining to its end',
    unit: 's',
    boundaries: RUN_BOUNDS,
  },
  retrainingCooldown: gauge(
    'ml.retraining.cooldown.seconds',
    ['model'],
    'Seconds until the next run may start; 0 where nothing cools down',
  ),
  experimentWeight: gauge(
    'ml.experiment.weight',
    EXPERIMENT,
    'Share of new keys this arm of a running experiment gets',
  ),
  experimentAssignments: counter('ml.experiment.assignments', EXPERIMENT, 'Predictions of an arm, shadows left out'),
  experimentGuardrail: counter('ml.experiment.guardrail', EXPERIMENT, 'Times an arm lost its weight by a guardrail'),
} as const satisfies Record<string, MetricSpec>;
