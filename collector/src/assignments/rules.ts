/** What an experiment may be: defaults, what a change sets, and the checks of it. */
import { PlumblineError } from '../errors.ts';
import type { TaskName } from '../monitor/options.ts';
import { checkName, checkText, invalid } from '../registry/version-checks.ts';
import { checkBandit, checkGuardrails, checkRamp, number } from './rule-checks.ts';
import {
  COMPARED_BY,
  MODES,
  type Arm,
  type ComparedBy,
  type ExperimentChange,
  type ExperimentRules,
} from './experiment.ts';

/** Arms at most: more are compared with the control one by one, each with less certainty. */
export const MAX_ARMS = 10;
const MAX_SHADOWS = 5;
const MAX_WEIGHT = 1e9;
const MAX_WAIT = 365 * 86_400;
/** What a key does within an hour of its first prediction counts, by default. */
const KEY_WINDOW = 3_600;

/** What is decided by default. */
export interface RuleDefaults {
  readonly task: TaskName;
  /** The policy's deadline of labels, in seconds. */
  readonly labelWaitSeconds: number;
}

/** Fields of the rules, as a change may name them. */
export const RULE_FIELDS = [
  ...(['description', 'mode', 'metric', 'control', 'arms', 'shadows', 'ramp', 'guardrails', 'bandit'] as const),
  ...(['keyWindowSeconds', 'labelWaitSeconds'] as const),
] as const satisfies readonly (keyof ExperimentRules)[];

/** Of these no verdict could be trusted if they changed under way. */
const FIXED = [
  ...(['mode', 'metric', 'control', 'keyWindowSeconds', 'labelWaitSeconds'] as const),
] as const satisfies readonly (keyof ExperimentRules)[];

/** The rules of a new experiment. @throws PlumblineError `invalid_request` naming the field */
export function newRules(change: ExperimentChange, { task, labelWaitSeconds }: RuleDefaults): ExperimentRules {
  const arms = change.arms ?? [];
  if (arms.length === 0)
    throw invalid('arms: a new experiment needs some', 'Give a list of {"version": …, "weight": …}.');
  const defaults: ExperimentRules = {
    ...({ description: '', mode: 'weights', metric: task === 'regression' ? 'mae' : 'accuracy' } as const),
    ...{ arms, control: arms[0]?.version ?? '', shadows: [], ramp: [], guardrails: [] },
    ...{ keyWindowSeconds: KEY_WINDOW, labelWaitSeconds },
    bandit: change.mode === 'bandit' ? { floor: Math.min(0.05, 1 / (2 * arms.length)), everySeconds: 3_600 } : null,
  };
  const rules = checkRules({ ...defaults, ...named(change) }, task);
  checkWeights(change.arms);
  return rules;
}

/**
 * The rules after a change.
 * @throws PlumblineError `invalid_request` naming the field; `conflict` for what is fixed once the experiment has run
 */
export function changedRules(
  before: ExperimentRules,
  change: ExperimentChange,
  { task, hasRun }: { readonly task: TaskName; readonly hasRun: boolean },
): ExperimentRules {
  const after = checkRules({ ...before, ...named(change) }, task);
  checkWeights(change.arms);
  if (!hasRun) return after;
  const fixed = FIXED.find((field) => after[field] !== before[field]);
  if (fixed !== undefined) throw isFixed(fixed);
  if (versionsOf(after.arms) !== versionsOf(before.arms)) throw isFixed('arms');
  return after;
}

/** Whether two are the same. */
export function sameRules(a: ExperimentRules, b: ExperimentRules): boolean {
  return RULE_FIELDS.every((field) => JSON.stringify(a[field]) === JSON.stringify(b[field]));
}

function named(change: ExperimentChange): Partial<ExperimentRules> {
  return Object.fromEntries(
    RULE_FIELDS.filter((field) => change[field] !== undefined).map((field) => [field, change[field]]),
  );
}

function checkRules(rules: ExperimentRules, task: TaskName): ExperimentRules {
  checkText(rules.description, 'description');
  if (!MODES.includes(rules.mode)) throw invalid(`mode: expected one of ${MODES.join(', ')}`);
  checkMetric(rules.metric, task);
  checkArms(rules.arms);
  const versions = rules.arms.map(({ version }) => version);
  if (!versions.includes(rules.control))
    throw invalid(`control: "${rules.control}" is none of the arms`, `Name one of ${versions.join(', ')}.`);
  checkShadows(rules.shadows, versions);
  checkRamp(rules.ramp, versions);
  if (rules.ramp.length > 0 && rules.mode === 'bandit')
    throw invalid('ramp: a bandit moves the weights itself', 'Leave it out, or use the mode "weights".');
  checkGuardrails(rules.guardrails, task);
  if (rules.guardrails.length > 0 && versions.length < 2)
    throw invalid('guardrails: arms are watched beside each other', 'Give two arms or more, or leave guardrails out.');
  number(rules.keyWindowSeconds, 'keyWindowSeconds', 0, MAX_WAIT);
  number(rules.labelWaitSeconds, 'labelWaitSeconds', 1, MAX_WAIT);
  return { ...rules, bandit: checkBandit(rules) };
}

function checkMetric(metric: ComparedBy, task: TaskName): void {
  if (!COMPARED_BY.includes(metric)) throw invalid(`metric: expected one of ${COMPARED_BY.join(', ')}`);
  const fits: Readonly<Record<TaskName, readonly ComparedBy[]>> = {
    classification: ['accuracy', 'f1_weighted'],
    multilabel: ['accuracy'],
    regression: ['mae'],
  };
  if (!fits[task].includes(metric))
    throw invalid(`metric: a ${task} has no ${metric} to compare by`, `Use ${fits[task].join(' or ')}.`);
}

function checkArms(arms: readonly Arm[]): void {
  if (!Array.isArray(arms) || arms.length === 0 || arms.length > MAX_ARMS)
    throw invalid(`arms: expected 1 to ${MAX_ARMS}`);
  arms.forEach(({ version, weight }: Arm, index) => {
    checkName(version, `arms[${index}].version`);
    number(weight, `arms[${index}].weight`, 0, MAX_WEIGHT);
  });
  const names = arms.map(({ version }) => version);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw invalid(`arms: "${twice}" is named twice`);
}

/** Weights may all be 0 only where guardrails or departures took them. */
function checkWeights(arms: readonly Arm[] | undefined): void {
  if (arms === undefined || arms.some(({ weight }: Arm) => weight > 0)) return;
  throw invalid('arms: all weights are 0', 'Give one of them a weight, or pause the experiment.');
}

function checkShadows(shadows: readonly string[], arms: readonly string[]): void {
  if (!Array.isArray(shadows) || shadows.length > MAX_SHADOWS)
    throw invalid(`shadows: expected at most ${MAX_SHADOWS} versions`);
  shadows.forEach((version, index) => {
    checkName(version, `shadows[${index}]`);
    if (arms.includes(version)) throw invalid(`shadows[${index}]: "${version}" is an arm already`);
    if (shadows.indexOf(version) !== index) throw invalid(`shadows: "${version}" is named twice`);
  });
}

function versionsOf(arms: readonly Arm[]): string {
  return arms
    .map(({ version }) => version)
    .sort()
    .join('\n');
}

function isFixed(field: string): PlumblineError {
  const help = 'End this experiment, and make another one.';
  return new PlumblineError('conflict', `${field}: cannot change once the experiment has run.`, help);
}
