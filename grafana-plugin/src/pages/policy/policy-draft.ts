import type { Policy, PolicyChange } from '../../control-plane/types';

/** The metrics `ml_threshold` knows, and how bad crossing one is. */
export const THRESHOLD_METRICS = [
  'accuracy',
  'f1_weighted',
  'feature_drift',
  'prediction_shift',
  'latency_p95',
  'label_coverage',
] as const;
export const SEVERITIES = ['critical', 'warning'] as const;
export type ThresholdMetric = (typeof THRESHOLD_METRICS)[number];
export type Severity = (typeof SEVERITIES)[number];

/** A gate as somebody types it. */
export interface GateDraft {
  metric: string;
  direction: 'min' | 'max';
  need: string;
}

/** The stages that have gates before them. */
export type GatedStage = keyof Policy['gates'];

/** A policy as somebody types it: every number is text until it is saved. */
export interface PolicyDraft {
  /** By `metric severity`; an empty text keeps the default of the rules. */
  thresholds: Record<string, string>;
  gates: Record<GatedStage, GateDraft[]>;
  evidence: { windowDays: string; minimum: string; source: Policy['evidence']['source'] };
  retentionDays: string;
  labelDeadlineHours: string;
  labelExpiryHours: string;
}

const HOUR = 3600;

/** The name of a threshold in a draft. */
export function thresholdKey(metric: string, severity: Severity): string {
  return `${metric} ${severity}`;
}

/** A policy as a form begins with it. */
export function draftOf(policy: Policy): PolicyDraft {
  const thresholds = Object.entries(policy.thresholds).flatMap(([metric, levels]) =>
    SEVERITIES.flatMap((severity) => {
      const value = levels[severity];
      return value === undefined ? [] : [[thresholdKey(metric, severity), String(value)]];
    })
  );
  return {
    thresholds: Object.fromEntries(thresholds),
    gates: { staging: policy.gates.staging.map(gateDraft), production: policy.gates.production.map(gateDraft) },
    evidence: {
      windowDays: text(policy.evidence.windowDays),
      minimum: text(policy.evidence.minimum),
      source: policy.evidence.source,
    },
    retentionDays: text(policy.retentionDays),
    labelDeadlineHours: text(policy.labelDeadlineSeconds / HOUR),
    labelExpiryHours: text(policy.labelExpirySeconds / HOUR),
  };
}

function gateDraft({ metric, min, max }: Policy['gates']['staging'][number]): GateDraft {
  return max === undefined
    ? { metric, direction: 'min', need: text(min ?? 0) }
    : { metric, direction: 'max', need: text(max) };
}

/** Numbers without the noise of division: an hour is not 0.041666666666666664 days to read. */
function text(value: number): string {
  return String(Number(value.toPrecision(6)));
}

/** The paths of what cannot be saved as it stands, such as `gates.staging.0.need`. */
export function faultsOf(draft: PolicyDraft): string[] {
  const gates = Object.entries(draft.gates).flatMap(([stage, list]) =>
    list.flatMap(({ metric, need }, index) => [
      ...(/^[a-z][a-z0-9_]{0,63}$/.test(metric) ? [] : [`gates.${stage}.${index}.metric`]),
      ...(isNumber(need) ? [] : [`gates.${stage}.${index}.need`]),
    ])
  );
  const thresholds = Object.entries(draft.thresholds)
    .filter(([, value]) => value.trim() !== '' && !isNumber(value))
    .map(([name]) => `thresholds.${name}`);
  const numbers = {
    'evidence.windowDays': draft.evidence.windowDays,
    'evidence.minimum': draft.evidence.minimum,
    retentionDays: draft.retentionDays,
    labelDeadlineHours: draft.labelDeadlineHours,
    labelExpiryHours: draft.labelExpiryHours,
  };
  const others = Object.entries(numbers).flatMap(([name, value]) => (isNumber(value) ? [] : [name]));
  return [...gates, ...thresholds, ...others];
}

function isNumber(value: string): boolean {
  return value.trim() !== '' && Number.isFinite(Number(value));
}

/**
 * What a draft without faults changes of the policy it began with, with that policy's revision. A part that reads as it did is left
 * out: it keeps its exact numbers, and what others change in it meanwhile.
 */
export function changeOf(draft: PolicyDraft, base: Policy): PolicyChange {
  const before = draftOf(base);
  const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
  const { evidence } = draft;
  const thresholds = thresholdsOf(draft);
  return {
    revision: base.revision,
    ...(!same(thresholds, thresholdsOf(before)) && { thresholds }),
    ...(!same(draft.gates, before.gates) && {
      gates: { staging: draft.gates.staging.map(gateOf), production: draft.gates.production.map(gateOf) },
    }),
    ...(!same(evidence, before.evidence) && {
      evidence: { ...evidence, windowDays: Number(evidence.windowDays), minimum: Number(evidence.minimum) },
    }),
    ...(draft.retentionDays !== before.retentionDays && { retentionDays: Number(draft.retentionDays) }),
    ...(draft.labelDeadlineHours !== before.labelDeadlineHours && {
      labelDeadlineSeconds: Number(draft.labelDeadlineHours) * HOUR,
    }),
    ...(draft.labelExpiryHours !== before.labelExpiryHours && {
      labelExpirySeconds: Number(draft.labelExpiryHours) * HOUR,
    }),
  };
}

/** What was typed over `base`, on top of what the policy has become since: each field that was not touched is as it is now. */
export function rebased(draft: PolicyDraft, base: Policy, current: Policy): PolicyDraft {
  return merged(draft, draftOf(base), draftOf(current)) as PolicyDraft;
}

/** Fields of objects one by one; lists (gates of a stage) as a whole. */
function merged(mine: unknown, base: unknown, theirs: unknown): unknown {
  if (JSON.stringify(mine) === JSON.stringify(base)) {
    return theirs;
  }
  if (!isFields(mine) || !isFields(base) || !isFields(theirs)) {
    return mine;
  }
  const names = new Set([...Object.keys(mine), ...Object.keys(theirs)]);
  const pairs = [...names].map((name) => [name, merged(mine[name], base[name], theirs[name])] as const);
  return Object.fromEntries(pairs.filter(([, value]) => value !== undefined));
}

function isFields(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a draft changes anything. */
export function isChanged(draft: PolicyDraft, base: Policy): boolean {
  return Object.keys(changeOf(draft, base)).length > 1;
}

function thresholdsOf({ thresholds }: PolicyDraft): Policy['thresholds'] {
  const found: Policy['thresholds'] = {};
  for (const key of Object.keys(thresholds).sort()) {
    const [metric = '', severity = ''] = key.split(' ');
    const value = thresholds[key]?.trim() ?? '';
    if (value !== '') {
      found[metric] = { ...found[metric], [severity]: Number(value) };
    }
  }
  return found;
}

function gateOf({ metric, direction, need }: GateDraft) {
  return { metric, [direction]: Number(need) };
}
