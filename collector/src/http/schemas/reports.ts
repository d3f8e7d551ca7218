/** Performance, drift and distribution as they are answered: the fields programs rest on; there are more. */
import Type from 'typebox';
import { Moment, Nullable } from './common.ts';

const Metrics = Type.Record(Type.String(), Type.Ref('Measured'));
const Share = Nullable(Type.Number({ minimum: 0, maximum: 1 }));

const ClassMetrics = Type.Object({
  class: Type.String(),
  support: Type.Number(),
  precision: Type.Number(),
  recall: Type.Number(),
  f1: Type.Number(),
});

/** Answer of `…/performance`. */
export const PerformanceAnswer = Type.Object(
  {
    model: Type.String(),
    version: Type.String(),
    task: Type.String(),
    from: Nullable(Moment),
    to: Nullable(Moment),
    predictions: Type.Number(),
    labeled: Type.Number(),
    labeled_share: Share,
    coverage: Share,
    final: Type.Boolean({ description: 'Only corrections can change the numbers still' }),
    pending: Type.Number(),
    metrics: Metrics,
    classes: Type.Array(ClassMetrics),
    confusion: Nullable(
      Type.Record(Type.String(), Type.Record(Type.String(), Type.Number()), { description: '[actual][predicted]' }),
    ),
    windows: Type.Array(Type.Object({})),
    segments: Type.Array(Type.Object({})),
    detectors: Type.Array(Type.Object({})),
  },
  { $id: 'Performance' },
);

const Verdict = Type.Enum(['stable', 'drifted', 'insufficient_data']);
const DriftTest = Type.Object({
  statistic: Type.String(),
  value: Nullable(Type.Number()),
  threshold: Type.Number(),
  null_quantile: Nullable(Type.Number()),
  p_value: Nullable(Type.Number()),
  p_adjusted: Nullable(Type.Number()),
  n: Type.Number(),
  m: Type.Number(),
  drifted: Type.Boolean(),
});

/** Answer of `…/drift`. */
export const DriftAnswer = Type.Object(
  {
    model: Type.String(),
    version: Type.String(),
    reference: Nullable(Type.String()),
    verdict: Verdict,
    window: Nullable(Type.Object({ index: Type.Number(), start: Type.Number(), end: Type.Number() })),
    features: Type.Array(
      Type.Object({
        feature: Type.String(),
        type: Type.String(),
        verdict: Verdict,
        tests: Type.Array(DriftTest),
      }),
    ),
    previous: Nullable(Type.Object({})),
    lasting: Type.Object({}),
  },
  { $id: 'Drift' },
);

/** Answer of `…/distribution`. */
export const DistributionAnswer = Type.Object(
  {
    model: Type.String(),
    version: Type.String(),
    n: Type.Number(),
    closed: Type.Boolean(),
    classes: Type.Array(Type.Object({ class: Type.String(), count: Type.Number(), share: Type.Number() })),
    shift: Type.Object({}),
    reference_shift: Nullable(Type.Object({})),
  },
  { $id: 'Distribution' },
);
