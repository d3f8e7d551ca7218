/** What many routes share: names, times, pages, measured values, errors. */
import Type, { type TSchema } from 'typebox';

/** Names of models, versions and experiments; `..` is refused before routing. */
export const NAME_PATTERN = '^[A-Za-z0-9](?:[A-Za-z0-9_-]|\\.(?!\\.)){0,127}$';

/** A name with what it names. */
export function Name(description: string) {
  return Type.String({ pattern: NAME_PATTERN, description });
}

/** A time in a query. */
export function TimeText(description: string) {
  return Type.String({ minLength: 1, maxLength: 40, description: `${description}: RFC 3339 or epoch milliseconds` });
}

/** A time in an answer. */
export const Moment = Type.String({ format: 'date-time' });

/** A value or null. */
export function Nullable<Schema extends TSchema>(schema: Schema) {
  return Type.Union([schema, Type.Null()]);
}

/** An object of which no other fields are taken. */
export const CLOSED = { additionalProperties: false } as const;

/** Path of a model. */
export const ModelPath = Type.Object({ model: Name('Model') });
/** Path of a version. */
export const VersionPath = Type.Object({ model: Name('Model'), version: Name('Version') });

/** Most entries of a page. */
export const MAX_PAGE = 500;
/** Entries of a page where nobody asks for another number. */
export const DEFAULT_PAGE = 100;

/** Query of a list. */
export const PAGE_QUERY = {
  limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: MAX_PAGE, description: `Entries of a page, ${DEFAULT_PAGE} by default` }),
  ),
  cursor: Type.Optional(Type.String({ minLength: 1, maxLength: 500, description: '`next` of the page before' })),
};
/** Query of a list without filters. */
export const PageQuery = Type.Object(PAGE_QUERY, CLOSED);

/** A page of a list. */
export function PageOf<Item extends TSchema>(item: Item) {
  return Type.Object({
    items: Type.Array(item),
    next: Nullable(Type.String({ description: 'Cursor of the next page; null on the last' })),
  });
}

/** Any JSON, as it was stored. */
export const AnyJson = Type.Unknown();

/** What every error looks like; some carry more (`gates`, `rejected`). */
export const ErrorAnswer = Type.Object(
  {
    message: Type.String({ description: 'What was wrong, with the name of the field' }),
    code: Type.String({ description: 'For programs' }),
    help: Type.String({ description: 'What to do about it' }),
    requestId: Type.String({ description: 'The same stands in the log and in the header X-Request-Id' }),
  },
  { $id: 'Error' },
);

/** A number that was measured on samples. */
export const MeasuredValue = Type.Object(
  {
    value: Nullable(Type.Number()),
    n: Type.Number({ description: 'Samples' }),
    low: Type.Optional(Nullable(Type.Number())),
    high: Type.Optional(Nullable(Type.Number({ description: 'With low the 95 % interval' }))),
    method: Type.Optional(Type.String()),
  },
  { $id: 'Measured' },
);

/** Who acts. */
export const ActorAnswer = Type.Object(
  {
    name: Type.String(),
    role: Nullable(Type.String()),
    verified: Type.Boolean({ description: 'Whether Grafana signed the name' }),
    token: Nullable(Type.String({ description: 'Id of the token' })),
  },
  { $id: 'Actor' },
);

/** Answers every route may give beside its own. */
export const FAILURES = { '4xx': Type.Ref('Error'), '5xx': Type.Ref('Error') };
