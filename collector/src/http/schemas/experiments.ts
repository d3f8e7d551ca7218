/** Experiments and assignments as they are sent and answered. */
import Type from 'typebox';
import { COMPARED_BY, GUARDED, MODES, STATES } from '../../assignments/experiment.ts';
import { CLOSED, Moment, Name, Nullable } from './common.ts';

const Weight = Type.Number({ minimum: 0, description: 'In proportion to the others' });
const Weights = Type.Record(Type.String({ maxLength: 128 }), Weight);

const Arm = Type.Object({ version: Name('Version'), weight: Weight }, CLOSED);
const RampStep = Type.Object(
  { afterSeconds: Type.Number({ minimum: 0, description: 'That the experiment has run' }), weights: Weights },
  CLOSED,
);
const Guardrail = Type.Object(
  {
    metric: Type.Enum([...GUARDED]),
    limit: Type.Optional(Type.Number({ minimum: 0, description: 'The worst value an arm may have' })),
    margin: Type.Optional(
      Type.Number({ minimum: 0, description: 'How much worse than the control; of a latency the factor' }),
    ),
  },
  CLOSED,
);
const Bandit = Type.Object(
  {
    floor: Type.Number({ exclusiveMinimum: 0, maximum: 1, description: 'Least share of an arm' }),
    everySeconds: Type.Number({ minimum: 1, description: 'Weights are drawn anew after so long' }),
  },
  CLOSED,
);
const State = Type.Enum([...STATES]);

const RULES = {
  description: Type.String({ maxLength: 4000 }),
  mode: Type.Enum([...MODES]),
  metric: Type.Enum([...COMPARED_BY], { description: 'What arms are compared by' }),
  control: Name('The arm the others are compared with; the first one by default'),
  arms: Type.Array(Arm, { minItems: 1, maxItems: 10 }),
  shadows: Type.Array(Name('Version'), { maxItems: 5, description: 'They predict, and never answer' }),
  ramp: Type.Array(RampStep, { maxItems: 50 }),
  guardrails: Type.Array(Guardrail, { maxItems: 20, description: 'Crossed, an arm loses its weight' }),
  bandit: Nullable(Bandit),
  keyWindowSeconds: Type.Number({
    minimum: 0,
    description: 'Predictions of a key count within so many seconds of its first; 0 for that one alone',
  }),
  labelWaitSeconds: Type.Number({ minimum: 1, description: 'A label is waited for so long' }),
};

/** Body of `PUT …/experiments/{experiment}`: what is named is set, the rest stays. */
export const ExperimentBody = Type.Partial(
  Type.Object(
    {
      ...RULES,
      state: State,
      reason: Type.String({ minLength: 1, maxLength: 2000, description: 'Why; a change of the state needs one' }),
      revision: Type.Integer({ minimum: 0, description: 'Refused where it is not the current one' }),
    },
    CLOSED,
  ),
);

const Ranges = Type.Array(
  Type.Object({ version: Type.String(), start: Type.Integer({ minimum: 0 }), end: Type.Integer({ minimum: 1 }) }),
  { description: 'Buckets from start on and before end' },
);
const Epoch = Type.Object({
  number: Type.Integer({ minimum: 1 }),
  since: Moment,
  until: Nullable(Moment),
  cause: Type.String(),
  weights: Weights,
  allocation: Ranges,
});

const EXPERIMENT = {
  model: Type.String(),
  experiment: Type.String(),
  state: State,
  ...RULES,
  salt: Type.String({ description: 'Made once: keys keep their buckets' }),
  revision: Type.Integer({ minimum: 1 }),
  createdAt: Moment,
  startedAt: Nullable(Moment),
  endedAt: Nullable(Moment),
  epoch: Nullable(Epoch),
  stopped: Type.Array(Type.Object({ version: Type.String(), at: Moment, why: Type.String() })),
};

/** An experiment. */
export const ExperimentAnswer = Type.Object(EXPERIMENT, { $id: 'Experiment' });

const Bounds = {
  value: Nullable(Type.Number()),
  low: Nullable(Type.Number()),
  high: Nullable(Type.Number({ description: 'With low where the value lies, at all times together' })),
  asymptotic: Type.Boolean({ description: 'Holds as keys grow many; else at any number' }),
};
const Quantile = Nullable(Type.Number({ description: 'Seconds' }));
const ArmReading = Type.Object({
  version: Type.String(),
  keys: Type.Number({ description: 'Distinct keys whose first exposure it was' }),
  expectedKeys: Type.Number({ description: 'Of all keys, by the weights' }),
  entered: Type.Number({ description: 'Keys whose outcome stands' }),
  labelled: Type.Number(),
  expired: Type.Ref('Measured'),
  metrics: Type.Record(Type.String(), Type.Ref('Measured')),
  latency: Type.Object({ n: Type.Number(), p50: Quantile, p95: Quantile, p99: Quantile }),
  probabilityBest: Nullable(Type.Number({ description: 'Shown, never decides' })),
});
const Difference = Type.Object({
  version: Type.String(),
  metric: Type.String(),
  armValue: Nullable(
    Type.Number({ description: 'With controlValue: means that can be held against each other after a ramp' }),
  ),
  controlValue: Nullable(Type.Number()),
  ...Bounds,
  level: Type.Number(),
  keys: Type.Number(),
  controlKeys: Type.Number(),
});
const Verdict = Type.Object({
  verdict: Type.Enum(['winner', 'no_difference_yet', 'blocked', 'insufficient_data']),
  reason: Type.String(),
  winner: Type.Optional(Type.String()),
  blockedBy: Type.Optional(Type.Enum(['sample_ratio', 'label_expiry'])),
});
const SampleRatio = Type.Object({
  evidence: Type.Number(),
  p: Type.Number({ description: 'Always valid: may be looked at as often as one likes' }),
  alpha: Type.Number(),
  mismatch: Type.Boolean(),
});
const Comparison = Type.Object({
  verdict: Verdict,
  metric: Type.String(),
  alpha: Type.Number(),
  control: Type.String(),
  arms: Type.Array(ArmReading),
  differences: Type.Array(Difference, { description: 'Of each arm from the control' }),
  sampleRatio: SampleRatio,
  waiting: Type.Number({ description: 'Keys whose outcome waits for itself or for one before it' }),
});
const GuardrailReading = Type.Object({
  version: Type.String(),
  metric: Type.String(),
  breached: Type.Boolean(),
  ...Bounds,
  bound: Type.Number(),
  reason: Type.String(),
});

/** An experiment with its epochs, and what was found out. */
export const ExperimentReportAnswer = Type.Object(
  {
    ...EXPERIMENT,
    epochs: Type.Array(Epoch),
    comparedAt: Nullable(Moment),
    comparison: Nullable(Comparison),
    guardrailReadings: Type.Array(GuardrailReading),
  },
  { $id: 'ExperimentReport' },
);

const Production = Type.Object({ model: Type.String(), production: Nullable(Type.String()) });

/** All a router polls. */
export const AssignmentsAnswer = Type.Object(
  {
    items: Type.Array(
      Type.Object({
        model: Type.String(),
        experiment: Type.String(),
        epoch: Type.Integer({ minimum: 1 }),
        salt: Type.String(),
        mode: Type.Enum([...MODES]),
        hash: Type.Enum(['murmur3_32'], { description: 'x86, 32 bits, seed 0, of the UTF-8 text salt:key' }),
        buckets: Type.Integer({ description: 'The bucket of a key is floor(hash * buckets / 2^32)' }),
        allocation: Ranges,
        shadows: Type.Array(Type.String()),
        since: Moment,
      }),
    ),
    models: Type.Array(Production),
  },
  { $id: 'Assignments' },
);

/** Where one key goes. */
export const AssignmentAnswer = Type.Object(
  {
    model: Type.String(),
    version: Nullable(Type.String()),
    experiment: Nullable(
      Type.Object(
        { name: Type.String(), epoch: Type.Integer(), propensity: Type.Number() },
        {
          description: 'To be sent along with the prediction',
        },
      ),
    ),
    reason: Type.Enum(['split', 'random', 'production']),
    shadows: Type.Array(Type.String()),
  },
  { $id: 'Assignment' },
);

/** Path of an experiment. */
export const ExperimentPath = Type.Object({ model: Name('Model'), experiment: Name('Experiment') });

/** Query of `GET /v1/assignments`. */
export const AssignmentsQuery = Type.Object(
  {
    model: Type.Optional(
      Type.Union([Type.String({ maxLength: 20_000 }), Type.Array(Type.String({ maxLength: 200 }), { maxItems: 500 })], {
        description: 'Models, repeated or separated by commas; all by default',
      }),
    ),
  },
  CLOSED,
);

/** Query of `GET …/assignment`. */
export const AssignmentQuery = Type.Object(
  {
    key: Type.Optional(
      Type.String({ minLength: 1, maxLength: 256, description: 'Who is routed; without it the version is drawn' }),
    ),
  },
  CLOSED,
);
