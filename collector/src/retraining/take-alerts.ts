/** Answers a webhook of alerts: runs are asked for, everything else is passed over with a reason. */
import { asJson } from '../audit/audit-event.ts';
import { PlumblineError } from '../errors.ts';
import type { Act } from '../registry/model-version.ts';
import { sortAlerts, type WantedRun } from './alerts.ts';
import type { Refusal, Retraining } from './run.ts';

/** What became of the alerts of one model, or of one alert that was passed over. */
export interface AlertOutcome {
  readonly model: string | null;
  readonly fingerprints: readonly string[];
  /** `known`: the alert has started this run before. */
  readonly outcome: 'started' | 'known' | 'refused' | 'ignored';
  readonly run: string | null;
  readonly reason: string | null;
  readonly refusal: Refusal | null;
}

/** The answer; `ignored` says why where no run was asked for at all. */
export interface AlertAnswer {
  readonly ignored?: string;
  readonly alerts: readonly AlertOutcome[];
}

/** All alerts of one model in one webhook ask for one run. @throws PlumblineError `unavailable`; Grafana then sends it again */
export async function takeAlerts(retraining: Pick<Retraining, 'start'>, body: unknown, act: Act): Promise<AlertAnswer> {
  const { wanted, ignored } = sortAlerts(body);
  const outcomes: AlertOutcome[] = [];
  for (const model of new Set(wanted.map((alert) => alert.model)))
    outcomes.push(
      await ask(
        retraining,
        model,
        wanted.filter((alert) => alert.model === model),
        act,
      ),
    );
  const asked = outcomes.some(({ outcome }) => outcome !== 'ignored');
  outcomes.push(
    ...ignored.map(({ model, fingerprint, reason }) => ({
      ...NOTHING,
      model,
      reason,
      fingerprints: listOf(fingerprint),
    })),
  );
  const why = outcomes[0]?.reason ?? 'There is nothing to do.';
  return { ...(!asked && { ignored: why }), alerts: outcomes };
}

const NOTHING = { outcome: 'ignored', run: null, refusal: null } as const;

async function ask(
  retraining: Pick<Retraining, 'start'>,
  model: string,
  alerts: readonly WantedRun[],
  act: Act,
): Promise<AlertOutcome> {
  const fingerprints = alerts.map(({ fingerprint }) => fingerprint);
  const evidence = asJson(alerts.map(({ fingerprint, labels }) => ({ fingerprint, labels })));
  const reason = alerts[0]?.reason ?? '';
  const request = { trigger: 'alert', reason, evidence, alerts: alerts.map(({ key }) => key) } as const;
  const base = { model, fingerprints };
  try {
    const answer = await retraining.start(model, request, act);
    if (answer.outcome === 'refused')
      return { ...base, outcome: 'refused', run: null, reason: answer.refusal.message, refusal: answer.refusal };
    const run = typeof answer.run === 'string' || answer.run === null ? answer.run : answer.run.run;
    return { ...base, outcome: answer.outcome, run, reason: null, refusal: null };
  } catch (error) {
    if (!(error instanceof PlumblineError) || error.code !== 'not_found') throw error;
    return { ...base, ...NOTHING, reason: error.message };
  }
}

function listOf(fingerprint: string | null): string[] {
  return fingerprint === null ? [] : [fingerprint];
}
