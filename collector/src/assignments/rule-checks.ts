/** Checks of the parts of an experiment's rules. Each throws `invalid_request` naming the field. */
import type { TaskName } from '../monitor/options.ts';
import { invalid } from '../registry/version-checks.ts';
import { GUARDED, type BanditRules, type ExperimentRules, type GuardrailRule, type RampStep } from './experiment.ts';

const MAX_STEPS = 50;
const MAX_GUARDRAILS = 20;
const MAX_SECONDS = 10 * 365 * 86_400;
const MAX_WEIGHT = 1e9;
const MAX_BOUND = 1e12;

/** A finite number within bounds. */
export function number(value: unknown, field: string, low: number, high: number): void {
  if (typeof value === 'number' && value >= low && value <= high) return;
  throw invalid(`${field}: expected a number from ${low} to ${high}`);
}

/** Steps in the order of time, each with a weight for somebody, for nobody who is no arm. */
export function checkRamp(ramp: readonly RampStep[], versions: readonly string[]): void {
  if (!Array.isArray(ramp) || ramp.length > MAX_STEPS) throw invalid(`ramp: expected at most ${MAX_STEPS} steps`);
  ramp.forEach(({ afterSeconds, weights }: RampStep, index) => {
    const at = `ramp[${index}]`;
    number(afterSeconds, `${at}.afterSeconds`, 0, MAX_SECONDS);
    if (index > 0 && afterSeconds <= (ramp[index - 1] as RampStep).afterSeconds)
      throw invalid(`${at}.afterSeconds: expected more than that of the step before`);
    for (const [version, weight] of Object.entries(weights)) {
      if (!versions.includes(version)) throw invalid(`${at}.weights.${version}: is none of the arms`);
      number(weight, `${at}.weights.${version}`, 0, MAX_WEIGHT);
    }
    if (!Object.values(weights).some((weight) => weight > 0)) throw invalid(`${at}.weights: all are 0`);
  });
}

/** One bound each, of a metric the task has. */
export function checkGuardrails(guardrails: readonly GuardrailRule[], task: TaskName): void {
  if (!Array.isArray(guardrails) || guardrails.length > MAX_GUARDRAILS)
    throw invalid(`guardrails: expected at most ${MAX_GUARDRAILS}`);
  guardrails.forEach(({ metric, limit, margin }: GuardrailRule, index) => {
    const at = `guardrails[${index}]`;
    if (!GUARDED.includes(metric)) throw invalid(`${at}.metric: expected one of ${GUARDED.join(', ')}`);
    const isLatency = metric.startsWith('latency_');
    if (!isLatency && (metric === 'mae') !== (task === 'regression'))
      throw invalid(`${at}.metric: a ${task} has no ${metric}`);
    if ((limit === undefined) === (margin === undefined))
      throw invalid(
        `${at}: expected either limit or margin`,
        'Give the worst value, or how much worse than the control.',
      );
    if (limit !== undefined) number(limit, `${at}.limit`, 0, MAX_BOUND);
    else number(margin, `${at}.margin`, isLatency ? 1 : 0, MAX_BOUND);
  });
}

/** The rules of a bandit, where there is one. */
export function checkBandit({ mode, bandit, arms }: ExperimentRules): BanditRules | null {
  if (mode !== 'bandit') return null;
  if (bandit === null)
    throw invalid('bandit: the mode "bandit" needs its rules', 'For instance {"floor": 0.05, "everySeconds": 3600}.');
  number(bandit.floor, 'bandit.floor', 0.001, 1 / arms.length);
  number(bandit.everySeconds, 'bandit.everySeconds', 1, MAX_SECONDS);
  return bandit;
}
