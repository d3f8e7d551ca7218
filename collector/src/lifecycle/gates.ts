/** Judges a gate on evidence. */
import type { TaskName } from '../monitor/options.ts';
import type { Evidence, EvidenceValue } from './evidence.ts';
import type { Gate, GateResult } from './lifecycle.ts';
import { MIN_WINDOWS, WINDOW_LABELS } from './stability.ts';

/** What a gate is judged by, beside the evidence. */
export interface GateContext {
  /** Labelled predictions at least. */
  readonly minimum: number;
  readonly windowDays: number;
  readonly task: TaskName;
}

/** Metrics that a regression does not have. */
const OF_CLASSES = ['accuracy', 'stability'];

/** Judges one gate: met when the value reaches the need and rests on enough labels. */
export function judgeGate(gate: Gate, evidence: Evidence, context: GateContext): GateResult {
  const found = evidence.values[gate.metric];
  const need = gate.min ?? (gate.max as number);
  const direction = gate.min === undefined ? 'at_most' : 'at_least';
  const why = reasonAgainst(gate, found, evidence, context);
  return {
    metric: gate.metric,
    need,
    direction,
    value: found?.value ?? null,
    n: found?.n ?? 0,
    met: why === null,
    source: found === undefined ? null : evidence.source,
    why,
  };
}

function reasonAgainst(
  { metric, min, max }: Gate,
  found: EvidenceValue | undefined,
  evidence: Evidence,
  context: GateContext,
): string | null {
  const least = metric === 'stability' ? Math.max(context.minimum, MIN_WINDOWS * WINDOW_LABELS) : context.minimum;
  if (found === undefined) return withoutValue(metric, evidence, context);
  if (metric === 'stability' && evidence.windows !== null && evidence.windows < MIN_WINDOWS)
    return `There are ${evidence.windows} windows of ${WINDOW_LABELS} labels in ${context.windowDays} days; it takes ${MIN_WINDOWS}.`;
  if (found.n < least) return `It rests on ${found.n} labelled rows; ${least} are needed.`;
  if (evidence.uncovered !== null) return notCovered(evidence.uncovered);
  if (found.value === null) return `It has no value on these ${found.n} rows.`;
  if (min !== undefined && !(found.value >= min)) return `${shown(found.value)} is below ${min}.`;
  if (max !== undefined && !(found.value <= max)) return `${shown(found.value)} is above ${max}.`;
  return null;
}

function withoutValue(metric: string, { source }: Evidence, { windowDays, task }: GateContext): string {
  if (task === 'regression' && OF_CLASSES.includes(metric))
    return `A regression has no ${metric}: set gates of r2, mae or rmse in the policy of the model.`;
  if (source === null || source === 'validation')
    return `No labelled traffic in ${windowDays} days, and the version was saved without the metric "${metric}" (and "n").`;
  return `Live traffic gives no "${metric}".`;
}

function notCovered(incumbent: string): string {
  return `The metrics were reported and do not cover version "${incumbent}", now in production, on the same rows ("covers").`;
}

/** Enough digits to tell the value from the need. */
function shown(value: number): string {
  return String(Number(value.toPrecision(6)));
}
