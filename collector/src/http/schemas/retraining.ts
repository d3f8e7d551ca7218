/** Runs of retraining as they are asked for and answered. */
import Type from 'typebox';
import { ENDED, REFUSALS, TRIGGERS, WORKING } from '../../retraining/run.ts';
import { AnyJson, CLOSED, Moment, Name, Nullable } from './common.ts';

const Reason = Type.String({ minLength: 1, maxLength: 2000, description: 'Why; it stands in the audit log' });
const Trigger = Type.Enum([...TRIGGERS]);

/** Path of a run. */
export const RunPath = Type.Object({
  model: Name('Model'),
  run: Type.String({ pattern: '^[A-Za-z0-9-]{1,64}$', description: 'Run' }),
});

/** Body of `POST …/retraining`. */
export const RetrainBody = Type.Object(
  {
    reason: Reason,
    override: Type.Optional(Type.Boolean({ description: 'Past cooldown and budget; asks for the scope admin' })),
  },
  CLOSED,
);
/** Body of `POST …/cancel`. */
export const CancelBody = Type.Object({ reason: Reason }, CLOSED);

/** What a trainer elsewhere reports. */
export const CallbackBody = Type.Object(
  {
    status: Type.Enum(['running', 'finished', 'failed']),
    reason: Type.Optional(Type.String({ maxLength: 2000, description: 'For people' })),
  },
  CLOSED,
);
/** The same with files, as the document shows it. */
export const CallbackUpload = Type.Unsafe<undefined>({
  type: 'object',
  description: 'Fields first, then the files of the artifact and metrics.json; their names are their paths',
  properties: {
    ...{ status: { type: 'string', enum: ['running', 'finished', 'failed'] }, reason: { type: 'string' } },
    files: { type: 'array', items: { type: 'string', format: 'binary' } },
  },
  required: ['status'],
});

const RUN = {
  run: Type.String(),
  model: Type.String(),
  trigger: Trigger,
  reason: Type.String(),
  actor: Type.Ref('Actor'),
  state: Type.Enum([...WORKING, ...ENDED]),
  startedAt: Moment,
  updatedAt: Moment,
  endedAt: Nullable(Moment),
  outcome: Nullable(Type.String({ description: 'Why it is in this state' })),
  incumbent: Nullable(Type.String({ description: 'Version in production when it started' })),
  version: Nullable(Type.String({ description: 'Version that was saved' })),
  policyRevision: Type.Integer({ minimum: 0 }),
};

/** A run in a list. */
export const RunSummaryAnswer = Type.Object(RUN, { $id: 'RetrainingRunSummary' });

/** A run in full. */
export const RunAnswer = Type.Object(
  {
    ...RUN,
    steps: Type.Array(
      Type.Object({
        state: Type.Enum([...WORKING, ...ENDED]),
        at: Moment,
        reason: Nullable(Type.String()),
        evidence: AnyJson,
      }),
    ),
    log: Type.String({ description: 'Beginning and end of what the trainer printed; secrets are masked' }),
    cancelRequested: Type.Boolean(),
  },
  { $id: 'RetrainingRun' },
);

const Refusal = Type.Object({
  code: Type.Enum([...REFUSALS]),
  message: Type.String(),
  until: Nullable(Moment),
});

/** The dry run. */
export const PlanAnswer = Type.Object(
  {
    model: Type.String(),
    at: Moment,
    would: Type.Enum(['start', 'refuse', 'wait']),
    why: Type.String(),
    trigger: Nullable(Trigger),
    refusal: Nullable(Refusal),
    triggers: Type.Array(
      Type.Object({
        trigger: Trigger,
        on: Type.Boolean(),
        value: Nullable(Type.Union([Type.Number(), Type.String()])),
        need: Nullable(Type.Union([Type.Number(), Type.String()])),
        n: Nullable(Type.Number()),
        met: Type.Boolean(),
        why: Type.String(),
      }),
    ),
    cooldown: Type.Object({ hours: Type.Number(), secondsLeft: Type.Number(), until: Nullable(Moment) }),
    budget: Type.Object({ perWeek: Type.Number(), used: Type.Number(), left: Type.Number() }),
    running: Nullable(Type.String()),
    then: AnyJson,
  },
  { $id: 'RetrainingPlan' },
);

/** A run refused. */
export const RunRefused = Type.Object(
  {
    message: Type.String(),
    code: Type.String(),
    help: Type.String(),
    requestId: Type.String(),
    refusal: Type.Optional(Refusal),
  },
  { $id: 'RetrainingRefused' },
);

/** Body of `POST /v1/alerts`. It is no one's to refuse: what is not understood is passed over. */
export const AlertBody = Type.Unsafe<unknown>({
  description: 'As Grafana sends it; alerts that fire with action=retrain and a known model count',
});

/** What became of a webhook. */
export const AlertsAnswer = Type.Object(
  {
    ignored: Type.Optional(Type.String({ description: 'Why, where no run was asked for' })),
    alerts: Type.Array(
      Type.Object({
        model: Nullable(Type.String()),
        fingerprints: Type.Array(Type.String()),
        outcome: Type.Enum(['started', 'known', 'refused', 'ignored']),
        run: Nullable(Type.String()),
        reason: Nullable(Type.String()),
        refusal: Nullable(Refusal),
      }),
    ),
  },
  { $id: 'AlertsAnswer' },
);
