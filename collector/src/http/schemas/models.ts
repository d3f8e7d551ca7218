/** Models and versions as they are sent and answered. */
import Type from 'typebox';
import { STAGES } from '../../registry/model-version.ts';
import { AnyJson, CLOSED, Moment, Name, Nullable } from './common.ts';

const Text = Type.String({ maxLength: 10_000 });
const Aliases = Type.Array(Name('Alias'), { maxItems: 50 });
const Tags = Type.Record(Type.String({ maxLength: 100 }), Type.String({ maxLength: 1000 }));
const Numbers = Type.Record(Type.String({ maxLength: 100 }), Type.Number());
/** A stage of a version. */
export const StageName = Type.Enum([...STAGES]);

const Feature = Type.Object(
  {
    type: Type.Optional(Type.Enum(['numeric', 'categorical'])),
    min: Type.Optional(Type.Number()),
    max: Type.Optional(Type.Number()),
    pii: Type.Optional(Type.Enum(['drop', 'hash'])),
    importance: Type.Optional(Type.Number({ minimum: 0 })),
  },
  CLOSED,
);

const DECLARATION = {
  task: Type.Optional(Type.Enum(['classification', 'regression', 'multilabel'])),
  classes: Type.Optional(Type.Array(Type.String({ maxLength: 200 }), { maxItems: 1000 })),
  positiveClass: Type.Optional(Type.String({ maxLength: 200 })),
  features: Type.Optional(Type.Record(Type.String({ maxLength: 200 }), Feature)),
  segments: Type.Optional(Type.Array(Type.String({ maxLength: 200 }), { maxItems: 1000 })),
  description: Type.Optional(Text),
  window: Type.Optional(Type.Integer({ minimum: 1, description: 'Predictions per window of drift' })),
  storeFeatures: Type.Optional(Type.Boolean({ description: 'Whether features are kept; labels join either way' })),
};

/** Body of `PUT /v1/models/{model}`. */
export const ModelDeclarationBody = Type.Object(DECLARATION, CLOSED);

/** A model. */
export const ModelAnswer = Type.Object(
  {
    ...DECLARATION,
    model: Type.String(),
    registered: Type.Boolean({ description: 'False for one that ingest made' }),
    createdAt: Moment,
    production: Nullable(Type.String({ description: 'Version in production' })),
    versions: Type.Integer({ minimum: 0 }),
  },
  { $id: 'Model' },
);

const File = Type.Object({ path: Type.String(), size: Type.Number({ minimum: 0 }), sha256: Type.String() });

/** What the version in production reached on the same rows as the metrics beside it. */
const Covers = Type.Object(
  { version: Name('Version in production'), n: Type.Integer({ minimum: 0 }), metrics: Numbers },
  CLOSED,
);

/** A version. */
export const VersionAnswer = Type.Object(
  {
    model: Type.String(),
    version: Type.String(),
    registered: Type.Boolean(),
    description: Type.String(),
    createdAt: Moment,
    digest: Nullable(Type.String({ description: 'SHA-256 over the list of files' })),
    origin: Nullable(Type.String()),
    stage: Nullable(StageName),
    aliases: Type.Array(Type.String()),
    tags: Type.Record(Type.String(), Type.String()),
    files: Type.Array(File),
    metrics: Type.Record(Type.String(), Type.Number()),
    validation: Nullable(
      Type.Object({ by: Type.Enum(['plumbline', 'reported']), covers: Nullable(Covers), run: Nullable(Type.String()) }),
    ),
    reference: Nullable(Type.Object({}, { description: 'Lists leave it out' })),
    referenceDigest: Nullable(Type.String()),
  },
  { $id: 'Version' },
);

const NEW_VERSION = {
  version: Type.Optional(Name('Name; the next whole number by default')),
  description: Type.Optional(Text),
  aliases: Type.Optional(Aliases),
  tags: Type.Optional(Tags),
  metrics: Type.Optional(Numbers),
  covers: Type.Optional(Covers),
  reference: Type.Optional(Type.Object({}, { description: 'Reference profile, as plumbline profile writes it' })),
};

/** Body of `POST …/versions` without an upload. */
export const NewVersionBody = Type.Object(
  {
    ...NEW_VERSION,
    path: Type.String({ minLength: 1, maxLength: 4096, description: 'Below an allowed root of the service' }),
  },
  CLOSED,
);
/** The fields of an upload, before its files. */
export const UploadFields = Type.Object(NEW_VERSION, CLOSED);

/** An upload as the document shows it: read part by part, so it is not checked against this. */
export const UploadBody = Type.Unsafe<undefined>({
  type: 'object',
  description: 'Fields first, the structured ones as JSON text; then the files, whose names are their paths',
  properties: {
    ...{ version: { type: 'string' }, description: { type: 'string' }, aliases: { type: 'string' } },
    ...{
      tags: { type: 'string' },
      metrics: { type: 'string' },
      covers: { type: 'string' },
      reference: { type: 'string' },
    },
    files: { type: 'array', minItems: 1, items: { type: 'string', format: 'binary' } },
  },
  required: ['files'],
});

/** Body of `PATCH …/versions/{version}`. */
export const VersionChangeBody = Type.Object(
  { description: Type.Optional(Text), aliases: Type.Optional(Aliases), tags: Type.Optional(Tags) },
  CLOSED,
);

const Difference = Type.Object({
  metric: Type.String(),
  a: Nullable(Type.Number()),
  b: Nullable(Type.Number()),
  difference: Nullable(Type.Number()),
});
const Paths = Type.Array(Type.String());

/** How two versions differ. */
export const ComparisonAnswer = Type.Object(
  {
    a: Type.Ref('Version'),
    b: Type.Ref('Version'),
    metrics: Type.Array(Difference),
    files: Type.Object({ added: Paths, removed: Paths, changed: Paths }),
    profile: Nullable(
      Type.Array(
        Type.Object({
          feature: Type.String(),
          type: Type.String(),
          ks: Nullable(Type.Number()),
          js: Nullable(Type.Number()),
        }),
      ),
    ),
  },
  { $id: 'Comparison' },
);

/** An entry of the audit log. */
export const AuditAnswer = Type.Object(
  {
    seq: Type.Integer({ minimum: 1 }),
    time: Moment,
    action: Type.String(),
    actor: Type.Ref('Actor'),
    model: Nullable(Type.String()),
    subject: Nullable(Type.String()),
    reason: Nullable(Type.String()),
    evidence: AnyJson,
    before: AnyJson,
    after: AnyJson,
    requestId: Nullable(Type.String()),
    hash: Type.String(),
  },
  { $id: 'AuditRecord' },
);
