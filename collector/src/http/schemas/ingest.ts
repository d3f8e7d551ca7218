/** Rows as they are sent, for the documentation: each row is checked where it is taken, so that a bad one does not lose the others. */
import Type from 'typebox';
import { CLOSED, Name, Nullable } from './common.ts';

const Class = Type.Union([Type.String(), Type.Number(), Type.Boolean()]);
/** What was predicted or came true. */
export const Predicted = Type.Union([Class, Type.Array(Class)]);
/** A time in a row. */
export const Time = Type.Union([Type.String(), Type.Number()], {
  description: 'RFC 3339 or epoch milliseconds; default: now',
});
/** Id of a prediction. */
export const Id = Type.String({ minLength: 1, description: 'Id of the prediction, unique within its model' });

/** A prediction. */
export const PredictionRowSchema = Type.Object(
  {
    model: Name('Model; made where there is none'),
    version: Name('Version; made where there is none'),
    id: Type.Optional(Id),
    timestamp: Type.Optional(Time),
    features: Type.Optional(
      Type.Record(Type.String(), Nullable(Type.Union([Type.Number(), Type.String(), Type.Boolean()]))),
    ),
    prediction: Predicted,
    score: Type.Optional(Type.Number({ minimum: 0, maximum: 1, description: 'P(positive class) of a binary model' })),
    scores: Type.Optional(Type.Record(Type.String(), Type.Number({ minimum: 0, maximum: 1 }))),
    durationSeconds: Type.Optional(Type.Number({ minimum: 0 })),
    segment: Type.Optional(Type.String()),
    key: Type.Optional(Type.String({ description: 'Unit of experiments' })),
    experiment: Type.Optional(
      Type.Object({ name: Name('Experiment'), epoch: Type.Integer(), propensity: Type.Optional(Type.Number()) }),
    ),
    shadowOf: Type.Optional(Type.String({ description: 'Id of the prediction whose label joins this one too' })),
  },
  { $id: 'Prediction', ...CLOSED },
);

/** A label. */
export const LabelRowSchema = Type.Object(
  { model: Name('Model'), id: Id, label: Predicted, timestamp: Type.Optional(Time) },
  { $id: 'Label', ...CLOSED },
);

const Rejected = Type.Object({
  index: Type.Integer({ minimum: 0, description: 'Position of the row in the request' }),
  code: Type.String(),
  message: Type.String(),
});

const TAKEN = {
  accepted: Type.Integer({ minimum: 0 }),
  ids: Type.Optional(Type.Array(Type.String(), { description: 'Of the accepted rows, in their order' })),
  rejected: Type.Array(Rejected),
};

/** What became of a batch; what was accepted is durable. */
export const IngestAnswer = Type.Object(TAKEN, { $id: 'IngestResult' });

/** Nothing of the batch was taken. */
export const IngestRefused = Type.Object(
  {
    message: Type.String(),
    code: Type.String(),
    help: Type.String(),
    requestId: Type.String(),
    accepted: Type.Optional(TAKEN.accepted),
    ids: TAKEN.ids,
    rejected: Type.Optional(TAKEN.rejected),
  },
  { $id: 'IngestRefused' },
);

/** Rows as columns: every name once. */
export const ColumnsSchema = Type.Object(
  {
    model: Type.Optional(Name('Model of all rows')),
    version: Type.Optional(Name('Version of all rows')),
    columns: Type.Record(Type.String(), Type.Unknown(), {
      description: 'A value per row by field, null where a row has none; `features` and `scores` hold columns by name',
    }),
    nulls: Type.Optional(
      Type.Record(Type.String(), Type.Unknown(), { description: 'By column, the rows whose value is null itself' }),
    ),
  },
  { $id: 'Columns' },
);

/** One row, a list of them, or columns. */
export function AnyForm(row: string) {
  return Type.Union([Type.Ref(row), Type.Array(Type.Ref(row), { maxItems: 5000 }), Type.Ref('Columns')]);
}
