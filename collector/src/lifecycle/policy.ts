/** Policies: their defaults, what a model changes in them, and the checks. */
import { PlumblineError } from '../errors.ts';
import { DEFAULT_LABEL_RULES } from '../labels/label-policy.ts';
import { checkText, invalid } from '../registry/version-checks.ts';
import { checkRetraining } from './check-retraining.ts';
import type { Gate, Policy } from './lifecycle.ts';
import { number, whole } from './policy-numbers.ts';
import { DEFAULT_RETRAINING, mergeRetraining, type RetrainingChanges } from './retraining-policy.ts';

/** A policy without what belongs to one model. */
export type PolicyRules = Omit<Policy, 'model' | 'revision'>;
/** What a model changes in the default policy. */
export type PolicyChanges = Partial<Omit<PolicyRules, 'gates' | 'evidence' | 'retraining'>> & {
  readonly gates?: Partial<PolicyRules['gates']>;
  readonly evidence?: Partial<PolicyRules['evidence']>;
  readonly retraining?: RetrainingChanges;
};

const DAY = 86_400;

/** What holds where a model's policy says nothing else (DESIGN §1 row 9). */
export const DEFAULT_POLICY: PolicyRules = {
  gates: {
    staging: [{ metric: 'accuracy', min: 0.85 }],
    production: [
      { metric: 'accuracy', min: 0.9 },
      { metric: 'stability', min: 0.95 },
    ],
  },
  evidence: { windowDays: 30, minimum: 200, source: 'store' },
  thresholds: {},
  ...DEFAULT_LABEL_RULES,
  predictCommand: null,
  retraining: DEFAULT_RETRAINING,
};

/** What `ml_threshold` knows. */
export const THRESHOLD_METRICS = [
  ...['accuracy', 'f1_weighted', 'feature_drift', 'prediction_shift', 'latency_p95', 'label_coverage'],
] as readonly string[];
/** How bad it is when a threshold is crossed. */
export const SEVERITIES = ['critical', 'warning'] as const;

const FIELDS = Object.keys(DEFAULT_POLICY) as (keyof PolicyRules)[];
const GATE_METRIC = /^[a-z][a-z0-9_]{0,63}$/;
const MAX_GATES = 20;
const MAX_DAYS = 3_650;
const MAX_ARGUMENTS = 100;

/** A whole policy from what a model changes. */
export function policyOf(changes: PolicyChanges): PolicyRules {
  return mergePolicy(DEFAULT_POLICY, changes);
}

/** Replaces what is named; of gates, evidence and retraining each part by itself. */
export function mergePolicy<Base extends PolicyChanges>(base: Base, changes: PolicyChanges): Base {
  const named = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
  return {
    ...base,
    ...named,
    ...(changes.gates && { gates: { ...base.gates, ...changes.gates } }),
    ...(changes.evidence && { evidence: { ...base.evidence, ...changes.evidence } }),
    ...(changes.retraining && { retraining: mergeRetraining(base.retraining ?? {}, changes.retraining) }),
  };
}

/** Checks a whole policy. @throws PlumblineError `invalid_request` naming the field */
export function checkPolicy(policy: PolicyRules): PolicyRules {
  const unknown = Object.keys(policy).find((field) => !(FIELDS as string[]).includes(field));
  if (unknown !== undefined) throw invalid(`${unknown}: is no part of a policy`, `There are ${FIELDS.join(', ')}.`);
  checkGates(policy.gates.staging, 'gates.staging');
  checkGates(policy.gates.production, 'gates.production');
  number(policy.evidence.windowDays, 'evidence.windowDays', 1 / 24, MAX_DAYS);
  whole(policy.evidence.minimum, 'evidence.minimum', 1, 1_000_000_000);
  if (!['store', 'prometheus'].includes(policy.evidence.source))
    throw invalid('evidence.source: expected "store" or "prometheus"');
  checkThresholds(policy.thresholds);
  number(policy.retentionDays, 'retentionDays', 1 / 24, MAX_DAYS);
  number(policy.labelDeadlineSeconds, 'labelDeadlineSeconds', 1, MAX_DAYS * DAY);
  number(policy.labelExpirySeconds, 'labelExpirySeconds', policy.labelDeadlineSeconds, MAX_DAYS * DAY);
  checkCommand(policy.predictCommand);
  checkRetraining(policy.retraining);
  return policy;
}

function checkGates(gates: readonly Gate[], field: string): void {
  if (!Array.isArray(gates) || gates.length > MAX_GATES) throw invalid(`${field}: expected at most ${MAX_GATES} gates`);
  gates.forEach((gate: Gate, index) => {
    const at = `${field}[${index}]`;
    if (typeof gate?.metric !== 'string' || !GATE_METRIC.test(gate.metric))
      throw invalid(
        `${at}.metric: expected the name of a metric`,
        'For instance accuracy, stability, f1_weighted, r2.',
      );
    if ((gate.min === undefined) === (gate.max === undefined))
      throw invalid(`${at}: expected either min or max`, 'Errors such as mae are gated by max, all else by min.');
    number(gate.min ?? (gate.max as number), `${at}.${gate.min === undefined ? 'max' : 'min'}`);
  });
  const twice = gates.find((gate, index) => gates.findIndex(({ metric }) => metric === gate.metric) !== index);
  if (twice) throw invalid(`${field}: "${twice.metric}" is gated twice`);
}

function checkThresholds(thresholds: Policy['thresholds']): void {
  for (const [metric, levels] of Object.entries(thresholds)) {
    if (!THRESHOLD_METRICS.includes(metric))
      throw invalid(`thresholds.${metric}: is not known`, `There are ${THRESHOLD_METRICS.join(', ')}.`);
    for (const [severity, value] of Object.entries(levels)) {
      if (!(SEVERITIES as readonly string[]).includes(severity))
        throw invalid(`thresholds.${metric}.${severity}: is not known`, `There are ${SEVERITIES.join(', ')}.`);
      number(value, `thresholds.${metric}.${severity}`, 0);
    }
  }
}

function checkCommand(command: Policy['predictCommand']): void {
  if (command === null) return;
  if (!Array.isArray(command) || command.length === 0 || command.length > MAX_ARGUMENTS)
    throw invalid(`predictCommand: expected a list of 1 to ${MAX_ARGUMENTS} arguments, or null`);
  command.forEach((argument, index) => checkText(argument, `predictCommand[${index}]`));
  if (command[0] === '') throw invalid('predictCommand[0]: expected a program');
}

/** Somebody changed it in between. */
export function staleRevision(current: number): PlumblineError {
  const help = 'Read it again, and send the change with its revision.';
  return new PlumblineError('conflict', `revision: the policy is at ${current} by now.`, help, {
    details: { revision: current },
  });
}
