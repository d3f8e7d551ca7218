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
/** Examples that are profiled at most; fewer where they have more than twelve features, but no fewer than a reference of first predictions has. */
export const PROFILED_ROWS = 20_000;
const LEAST_ROWS = 5_000;
/** Values that are profiled at most where that leaves rows enough: they take about a second, and stand in the reference with 20 bytes each. */
const PROFILED_VALUES = 250_000;

/** What is known of the candidate whose reference is made. */
export interface ProfiledCandidate {
  readonly model: Model;
  /** What it answered to the rows held out; null where it was not run. */
  readonly answers: ReadonlyMap<string, VersionAnswer> | null;
  /** Epoch ms. */
  readonly now: number;
}

type Row = { readonly features: FeatureRow; readonly label: string; readonly time: number };

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
 * Memory: 25,000 examples; 10,000 where they have 50 features or more. @param lines training examples, a line of JSON each
 * @returns undefined where no example holds a value of a feature
 */
export async function profiledReference(
  lines: AsyncIterable<string>,
  { model, answers, now }: ProfiledCandidate,
): Promise<ReferenceProfile | undefined> {
  const declared = model.features && Object.keys(model.features).length > 0 ? model.features : undefined;
  const found = await newestOf(lines, (features) => usable(features, declared));
  const rows = found.map((row) => row.features);
  // A feature no row has a value for cannot be profiled; it must not cost the others their reference.
  const features = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  if (features.length === 0) return undefined;
  const labels = model.task === 'regression' ? found.map(({ label }) => Number(label)) : undefined;
  return profileReference(rows, {
    features,
    categorical: features.filter((name) => declared?.[name]?.type === 'categorical'),
    ...outputsOf(model, answers),
    ...(labels?.some(Number.isFinite) && { labels }),
    createdAt: new Date(now).toISOString(),
  });
}

/** The newest, oldest first; of one and the same time those that come later. */
async function newestOf(lines: AsyncIterable<string>, pick: (row: FeatureRow) => FeatureRow): Promise<Row[]> {
  let [rows, most] = [[] as Row[], PROFILED_ROWS];
  const newest = () => rows.sort((a, b) => a.time - b.time).slice(-most);
  for await (const line of lines) {
    const { timestamp, features: all, label } = JSON.parse(line) as TrainingExample;
    const features = pick(all);
    rows.push({ time: Date.parse(timestamp), features, label });
    most = Math.min(most, Math.max(LEAST_ROWS, Math.floor(PROFILED_VALUES / Object.keys(features).length)));
    if (rows.length >= most + LEAST_ROWS) rows = newest();
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
