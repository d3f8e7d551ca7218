/** Stages, gates and policies as they are sent and answered. */
import Type from 'typebox';
import { AnyJson, CLOSED, Moment, Name, Nullable } from './common.ts';
import { StageName } from './models.ts';
import { RetrainingChangesSchema, RetrainingPolicySchema } from './retraining-policy.ts';

const Reason = Type.String({ minLength: 1, maxLength: 2000, description: 'Why; it stands in the audit log' });

/** Body of `POST …/transition`. */
export const TransitionBody = Type.Object(
  {
    to: StageName,
    reason: Reason,
    override: Type.Optional(Type.Boolean({ description: 'Past the gates; asks for the scope admin' })),
  },
  CLOSED,
);

/** Body of `POST …/rollback`. */
export const RollbackBody = Type.Object({ to: Name('Version to go back to'), reason: Reason }, CLOSED);

const Metric = Type.String({ minLength: 1, maxLength: 100 });
const GateSchema = Type.Object(
  { metric: Metric, min: Type.Optional(Type.Number()), max: Type.Optional(Type.Number()) },
  CLOSED,
);
const Gates = Type.Array(GateSchema, { maxItems: 50 });
const Threshold = Type.Object(
  { critical: Type.Optional(Type.Number()), warning: Type.Optional(Type.Number()) },
  CLOSED,
);

const POLICY = {
  revision: Type.Integer({ minimum: 0, description: 'Grows with each change' }),
  gates: Type.Object({ staging: Gates, production: Gates }, CLOSED),
  evidence: Type.Object(
    {
      windowDays: Type.Number({ exclusiveMinimum: 0, maximum: 3650 }),
      minimum: Type.Integer({ minimum: 1, description: 'Labelled predictions at least' }),
      source: Type.Enum(['store', 'prometheus']),
    },
    CLOSED,
  ),
  thresholds: Type.Record(Metric, Threshold),
  retentionDays: Type.Number({ exclusiveMinimum: 0, maximum: 36_500 }),
  labelDeadlineSeconds: Type.Number({ exclusiveMinimum: 0, maximum: 3_153_600_000 }),
  labelExpirySeconds: Type.Number({ exclusiveMinimum: 0, maximum: 3_153_600_000 }),
  predictCommand: Nullable(Type.Array(Type.String({ maxLength: 4096 }), { minItems: 1, maxItems: 100 })),
};

/** A policy. */
export const PolicyAnswer = Type.Object(
  { model: Type.String(), ...POLICY, retraining: RetrainingPolicySchema },
  { $id: 'Policy', additionalProperties: true },
);
/** Body of `PUT …/policy`: what is named is replaced, the rest stays; of gates, evidence and retraining each part by itself. */
export const PolicyBody = Type.Partial(
  Type.Object({
    ...{ ...POLICY, retraining: RetrainingChangesSchema },
    gates: Type.Partial(POLICY.gates, CLOSED),
    evidence: Type.Partial(POLICY.evidence, CLOSED),
  }),
  CLOSED,
);

const GateAnswer = Type.Object(
  {
    metric: Type.String(),
    need: Type.Number(),
    direction: Type.Enum(['at_least', 'at_most']),
    value: Nullable(Type.Number()),
    n: Type.Number(),
    met: Type.Boolean(),
    source: Nullable(Type.String()),
    why: Nullable(Type.String()),
  },
  { $id: 'Gate' },
);
/** All schemas with a name of this file. */
export const GATE_ANSWER = GateAnswer;

/** What the gates of a move say now. */
export const GatesAnswer = Type.Object({
  model: Type.String(),
  version: Type.String(),
  to: StageName,
  met: Type.Boolean(),
  gates: Type.Array(Type.Ref('Gate')),
});

/** A move refused: `gates` where they are the reason. */
export const MoveRefused = Type.Object(
  {
    message: Type.String(),
    code: Type.String(),
    help: Type.String(),
    requestId: Type.String(),
    gates: Type.Optional(Type.Array(Type.Ref('Gate'))),
  },
  { $id: 'MoveRefused' },
);

/** A move as it happened. */
export const TransitionAnswer = Type.Object(
  {
    model: Type.String(),
    version: Type.String(),
    from: StageName,
    to: StageName,
    kind: Type.Enum(['promoted', 'rolled_back', 'deprecated', 'overridden']),
    at: Moment,
    actor: Type.Ref('Actor'),
    reason: Type.String(),
    evidence: AnyJson,
  },
  { $id: 'Transition' },
);

/** Which version was in production. */
export const LiveAnswerSchema = Type.Object(
  {
    model: Type.String(),
    at: Moment,
    version: Nullable(Type.String()),
    transition: Nullable(Type.Ref('Transition')),
    since: Nullable(Moment),
    until: Nullable(Moment),
  },
  { $id: 'Live' },
);
