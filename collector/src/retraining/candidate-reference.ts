/**
 * The reference profile a version of a run is saved with, so that its drift is judged from its first window on: the one its trainer left,
 * or one of the examples the trainer was given.
 */
import { parseReference } from '../distribution/parse-reference.ts';
import { profileReference, type FeatureRow } from '../distribution/profile.ts';
import type { ReferenceProfile } from '../distribution/reference.ts';
import { errorText, PlumblineError } from '../errors.ts';
import type { TrainingExample } from '../feedback/training-example.ts';
import { OutputReader, profiledOutputs } from '../monitor/model-output.ts';
import { resolveOptions } from '../monitor/options.ts';
import { SCORE_FEATURE, VALUE_FEATURE } from '../prediction.ts';
import type { DeclaredFeature, Model } from '../registry/model-version.ts';
import type { RunFolder } from './run-folders.ts';
import { RunFailure } from './run-failure.ts';
import type { VersionAnswer } from './trainer.ts';

/** Name of the file a trainer leaves its own in. It stays a file of the artifact, which is saved as it was validated. */
export const REFERENCE_FILE = 'reference.json';
/** Bytes it may have, as of `POST …/versions`. */
const MAX_REFERENCE_BYTES = 8 * 1024 * 1024;
/** Examples that are profiled at most. */
export const PROFILED_ROWS = 20_000;

/** What is known of the candidate whose reference is made. */
export interface ProfiledCandidate {
  readonly model: Model;
  /** What it answered to the rows held out; null where it was not run. */
  readonly answers: ReadonlyMap<string, VersionAnswer> | null;
  /** Epoch ms. */
  readonly now: number;
}

type Row = Pick<TrainingExample, 'features' | 'label'> & { readonly time: number };

/** @returns what a trainer left; undefined where it left none @throws RunFailure where it left one that cannot be used */
export async function givenReference(
  folder: Pick<RunFolder, 'readText'>,
  path: string,
): Promise<ReferenceProfile | undefined> {
  try {
    const text = await folder.readText(path, MAX_REFERENCE_BYTES);
    return text === undefined ? undefined : parseReference(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new RunFailure(`${REFERENCE_FILE} is not valid JSON: ${errorText(error).slice(0, 120)}.`);
    if (!(error instanceof PlumblineError) || error.code === 'unavailable') throw error;
    throw new RunFailure(`${REFERENCE_FILE} cannot be used: ${error.message} ${error.help}`);
  }
}

/**
 * Profiles the newest examples, and what the candidate answered to the rows held out: answers to what it was trained on would be too good.
 * Memory: twice `PROFILED_ROWS` examples. @param lines training examples, a line of JSON each
 * @returns undefined where no example holds a value of a feature
 */
export async function profiledReference(
  lines: AsyncIterable<string>,
  { model, answers, now }: ProfiledCandidate,
): Promise<ReferenceProfile | undefined> {
  const found = await newestOf(lines);
  const declared = model.features ?? {};
  const isDeclared = Object.keys(declared).length > 0;
  const rows = found.map(({ features }) => usable(features, isDeclared ? declared : undefined));
  // A feature no row has a value for cannot be profiled; it must not cost the others their reference.
  const features = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  if (features.length === 0) return undefined;
  const labels = model.task === 'regression' ? found.map(({ label }) => Number(label)) : undefined;
  return profileReference(rows, {
    features,
    categorical: features.filter((name) => isDeclared && declared[name]?.type === 'categorical'),
    ...outputsOf(model, answers),
    ...(labels?.some(Number.isFinite) && { labels }),
    createdAt: new Date(now).toISOString(),
  });
}

/** The newest, oldest first; of one and the same time those that come later. */
async function newestOf(lines: AsyncIterable<string>): Promise<Row[]> {
  let rows: Row[] = [];
  const newest = () => rows.sort((a, b) => a.time - b.time).slice(-PROFILED_ROWS);
  for await (const line of lines) {
    const { timestamp, features, label } = JSON.parse(line) as TrainingExample;
    rows.push({ time: Date.parse(timestamp), features, label });
    if (rows.length >= 2 * PROFILED_ROWS) rows = newest();
  }
  return newest();
}

/** What of a row can be profiled: values of the declared type, and nothing that was marked to be dropped since it was stored. */
function usable(row: FeatureRow, declared: Readonly<Record<string, DeclaredFeature>> | undefined): FeatureRow {
  const isUsable = ([name, value]: [string, unknown]) => {
    if (name === SCORE_FEATURE || name === VALUE_FEATURE || value === null) return false;
    if (!declared) return true;
    const feature = Object.hasOwn(declared, name) ? declared[name] : undefined;
    if (!feature || feature.pii === 'drop') return false;
    return feature.type !== 'numeric' || typeof value === 'number';
  };
  return Object.fromEntries(Object.entries(row).filter(isUsable));
}

function outputsOf({ model, task, classes, positiveClass }: Model, answers: ProfiledCandidate['answers']) {
  if (answers === null) return {};
  const declared = { ...(classes && { classes }), ...(positiveClass !== undefined && { positiveClass }) };
  const reader = new OutputReader(resolveOptions({ model, version: 'candidate', ...(task && { task }), ...declared }));
  return profiledOutputs([...answers.values()].flatMap((answer) => reader.read(answer) ?? []));
}
