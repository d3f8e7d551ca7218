/** Offline evaluations as they are sent and answered. */
import Type from 'typebox';
import { CLOSED, Moment, Name, Nullable, TimeText } from './common.ts';

const Versions = Type.Array(Name('Version'), { minItems: 1, maxItems: 10 });
const TimeLimit = Type.Integer({
  minimum: 1,
  maximum: 86_400,
  description: 'Seconds for each version, 600 by default',
});

/** A row that is sent along. */
const SentRow = Type.Object(
  {
    id: Type.Optional(Type.String({ minLength: 1, maxLength: 256, description: 'Default: its number, from 1' })),
    features: Type.Record(Type.String(), Type.Unknown()),
    label: Type.Unknown({ description: 'What is true, as a label of this model is sent' }),
  },
  CLOSED,
);

const StoredRows = Type.Object(
  {
    from: Type.Optional(TimeText('Predictions made from then on')),
    to: Type.Optional(TimeText('Predictions made before then')),
    source: Type.Optional(
      Type.Enum(['all', 'feedback'], {
        description: 'Every labelled prediction (default), or accepted feedback alone',
      }),
    ),
  },
  CLOSED,
);

/** Body of `POST …/evaluate` as JSON: either `rows` or `stored`. */
export const EvaluateBody = Type.Object(
  {
    versions: Versions,
    rows: Type.Optional(Type.Array(SentRow, { minItems: 1, maxItems: 5_000 })),
    stored: Type.Optional(StoredRows),
    timeLimitSeconds: Type.Optional(TimeLimit),
  },
  CLOSED,
);

/** Query of `POST …/evaluate` where the body is lines of rows. */
export const EvaluateQuery = Type.Object(
  {
    versions: Type.Optional(
      Type.String({ minLength: 1, maxLength: 2_000, description: 'Names separated by commas, with a body of NDJSON' }),
    ),
    timeLimitSeconds: Type.Optional(TimeLimit),
  },
  CLOSED,
);

const Difference = Type.Object({
  from: Type.String({ description: 'The first version' }),
  metric: Type.Enum(['accuracy', 'mae']),
  difference: Type.Ref('Measured'),
  pValue: Nullable(Type.Number({ description: 'Exact McNemar; of a regression the paired t-test' })),
  onlyThis: Nullable(Type.Number({ description: 'Rows only this version got right' })),
  onlyFirst: Nullable(Type.Number()),
});

const EvaluatedVersion = Type.Object({
  version: Type.String(),
  metrics: Type.Record(Type.String(), Type.Ref('Measured')),
  classes: Type.Array(Type.Object({ class: Type.String(), support: Type.Number() }, { additionalProperties: true })),
  latency: Type.Object({
    n: Type.Number({ description: 'Answers that said how long they took' }),
    p50: Nullable(Type.Number()),
    p95: Nullable(Type.Number({ description: 'Seconds' })),
  }),
  difference: Nullable(Difference),
});

/** An evaluation as it stands. */
export const EvaluationAnswer = Type.Object(
  {
    id: Type.String(),
    model: Type.String(),
    versions: Type.Array(Type.String()),
    status: Type.Enum(['running', 'finished', 'failed', 'cancelled', 'interrupted']),
    reason: Nullable(Type.String()),
    createdAt: Moment,
    finishedAt: Nullable(Moment),
    actor: Type.Ref('Actor'),
    result: Nullable(Type.Object({ rows: Type.Number(), versions: Type.Array(EvaluatedVersion) })),
    failed: Type.Array(
      Type.Object({
        version: Type.String(),
        reason: Type.String(),
        log: Type.String({ description: 'The beginning and the end of what it printed' }),
      }),
    ),
  },
  { $id: 'Evaluation' },
);
