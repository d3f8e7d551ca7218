/** Reads training examples: in the order their predictions were stored, each prediction once, a page at a time. */
import type { IngestDesk } from '../../labels/desk.ts';
import { BEGINNING, type Place } from '../../labels/place.ts';
import { MAX_AHEAD } from '../../labels/row-fields.ts';
import type { FeatureValue } from '../../prediction.ts';
import type { DeclaredModel } from '../../labels/declared-model.ts';
import type { Registry } from '../../registry/model-version.ts';
import type { ExampleRow, FeedbackStore } from '../feedback-store.ts';
import type { ExampleQuery, ExampleSource, TrainingExample } from '../training-example.ts';
import { mergedByPlace } from './merge.ts';

/** What reading needs of the world around it. */
export interface ExampleEnvironment {
  readonly store: Pick<FeedbackStore, 'versionIds' | 'predictionsOf' | 'acceptedOf'>;
  readonly desk: Pick<IngestDesk, 'withoutPersonal'>;
  readonly registry: Pick<Registry, 'model'>;
  /** Lets others have a turn: ingest goes on meanwhile. */
  readonly pause: () => Promise<void>;
}

/** An example and where it stands, so that reading can go on behind it. */
export interface PlacedExample {
  readonly place: Place;
  readonly example: TrainingExample;
}

/** Rows of a page; where versions are many each has fewer, so that all pages together stay some megabytes. */
const PAGE = 500;
const HELD = 10_000;
const LEAST_PAGE = 20;

/** Makes the source retraining reads. */
export function createExampleSource(environment: ExampleEnvironment): ExampleSource {
  return {
    examples: async function* (query) {
      for await (const { example } of readExamples(environment, query)) yield example;
    },
  };
}

/** @param after the place behind which reading goes on @throws PlumblineError `not_found` for an unknown model */
export async function* readExamples(
  environment: ExampleEnvironment,
  query: ExampleQuery,
  after?: Place,
): AsyncGenerator<PlacedExample> {
  const { store, desk, registry } = environment;
  const { model, from, source } = query;
  const declaration = await registry.model(model);
  // Nothing arrives before it was made, but for clocks that go wrong.
  const start = after ?? (from === undefined ? BEGINNING : { arrived: from - MAX_AHEAD, seq: -1 });
  const rows =
    source === 'feedback'
      ? pages(environment, start, PAGE, (stretch) => store.acceptedOf(model, stretch))
      : await allVersions(environment, model, start);
  for await (const row of rows) {
    const example = exampleOf(row, query, declaration, desk);
    if (example) yield { place: { arrived: row.arrived, seq: row.seq }, example };
  }
}

async function allVersions(environment: ExampleEnvironment, model: string, start: Place) {
  const { store } = environment;
  const versions = await store.versionIds(model);
  const page = Math.max(LEAST_PAGE, Math.min(PAGE, Math.floor(HELD / Math.max(1, versions.length))));
  return mergedByPlace(
    versions.map((version) => pages(environment, start, page, (stretch) => store.predictionsOf(version, stretch))),
  );
}

async function* pages(
  { pause }: ExampleEnvironment,
  start: Place,
  limit: number,
  read: (stretch: { readonly after: Place; readonly limit: number }) => Promise<readonly ExampleRow[]>,
): AsyncGenerator<ExampleRow> {
  for (let after = start; ;) {
    await pause();
    const rows = await read({ after, limit });
    yield* rows;
    const last = rows.at(-1);
    if (!last || rows.length < limit) return;
    after = { arrived: last.arrived, seq: last.seq };
  }
}

function exampleOf(
  row: ExampleRow,
  { from, to, feedbackWeight = 1 }: ExampleQuery,
  declaration: DeclaredModel,
  desk: ExampleEnvironment['desk'],
): TrainingExample | undefined {
  const { id, time, version, prediction, accepted } = row;
  const label = accepted ?? row.label;
  if (id === null || label === null || row.features === null) return undefined;
  if ((from !== undefined && time < from) || (to !== undefined && time >= to)) return undefined;
  const features = JSON.parse(row.features) as Readonly<Record<string, FeatureValue>>;
  return {
    ...{ id, timestamp: new Date(time).toISOString(), version },
    // What was declared personal only after it was stored, too.
    features: desk.withoutPersonal(features, declaration),
    ...{ prediction, label, weight: accepted === null ? 1 : feedbackWeight },
    source: accepted === null ? 'label' : 'feedback',
  };
}
