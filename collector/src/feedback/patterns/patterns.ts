/** What errors have in common: a report that is the same for the same feedback, in whatever order it comes. */
import { benjaminiHochberg } from '../../drift/benjamini-hochberg.ts';
import type { TaskName } from '../../monitor/options.ts';
import { OTHER } from '../../prediction.ts';
import {
  LEAST_GROUP,
  byClass,
  byFeature,
  bySegment,
  counted,
  featureNames,
  type Common,
  type CommonGroup,
  type Sample,
} from './groups.ts';
import { overRepresented, type Group } from './tail.ts';
import { byWord } from './words.ts';

/** A group that was tested against all. */
export interface TestedGroup extends Group {
  /** Share of errors, and how many times that of all it is. */
  readonly rate: number;
  readonly lift: number;
  /** Fisher's exact test, one-sided; adjusted over all groups of the report (words over words) by Benjamini and Hochberg. */
  readonly p_value: number;
  readonly p_adjusted: number;
  readonly significant: boolean;
}

/** A group, and what its members have in common. */
export type Finding = TestedGroup & Common;

/** A class that was predicted where another one was right. */
export interface Confusion {
  readonly predicted: string;
  readonly actual: string;
  readonly n: number;
  /** Of the errors whose right label is known. */
  readonly share: number;
}

/** What was found. */
export interface Patterns extends Group {
  /** Below the minimum nothing is tested. */
  readonly verdict: 'tested' | 'insufficient_data';
  readonly alpha: number;
  /** Groups that were tested. */
  readonly tests: number;
  readonly confusions: readonly Confusion[];
  /** The least likely first. */
  readonly classes: readonly Finding[];
  readonly segments: readonly Finding[];
  readonly features: readonly Finding[];
  readonly words: {
    /** Predictions with an explanation. */
    readonly n: number;
    readonly items: readonly (TestedGroup & { readonly word: string })[];
  };
}

/** A report on feedback, and on which. */
export interface PatternReport extends Patterns {
  readonly model: string;
  readonly version: string | null;
  /** RFC 3339. */
  readonly from: string | null;
  readonly to: string | null;
  /** Whether there was more feedback than is looked at: then this is the newest. */
  readonly truncated: boolean;
}

/** Share of false findings among all that are called significant. */
const ALPHA = 0.05;
/** Judged predictions, and errors and others among them, at least. */
const MINIMUM = { n: 30, each: 5 };
/** Findings, confusions and words shown at most. */
const MAX_SHOWN = 100;

/**
 * Looks for patterns, feature by feature, so that others may have a turn in between: one feature takes some milliseconds.
 * @param samples predictions with feedback, each once. @param classes those declared. Cost: O(samples × features)
 */
export function* patternSteps(
  samples: readonly Sample[],
  task: TaskName,
  classes: readonly string[] = [],
): Generator<undefined, Patterns> {
  const all = counted(samples);
  const confusions = task === 'regression' ? [] : confusionsOf(samples, classes);
  if (all.n < MINIMUM.n || all.errors < MINIMUM.each || all.n - all.errors < MINIMUM.each) {
    const nothing = { tests: 0, confusions, classes: [], segments: [], features: [], words: { n: 0, items: [] } };
    return { ...all, verdict: 'insufficient_data', alpha: ALPHA, ...nothing };
  }
  const groups = [...(task === 'regression' ? [] : byClass(samples)), ...bySegment(samples)];
  for (const feature of featureNames(samples)) {
    yield;
    groups.push(...byFeature(samples, feature));
  }
  yield;
  const { explained, words } = byWord(samples);
  yield;
  const findings = tested<CommonGroup>(groups, all).map(({ common, ...group }): Finding => ({ ...common, ...group }));
  const shown = (has: string) => findings.filter((finding) => has in finding).slice(0, MAX_SHOWN);
  return {
    ...{ ...all, verdict: 'tested', alpha: ALPHA, tests: groups.length, confusions },
    ...{ classes: shown('class'), segments: shown('segment'), features: shown('feature') },
    words: { n: explained.n, items: tested(words, explained).slice(0, MAX_SHOWN) },
  };
}

/** The same in one go. */
export function patternsOf(samples: readonly Sample[], task: TaskName, classes: readonly string[] = []): Patterns {
  const steps = patternSteps(samples, task, classes);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

function confusionsOf(samples: readonly Sample[], declared: readonly string[]): Confusion[] {
  const pairs = new Map<string, { predicted: string; actual: string; n: number }>();
  const isClass = classesOf(samples, declared);
  let known = 0;
  for (const { isError, prediction: predicted, actual: given } of samples) {
    if (!isError || given === null) continue;
    known++;
    const actual = isClass(given) ? given : OTHER;
    const key = JSON.stringify([predicted, actual]);
    const pair = pairs.get(key) ?? { predicted, actual, n: 0 };
    pair.n++;
    pairs.set(key, pair);
  }
  return [...pairs]
    .sort(([a, { n }], [b, { n: other }]) => other - n || (a < b ? -1 : 1))
    .slice(0, MAX_SHOWN)
    .map(([, pair]) => ({ ...pair, share: pair.n / known }));
}

/** A label somebody wrote is free text until it is a class: declared, predicted, or written for many predictions. */
function classesOf(samples: readonly Sample[], declared: readonly string[]): (label: string) => boolean {
  const classes = new Set([...declared, ...samples.map(({ prediction }) => prediction)]);
  const written = new Map<string, number>();
  for (const { actual } of samples) if (actual !== null) written.set(actual, (written.get(actual) ?? 0) + 1);
  return (label) => classes.has(label) || (written.get(label) ?? 0) >= LEAST_GROUP;
}

/** The least likely first; among equals the larger one, then in the order they came, which is that of names. */
function tested<Found extends Group>(groups: readonly Found[], all: Group): (Found & TestedGroup)[] {
  const pValues = groups.map((group) => overRepresented(group, all));
  const adjusted = benjaminiHochberg(pValues);
  const rateOfAll = all.errors / all.n;
  return groups
    .map((group, index) => {
      const rate = group.errors / group.n;
      const p_adjusted = adjusted[index] as number;
      const test = { rate, lift: rate / rateOfAll, p_value: pValues[index] as number, p_adjusted };
      return { ...group, ...test, significant: p_adjusted <= ALPHA };
    })
    .sort((a, b) => a.p_value - b.p_value || b.n - a.n);
}
