/** Reads the feedback that patterns are looked for in. */
import type { DeclaredModel } from '../../labels/declared-model.ts';
import type { TaskName } from '../../monitor/options.ts';
import type { FeatureValue } from '../../prediction.ts';
import type { PatternQuery } from '../feedback.ts';
import type { FeedbackStore, JudgedPrediction } from '../feedback-store.ts';
import type { Sample } from './groups.ts';
import { patternSteps, type PatternReport } from './patterns.ts';

/** Bounds of what is held: predictions, and values of their features. */
const MAX_PREDICTIONS = 20_000;
const MAX_VALUES = 1_000_000;
/** Items read at once. */
const PAGE = 500;

/** What is declared of the model. */
export interface DeclaredForPatterns {
  readonly task: TaskName;
  readonly classes: readonly string[];
  readonly features: NonNullable<DeclaredModel['features']>;
}

/** What looking needs of the world around it. */
export interface PatternEnvironment {
  readonly store: Pick<FeedbackStore, 'judged'>;
  /** Lets others have a turn: ingest goes on meanwhile. */
  readonly pause: () => Promise<void>;
}

/** Cost: reading the items, and O(predictions × features). */
export async function findPatterns(
  environment: PatternEnvironment,
  query: PatternQuery,
  { task, classes, features }: DeclaredForPatterns,
): Promise<PatternReport> {
  const { model, version, from, to } = query;
  const { judged, truncated } = await readJudged(environment, query);
  const samples: Sample[] = [];
  for (const [at, one] of judged.entries()) {
    if (at % PAGE === 0) await environment.pause();
    samples.push(sampleOf(one, features));
  }
  const steps = patternSteps(samples, task, classes);
  let step = steps.next();
  for (; step.done !== true; step = steps.next()) await environment.pause();
  const time = (epoch: number | undefined) => (epoch === undefined ? null : new Date(epoch).toISOString());
  return {
    ...{ model, version: version ?? null, from: time(from), to: time(to), truncated },
    ...step.value,
  };
}

/** Newest first, each prediction once: what was accepted goes before what was said last. */
async function readJudged({ store, pause }: PatternEnvironment, query: PatternQuery) {
  const judged = new Map<number, JudgedPrediction>();
  let values = 0;
  for (let before: number | undefined; ;) {
    await pause();
    const page = await store.judged(query, before, PAGE);
    for (const item of page) {
      const known = judged.get(item.seq);
      if (known && (known.accepted || !item.accepted)) continue;
      if (!known) {
        if (judged.size === MAX_PREDICTIONS || values > MAX_VALUES) return { judged: sorted(judged), truncated: true };
        values += valuesOf(item);
      }
      judged.set(item.seq, item);
    }
    const last = page.at(-1);
    if (!last || page.length < PAGE) return { judged: sorted(judged), truncated: false };
    before = last.item;
  }
}

function sorted(judged: ReadonlyMap<number, JudgedPrediction>): JudgedPrediction[] {
  return [...judged].sort(([a], [b]) => a - b).map(([, one]) => one);
}

/** About how many: every value has a colon before it. */
function valuesOf({ features }: JudgedPrediction): number {
  return features === null ? 0 : features.split(':').length;
}

/** Features that are marked as personal say nothing here, and are not to be shown. */
function sampleOf(
  { correct, prediction, correctedLabel, explanation, segment, features }: JudgedPrediction,
  declared: DeclaredForPatterns['features'],
): Sample {
  const all = features === null ? {} : (JSON.parse(features) as Readonly<Record<string, FeatureValue>>);
  const shown = Object.entries(all).filter(
    ([name]) => !Object.hasOwn(declared, name) || declared[name]?.pii === undefined,
  );
  return {
    ...{ isError: !correct, prediction, actual: correctedLabel, explanation, segment },
    features: Object.fromEntries(shown),
  };
}
