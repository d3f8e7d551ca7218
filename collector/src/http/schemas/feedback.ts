/** Feedback as it is sent, listed, decided on and made into training examples. */
import Type from 'typebox';
import { FEEDBACK_STATUSES } from '../../feedback/feedback.ts';
import { EXPORT_FORMATS } from '../../feedback/training-example.ts';
import { ANNOTATOR_KINDS } from '../../prediction.ts';
import { MAX_EXPLANATION, MAX_INPUT } from '../../monitor/feedback-fields.ts';
import { AnyJson, CLOSED, Moment, Name, Nullable, PAGE_QUERY, TimeText } from './common.ts';
import { Id, Predicted, Time } from './ingest.ts';

const Kind = Type.Enum([...ANNOTATOR_KINDS]);
const AnnotatorName = Type.String({ minLength: 1, maxLength: 256 });
const Status = Type.Enum([...FEEDBACK_STATUSES]);

/** Feedback. */
export const FeedbackRowSchema = Type.Object(
  {
    model: Name('Model'),
    id: Id,
    input: Type.Optional(Type.Unknown({ description: `What the user gave: JSON of at most ${MAX_INPUT} characters` })),
    correct: Type.Boolean({ description: 'Whether the prediction was right' }),
    correctedLabel: Type.Optional(Predicted),
    explanation: Type.Optional(Type.String({ maxLength: MAX_EXPLANATION })),
    annotator: Type.Optional(
      Type.Union([Kind, Type.Object({ kind: Kind, name: Type.Optional(AnnotatorName) })], {
        description: 'Who judged',
      }),
    ),
    score: Type.Optional(Type.Number({ description: 'A rating, on a scale of your own' })),
    identifier: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 256,
        description: 'Of one prediction and identifier the later row replaces the earlier one',
      }),
    ),
    timestamp: Type.Optional(Time),
  },
  { $id: 'Feedback', ...CLOSED },
);

/** An item of the queue. */
export const FeedbackItemSchema = Type.Object(
  {
    id: Type.String({ description: 'Of the item' }),
    model: Type.String(),
    predictionId: Type.String(),
    version: Nullable(Type.String({ description: 'Of the prediction; null while that is not there' })),
    prediction: Nullable(Predicted),
    correct: Type.Boolean(),
    correctedLabel: Nullable(Predicted),
    input: AnyJson,
    explanation: Nullable(Type.String()),
    annotator: Nullable(Type.Object({ kind: Kind, name: Type.Optional(Type.String()) })),
    score: Nullable(Type.Number()),
    identifier: Nullable(Type.String()),
    timestamp: Moment,
    receivedAt: Moment,
    status: Status,
    label: Nullable(Predicted),
    review: Nullable(Type.Object({ at: Moment, actor: Type.Ref('Actor'), reason: Nullable(Type.String()) })),
  },
  { $id: 'FeedbackItem' },
);

/** Query of the queue. */
export const FeedbackListQuery = Type.Object(
  { ...PAGE_QUERY, status: Type.Optional(Status), order: Type.Optional(Type.Enum(['newest', 'oldest'])) },
  CLOSED,
);

/** Path of an item. */
export const FeedbackPath = Type.Object({
  model: Name('Model'),
  id: Type.String({ pattern: '^[0-9a-f]{32}$', description: 'Item' }),
});

/** Body of `POST …/review`. */
export const ReviewBody = Type.Object(
  {
    decision: Type.Enum(['accepted', 'rejected']),
    correctedLabel: Type.Optional(Predicted),
    reason: Type.Optional(Type.String({ maxLength: 2000, description: 'Why; it stands in the audit log' })),
  },
  CLOSED,
);

/** Query of the patterns. */
export const PatternsQuery = Type.Object(
  {
    version: Type.Optional(Name('Version; default: all')),
    from: Type.Optional(TimeText('Predictions made from then on')),
    to: Type.Optional(TimeText('Predictions made before')),
  },
  CLOSED,
);

const TESTED = {
  n: Type.Integer({ description: 'Predictions' }),
  errors: Type.Integer(),
  rate: Type.Number({ description: 'Errors of the predictions' }),
  lift: Type.Number({ description: 'How many times the rate of all' }),
  p_value: Type.Number({ description: "Fisher's exact test, one-sided" }),
  p_adjusted: Type.Number({ description: 'By Benjamini and Hochberg' }),
  significant: Type.Boolean(),
};
const Edge = Type.Optional(Nullable(Type.Number()));

/** What errors have in common. */
export const PatternsAnswer = Type.Object(
  {
    model: Type.String(),
    version: Nullable(Type.String()),
    from: Nullable(Moment),
    to: Nullable(Moment),
    n: Type.Integer({ description: 'Predictions with feedback that is not rejected' }),
    errors: Type.Integer(),
    truncated: Type.Boolean({ description: 'There was more: this is the newest' }),
    verdict: Type.Enum(['tested', 'insufficient_data']),
    alpha: Type.Number(),
    tests: Type.Integer(),
    confusions: Type.Array(
      Type.Object({ predicted: Type.String(), actual: Type.String(), n: Type.Integer(), share: Type.Number() }),
    ),
    classes: Type.Array(Type.Object({ class: Type.String(), ...TESTED })),
    segments: Type.Array(Type.Object({ segment: Type.String(), ...TESTED })),
    features: Type.Array(
      Type.Object({
        feature: Type.String(),
        above: Edge,
        upTo: Edge,
        category: Type.Optional(Type.String()),
        missing: Type.Optional(Type.Boolean()),
        ...TESTED,
      }),
    ),
    words: Type.Object({
      n: Type.Integer({ description: 'Predictions with an explanation' }),
      items: Type.Array(Type.Object({ word: Type.String(), ...TESTED })),
    }),
  },
  { $id: 'FeedbackPatterns' },
);

/** Body of `POST …/feedback/export`. */
export const ExportBody = Type.Object(
  {
    format: Type.Optional(Type.Enum([...EXPORT_FORMATS], { description: 'Default: jsonl' })),
    source: Type.Optional(
      Type.Enum(['all', 'feedback'], {
        description: '`feedback` (default): accepted feedback alone; `all`: every labelled prediction',
      }),
    ),
    from: Type.Optional(TimeText('Predictions made from then on')),
    to: Type.Optional(TimeText('Predictions made before')),
    features: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 256 }), { minItems: 1, maxItems: 1000 })),
    after: Type.Optional(Type.String({ maxLength: 40, description: '`position` of the last example that arrived' })),
    minCount: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 1_000_000,
        description: 'Predictions with accepted feedback at least (100)',
      }),
    ),
    feedbackWeight: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 1_000_000 })),
  },
  CLOSED,
);

/** Refused: how many are accepted, and how many are needed. */
export const ExportRefused = Type.Object(
  {
    message: Type.String(),
    code: Type.String(),
    help: Type.String(),
    requestId: Type.String(),
    accepted: Type.Optional(Type.Integer()),
    minCount: Type.Optional(Type.Integer()),
  },
  { $id: 'ExportRefused' },
);
