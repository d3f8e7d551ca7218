/** The section `retraining` of a policy as it is sent and answered. */
import Type, { type TSchema } from 'typebox';
import type { RetrainingChanges } from '../../lifecycle/retraining-policy.ts';
import { CLOSED, Nullable } from './common.ts';

const Command = Type.Array(Type.String({ maxLength: 4096 }), { minItems: 1, maxItems: 100 });
const Variables = Type.Array(Type.String({ maxLength: 128 }), {
  maxItems: 50,
  description: 'Environment variables the trainer gets beside PATH, HOME, LANG, TZ',
});
const CommandTrainer = Type.Object({ kind: Type.Literal('command'), command: Command, environment: Variables }, CLOSED);
const WebhookTrainer = Type.Object(
  {
    kind: Type.Literal('webhook'),
    url: Type.String({ maxLength: 2000 }),
    pollSeconds: Type.Number({ minimum: 1 }),
    headers: Type.Optional(
      Type.Record(Type.String({ maxLength: 100 }), Type.String({ maxLength: 128 }), {
        description: 'Header: name of the environment variable that holds its value',
      }),
    ),
    fields: Type.Optional(Type.Record(Type.String({ maxLength: 100 }), Type.Unknown())),
    under: Type.Optional(Type.String({ maxLength: 100 })),
  },
  CLOSED,
);

const Positive = Type.Number({ exclusiveMinimum: 0 });
const Rows = Type.Integer({ minimum: 1 });

const TRIGGERS = {
  alert: Type.Boolean(),
  accuracy: Nullable(
    Type.Object({ below: Type.Number({ minimum: 0, maximum: 1 }), minimum: Rows, windowDays: Positive }, CLOSED),
  ),
  drift: Nullable(Type.Object({ share: Type.Number({ minimum: 0, maximum: 1 }) }, CLOSED)),
  feedback: Nullable(Type.Object({ count: Rows }, CLOSED)),
  schedule: Nullable(
    Type.Object({ cron: Type.String({ maxLength: 200 }), timeZone: Type.String({ maxLength: 100 }) }, CLOSED),
  ),
};
const DATA = {
  windowDays: Positive,
  source: Type.Enum(['all', 'feedback']),
  minimumRows: Rows,
  maximumRows: Rows,
  minimumFeedback: Type.Integer({ minimum: 0, description: 'Accepted feedback feeds a run from so many on' }),
  feedbackWeight: Type.Number({ minimum: 0 }),
};
const VALIDATION = {
  heldOut: Type.Number({ minimum: 0.01, maximum: 0.9, description: 'Share of the newest examples' }),
  minimumRows: Rows,
  metric: Type.String({ minLength: 1, maxLength: 64 }),
  min: Type.Optional(Type.Number()),
  max: Type.Optional(Type.Number()),
  margin: Type.Number({ minimum: 0, description: 'How much worse than the version in production it may be' }),
  timeLimitSeconds: Rows,
};
const Then = Type.Union([
  Type.Object({ do: Type.Literal('development') }, CLOSED),
  Type.Object({ do: Type.Literal('promote'), to: Type.Enum(['staging', 'production']) }, CLOSED),
  Type.Object(
    {
      do: Type.Literal('experiment'),
      weight: Type.Number({ exclusiveMinimum: 0, maximum: 1 }),
      keyWindowSeconds: Type.Optional(Type.Number({ minimum: 0, description: 'Of the experiment; default 3600' })),
    },
    CLOSED,
  ),
]);

function section(part: (properties: Readonly<Record<string, TSchema>>) => TSchema) {
  return {
    trainer: Nullable(Type.Union([CommandTrainer, WebhookTrainer])),
    triggers: part(TRIGGERS),
    cooldownHours: Type.Number({ minimum: 0 }),
    runsPerWeek: Type.Integer({ minimum: 0 }),
    timeLimitSeconds: Rows,
    data: part(DATA),
    validation: part(VALIDATION),
    then: Then,
  };
}

/** The whole section. */
export const RetrainingPolicySchema = Type.Object(
  section((properties) => Type.Object(properties, CLOSED)),
  CLOSED,
);
/** What is changed of it: what is named is replaced, of triggers, data and validation each part by itself. */
export const RetrainingChangesSchema = Type.Unsafe<RetrainingChanges>(
  Type.Partial(
    Type.Object(
      section((properties) => Type.Partial(Type.Object(properties, CLOSED))),
      CLOSED,
    ),
  ),
);
