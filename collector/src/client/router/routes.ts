/** Which version a key gets: the state of a model, made ready for being asked often. */
import { BUCKETS, bucketOf, propensityOf } from '../../experiments/allocation.ts';
import type { ModelAssignments, RunningExperiment } from '../../remote/assignments/assignments.ts';

/**
 * Why a version was chosen: `split` by its key, `random` for want of one, `production` without a running experiment, `default` as long
 * as nothing is known of the model, `not_deployed` in place of a version that has no function in this process, `arm_failed` in place of
 * one that threw.
 */
export type RouteReason = 'split' | 'random' | 'production' | 'default' | 'not_deployed' | 'arm_failed';

/** The experiment a key is part of. */
export interface RoutedExperiment {
  readonly name: string;
  /** Counts the changes of its weights. */
  readonly epoch: number;
  /** How probable the version was. */
  readonly propensity: number;
}

/** Where a key goes. */
export interface Route {
  readonly version: string;
  /** Null when the answer says nothing about the experiment: none runs, or another version stands in for the one meant. */
  readonly experiment: RoutedExperiment | null;
  readonly reason: RouteReason;
  /** The service has not confirmed this the last time it was asked. */
  readonly stale: boolean;
}

/** What a process can serve. */
export interface Deployment {
  /** Versions that have a function here; undefined where others run the model. */
  readonly deployed: ReadonlySet<string> | undefined;
  /** What answers when nothing else can. */
  readonly fallback: string;
}

/** All routes of one state, made once: a route is then one hash and two look-ups (`npm run bench -- --only routing`). */
export class RouteTable {
  /** Where everything goes that no experiment splits. */
  readonly fixed: Route;
  /** Version in production, or the fallback: what stands in for a version that cannot answer. */
  readonly standIn: string;
  readonly fallback: string;
  /** Versions that predict beside the one that answers. */
  readonly shadows: readonly string[];
  /** Versions of the running experiment that have no function here. */
  readonly notDeployed: readonly string[];
  readonly #salt: string | undefined;
  readonly #arms = new Uint16Array(BUCKETS);
  readonly #split: readonly Route[];
  readonly #random: readonly Route[];

  constructor(state: ModelAssignments | undefined, { deployed, fallback }: Deployment, stale: boolean) {
    const here = (version: string) => deployed?.has(version) ?? true;
    const production = state?.production ?? null;
    this.fallback = fallback;
    this.standIn = production !== null && here(production) ? production : fallback;
    this.fixed = route(this.standIn, null, fixedReason(production, this.standIn), stale);
    const experiment = state?.experiment ?? undefined;
    const versions = [...new Set(experiment?.ranges.map(({ version }) => version))];
    this.shadows = experiment?.shadows ?? [];
    this.notDeployed = [...versions, ...this.shadows].filter((version) => !here(version));
    this.#salt = experiment?.salt;
    const made = (reason: 'split' | 'random') =>
      versions.map((version) =>
        here(version)
          ? route(version, experiment ? routed(experiment, version) : null, reason, stale)
          : route(this.standIn, null, 'not_deployed', stale),
      );
    this.#split = made('split');
    this.#random = made('random');
    for (const { version, start, end } of experiment?.ranges ?? [])
      this.#arms.fill(versions.indexOf(version), start, end);
  }

  /** The route of a key, the same for the same key as long as the bucket stays with its version. */
  byKey(key: string): Route {
    if (this.#salt === undefined) return this.fixed;
    return this.#split[this.#arms[bucketOf(key, this.#salt)] as number] as Route;
  }

  /** A route drawn by weight. @param random from 0 to 1 */
  drawn(random: number): Route {
    if (this.#salt === undefined) return this.fixed;
    const drawn = Math.floor(random * BUCKETS);
    // A source of one's own may give anything, NaN as well.
    const bucket = drawn > 0 ? Math.min(BUCKETS - 1, drawn) : 0;
    return this.#random[this.#arms[bucket] as number] as Route;
  }
}

function fixedReason(production: string | null, standIn: string): RouteReason {
  if (production === null) return 'default';
  return production === standIn ? 'production' : 'not_deployed';
}

function routed({ name, epoch, ranges }: RunningExperiment, version: string): RoutedExperiment {
  return Object.freeze({ name, epoch, propensity: propensityOf(ranges, version) });
}

/** Frozen: one and the same is handed out for every key. */
function route(version: string, experiment: RoutedExperiment | null, reason: RouteReason, stale: boolean): Route {
  return Object.freeze({ version, experiment, reason, stale });
}
