/** Splits the examples of a run by time: the older ones are for the trainer, the newest are held out. */
import type { ExampleSource, TrainingExample } from '../feedback/training-example.ts';
import type { DataPolicy } from '../lifecycle/retraining-policy.ts';
import { RunFailure } from './run-failure.ts';

/** Which examples belong to a run; the same before and after training. */
export interface ExampleSplit {
  readonly model: string;
  readonly source: DataPolicy['source'];
  readonly feedbackWeight: number;
  /** Whether accepted feedback is left out, since there is too little of it. */
  readonly withoutFeedback: boolean;
  /** Predictions made from `from` on and before `boundary` are the trainer's, those from there on and before `to` are held out; epoch ms. */
  readonly from: number;
  readonly boundary: number;
  readonly to: number;
  readonly training: number;
  readonly heldOut: number;
}

/** What splitting asks for. */
export interface SplitQuery {
  readonly model: string;
  readonly data: DataPolicy;
  /** Share to hold out; 0 where the trainer holds out by itself. */
  readonly heldOut: number;
  readonly minimumHeldOut: number;
  /** Predictions with accepted feedback. */
  readonly accepted: number;
  /** Epoch ms. */
  readonly now: number;
}

const DAY = 86_400_000;

/**
 * Finds the boundary. Examples of one and the same time stay together, on the held-out side. Memory: a number per example.
 * @throws RunFailure where there are too few of either
 */
export async function splitExamples(source: ExampleSource, query: SplitQuery): Promise<ExampleSplit> {
  const { model, data, heldOut, minimumHeldOut, accepted, now } = query;
  const withoutFeedback = accepted < data.minimumFeedback;
  const range = { from: now - data.windowDays * DAY, to: now };
  const base = { model, source: data.source, feedbackWeight: data.feedbackWeight, withoutFeedback };
  const all = { ...base, ...range, boundary: range.to, training: 0, heldOut: 0 };
  const times: number[] = [];
  for await (const { timestamp } of examplesOf(source, all, range)) times.push(Date.parse(timestamp));
  const kept = Float64Array.from(times).sort().slice(-data.maximumRows);
  const cut = heldOut === 0 ? kept.length : Math.floor(kept.length * (1 - heldOut));
  const boundary = heldOut === 0 ? range.to : (kept[cut] ?? range.to);
  const training = kept.filter((time) => time < boundary).length;
  const split = { ...all, from: kept[0] ?? range.from, boundary, training, heldOut: kept.length - training };
  if (training < data.minimumRows) throw tooFew('for the trainer', training, data.minimumRows, split, accepted);
  if (heldOut > 0 && split.heldOut < minimumHeldOut)
    throw tooFew('to be held out', split.heldOut, minimumHeldOut, split, accepted);
  return split;
}

/** Examples for the trainer, as lines of JSON. */
export async function* trainingLines(source: ExampleSource, split: ExampleSplit): AsyncGenerator<string> {
  const range = { from: split.from, to: split.boundary };
  for await (const example of examplesOf(source, split, range)) yield JSON.stringify(example);
}

/** Held-out examples. Memory: all of them. */
export async function heldOutExamples(source: ExampleSource, split: ExampleSplit): Promise<TrainingExample[]> {
  const found: TrainingExample[] = [];
  const range = { from: split.boundary, to: split.to };
  for await (const example of examplesOf(source, split, range)) found.push(example);
  return found;
}

async function* examplesOf(
  source: ExampleSource,
  { model, source: kind, feedbackWeight, withoutFeedback }: ExampleSplit,
  range: { readonly from: number; readonly to: number },
): AsyncGenerator<TrainingExample> {
  for await (const example of source.examples({ model, source: kind, feedbackWeight, ...range }))
    if (!(withoutFeedback && example.source === 'feedback')) yield example;
}

function tooFew(what: string, rows: number, needed: number, split: ExampleSplit, accepted: number): RunFailure {
  const since = new Date(split.from).toISOString();
  const without = split.withoutFeedback ? ` Feedback is left out: ${accepted} accepted are too few.` : '';
  return new RunFailure(
    `There are ${rows} labelled examples ${what} since ${since}; the policy wants ${needed}.${without}`,
  );
}
