/** What becomes of a candidate that was found good and saved: it goes on as far as the gates let it, or becomes an arm of an experiment. */
import { SERVICE_ACTOR } from '../audit/audit-event.ts';
import { errorText, PlumblineError } from '../errors.ts';
import type { FollowUp } from '../lifecycle/retraining-policy.ts';
import type { Lifecycle } from '../lifecycle/lifecycle.ts';
import type { Act, Version } from '../registry/model-version.ts';
import { RunFailure } from './run-failure.ts';

/** An arm beside the version in production. */
export interface NewArm {
  readonly model: string;
  readonly run: string;
  readonly version: string;
  readonly incumbent: string;
  /** Share of the keys, above 0 and at most 1. */
  readonly weight: number;
  /** Of the experiment; its own default where it is not given. */
  readonly keyWindowSeconds?: number;
}

/** Sets experiments up: a port, filled where the service is composed. */
export interface Arms {
  /** @returns the name of the experiment, which runs */
  start(arm: NewArm, act: Act): Promise<string>;
}

/** Where a version ended up. */
export interface FollowedUp {
  readonly why: string;
  readonly evidence: unknown;
}

/** The service acts, by the policy of the model. */
export const BY_POLICY: Act = { actor: SERVICE_ACTOR, requestId: null };

/** Moves a version on. A gate that is not met ends the way, and is no failure. @throws RunFailure for what else keeps it */
export async function promoteFar(
  lifecycle: Pick<Lifecycle, 'transition'>,
  saved: Version,
  { run, to }: { readonly run: string; readonly to: 'staging' | 'production' },
): Promise<FollowedUp> {
  const { model, version } = saved;
  const stages = to === 'staging' ? (['staging'] as const) : (['staging', 'production'] as const);
  let reached: string = saved.stage ?? 'development';
  for (const stage of stages)
    try {
      const move = { to: stage, reason: `Retraining run ${run}`, override: false };
      await lifecycle.transition(model, version, move, BY_POLICY);
      reached = stage;
    } catch (error) {
      if (!(error instanceof PlumblineError)) throw error;
      if (error.code !== 'gate_not_met')
        throw new RunFailure(
          `Version "${version}" was saved and is in ${reached}; it could not go on: ${error.message}`,
        );
      const why = `Version "${version}" is in ${reached}: the gates of ${stage} are not met. ${error.message}`;
      return { why, evidence: { reached, gates: error.details['gates'] ?? null } };
    }
  return { why: `Version "${version}" is in ${reached}.`, evidence: { reached } };
}

/** @throws RunFailure where there is nothing to compare with, or the experiment could not be set up */
export async function startArm(
  arms: Arms | undefined,
  saved: Version,
  {
    run,
    incumbent,
    then,
  }: {
    readonly run: string;
    readonly incumbent: string | null;
    readonly then: Extract<FollowUp, { do: 'experiment' }>;
  },
): Promise<FollowedUp> {
  const { model, version } = saved;
  const kept = `Version "${version}" was saved in development`;
  if (incumbent === null) throw new RunFailure(`${kept}; no version is in production that it could be compared with.`);
  if (!arms) throw new RunFailure(`${kept}; this service has no experiments.`);
  try {
    const { weight, keyWindowSeconds } = then;
    const how = { weight, ...(keyWindowSeconds !== undefined && { keyWindowSeconds }) };
    const experiment = await arms.start({ model, run, version, incumbent, ...how }, BY_POLICY);
    return {
      why: `Version "${version}" is an arm of experiment "${experiment}".`,
      evidence: { experiment, incumbent },
    };
  } catch (error) {
    if (!(error instanceof PlumblineError)) throw error;
    throw new RunFailure(`${kept}; it could not become an arm: ${errorText(error)}`);
  }
}
