/** The model of the loop: the shipped trainer makes it, in the beginning as on every retraining, and the shipped module runs it. */
import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { profileReference, type FeatureRow, type ReferenceProfile } from '../../index.ts';
import { FEATURES, FIRST_ROW_TIME, ROW_MILLISECONDS, TRAINING_ROWS, type ElectricityStream } from '../electricity.ts';

/** What a trained model is, as JSON. */
export interface ModelFile {
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
  readonly weights: readonly number[];
}

/** What a version gives for a row. */
export interface Answer {
  readonly prediction: '0' | '1';
  readonly score: number;
}

interface ModelModule {
  inputsOf(features: FeatureRow): readonly number[] | undefined;
  probability(model: ModelFile, inputs: readonly number[]): number;
}

/** The first version, before it is saved. */
export interface FirstVersion {
  /** Text of `model.json`. */
  readonly content: string;
  /** As the trainer found them on rows it did not learn from. */
  readonly metrics: { readonly accuracy: number; readonly n: number };
  readonly reference: ReferenceProfile;
}

const example = (name: string) => new URL(`../../../examples/${name}`, import.meta.url);
const run = promisify(execFile);

/** The one that trains. Programs as a policy names them: an argument array, never a shell. */
export const TRAIN_COMMAND = [process.execPath, fileURLToPath(example('train-electricity.mjs'))];
/** The one that a version is run by. */
export const PREDICT_COMMAND = [process.execPath, fileURLToPath(example('predict-electricity.mjs'))];

/** A version's function from its `model.json`. A row that lacks a feature is answered as the average row is. */
export async function loadModel(content: unknown): Promise<(features: FeatureRow) => Answer> {
  const { inputsOf, probability } = (await import(example('electricity-model.mjs').href)) as ModelModule;
  const model = content as ModelFile;
  return (features) => {
    const score = probability(model, inputsOf(features) ?? model.mean);
    return { prediction: score >= 0.5 ? '1' : '0', score };
  };
}

/** Trains the first version on the first rows, and profiles them. @param folder to work in */
export async function trainFirst(stream: ElectricityStream, folder: string): Promise<FirstVersion> {
  const [data, output] = [join(folder, 'first.jsonl'), join(folder, 'first')];
  const rows = stream.features.slice(0, TRAINING_ROWS).map(namedFeatures);
  const lines = rows.map((features, index) => {
    const timestamp = new Date(FIRST_ROW_TIME + index * ROW_MILLISECONDS).toISOString();
    return JSON.stringify({ id: `row-${index}`, timestamp, features, label: String(stream.targets[index]) });
  });
  await writeFile(data, `${lines.join('\n')}\n`);
  await mkdir(output);
  const [program, ...given] = TRAIN_COMMAND as [string, ...string[]];
  await run(program, [...given, '--data', data, '--output', output]);
  const content = await readFile(join(output, 'model.json'), 'utf8');
  const { accuracy, n } = JSON.parse(await readFile(join(output, 'metrics.json'), 'utf8')) as FirstVersion['metrics'];
  const predict = await loadModel(JSON.parse(content));
  const predictions = rows.map((features) => predict(features).prediction);
  return { content, metrics: { accuracy, n }, reference: profileReference(rows, { features: FEATURES, predictions }) };
}

/** A row of the stream with the names of its columns. */
export function namedFeatures(values: Float64Array): FeatureRow {
  return Object.fromEntries(FEATURES.map((name, index) => [name, values[index]]));
}
