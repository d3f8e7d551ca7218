/**
 * Routers as a provider of OpenFeature: who asks a flag client for versions needs no new API. A flag is a model, its variants are versions.
 * Nothing of OpenFeature is loaded: what is here has the shape of `Provider` of `@openfeature/server-sdk`, which the program brings.
 */
import { invalid, isRecord } from '../monitor/option-checks.ts';
import type { RouterEvent } from './router/known-state.ts';
import { ProviderEmitter } from './router/provider-emitter.ts';
import type { Router } from './router/router.ts';
import type { Route } from './router/routes.ts';

/** Names of flags. */
export interface PlumblineProviderOptions {
  /** Model by flag key, for flags that are not called as their model is. */
  readonly flags?: Readonly<Record<string, string>>;
}

/** What a flag evaluates to. */
export interface VersionResolution {
  /** The version, twice: as the value of the flag and as its variant. */
  readonly value: string;
  readonly variant: string;
  /** `SPLIT` by key or by chance, `STATIC` for the version in production, `DEFAULT` for one that stands in, `STALE` for the last known state. */
  readonly reason: 'SPLIT' | 'STATIC' | 'DEFAULT' | 'STALE';
  /** `model`, `reason` (of the route), and inside an experiment `experiment`, `epoch` and `propensity`: what a recorded row wants to know. */
  readonly flagMetadata: Record<string, string | number | boolean>;
}

const REASONS = {
  split: 'SPLIT',
  random: 'SPLIT',
  production: 'STATIC',
  default: 'DEFAULT',
  not_deployed: 'DEFAULT',
  arm_failed: 'DEFAULT',
} as const;

type AnyRouter = Pick<Router<never, never>, 'model' | 'route' | 'ready' | 'subscribe' | 'status' | 'close'>;

/**
 * A provider for `OpenFeature.setProviderAndWait`. The targeting key of the context is the key of the route.
 * @throws PlumblineError `invalid_configuration` naming the option
 */
export function plumblineProvider(
  routers: AnyRouter | readonly AnyRouter[],
  options: PlumblineProviderOptions = {},
): PlumblineProvider {
  const all = Array.isArray(routers) ? (routers as readonly AnyRouter[]) : [routers as AnyRouter];
  return new PlumblineProvider(flagsOf(all, options.flags ?? {}));
}

/** Evaluates flags by routing. */
export class PlumblineProvider {
  readonly metadata = { name: 'plumbline' } as const;
  readonly runsOn = 'server';
  readonly events = new ProviderEmitter();
  readonly #flags: ReadonlyMap<string, AnyRouter>;
  readonly #routers: ReadonlySet<AnyRouter>;
  #unsubscribe: (() => void)[] = [];

  /** @param flags routers by flag key */
  constructor(flags: ReadonlyMap<string, AnyRouter>) {
    this.#flags = flags;
    this.#routers = new Set(flags.values());
  }

  /**
   * Waits until the service has been asked for the first time. Resolves even when it is away, since there is an answer without it: that the
   * answer is the fallback, or the last known state, follows as the event `PROVIDER_ERROR` or `PROVIDER_STALE`.
   */
  async initialize(): Promise<void> {
    await Promise.all([...this.#routers].map((router) => router.ready()));
    for (const router of this.#routers) this.#unsubscribe.push(router.subscribe((event) => this.#pass(event, router)));
    // After the event that this is ready, which it would undo.
    setImmediate(() => this.#tellAway());
  }

  /** Closes the routers. */
  async onClose(): Promise<void> {
    for (const end of this.#unsubscribe.splice(0)) end();
    await Promise.all([...this.#routers].map((router) => router.close()));
  }

  /** The version a targeting key gets. Rejects with `FLAG_NOT_FOUND` for a flag that is no model. */
  async resolveStringEvaluation(
    flagKey: string,
    _defaultValue: string,
    { targetingKey }: { readonly targetingKey?: string },
  ): Promise<VersionResolution> {
    const router = this.#router(flagKey);
    return resolutionOf(router.model, router.route(targetingKey));
  }

  /** A version is a text: always rejects. */
  resolveBooleanEvaluation(flagKey: string): Promise<never> {
    return this.#mismatch(flagKey);
  }

  /** A version is a text: always rejects. */
  resolveNumberEvaluation(flagKey: string): Promise<never> {
    return this.#mismatch(flagKey);
  }

  /** A version is a text: always rejects. */
  resolveObjectEvaluation(flagKey: string): Promise<never> {
    return this.#mismatch(flagKey);
  }

  async #mismatch(flagKey: string): Promise<never> {
    this.#router(flagKey);
    throw new EvaluationError('TYPE_MISMATCH', `Flag "${flagKey}" is a version, which is a text: ask for a string`);
  }

  #router(flagKey: string): AnyRouter {
    const router = this.#flags.get(flagKey);
    if (router) return router;
    throw new EvaluationError('FLAG_NOT_FOUND', `Flag "${flagKey}" is no model of this provider`);
  }

  #pass(event: RouterEvent, router: AnyRouter): void {
    if (event === 'changed') {
      const flagsChanged = [...this.#flags].filter(([, one]) => one === router).map(([flag]) => flag);
      this.events.emit('PROVIDER_CONFIGURATION_CHANGED', { flagsChanged });
    } else if (!this.#tellAway()) this.events.emit('PROVIDER_READY');
  }

  /** Says what the routers lack, of all the worst. @returns whether they lack anything */
  #tellAway(): boolean {
    const away = [...this.#routers].map((router) => router.status()).filter(({ stale }) => stale);
    const unknown = away.find(({ confirmedAt, production, experiment }) => !(confirmedAt ?? production ?? experiment));
    const message = (unknown ?? away[0])?.error?.message;
    const details = message === undefined ? {} : { message };
    if (unknown) this.events.emit('PROVIDER_ERROR', details);
    else if (away.length > 0) this.events.emit('PROVIDER_STALE', details);
    return away.length > 0;
  }
}

/** OpenFeature reads `code` and turns it into the error code of the evaluation; the caller gets the default value. */
class EvaluationError extends Error {
  readonly code: 'FLAG_NOT_FOUND' | 'TYPE_MISMATCH';

  constructor(code: 'FLAG_NOT_FOUND' | 'TYPE_MISMATCH', message: string) {
    super(message);
    this.name = 'EvaluationError';
    this.code = code;
  }
}

function resolutionOf(model: string, { version, experiment, reason, stale }: Route): VersionResolution {
  const { name, epoch, propensity } = experiment ?? {};
  return {
    value: version,
    variant: version,
    reason: stale && reason !== 'default' ? 'STALE' : REASONS[reason],
    flagMetadata: {
      model,
      reason,
      ...(name !== undefined && { experiment: name }),
      ...(epoch !== undefined && { epoch }),
      ...(propensity !== undefined && { propensity }),
    },
  };
}

function flagsOf(routers: readonly AnyRouter[], flags: Readonly<Record<string, string>>): Map<string, AnyRouter> {
  const byModel = new Map<string, AnyRouter>();
  for (const router of routers) {
    if (!isRecord(router) || typeof router.route !== 'function')
      throw invalid('routers: expected routers', 'Make them with createRouter.');
    if (byModel.has(router.model)) throw invalid(`routers: two of the model "${router.model}"`, 'Give one per model.');
    byModel.set(router.model, router);
  }
  if (byModel.size === 0) throw invalid('routers: there is none', 'Make one with createRouter.');
  if (!isRecord(flags)) throw invalid('flags: expected models by flag key', 'For example { "churn-model": "churn" }.');
  const known = new Map(byModel);
  for (const [flag, model] of Object.entries(flags)) {
    const router = byModel.get(model);
    if (!router) throw invalid(`flags.${flag}: no router of a model "${String(model)}"`, 'Give its router as well.');
    known.set(flag, router);
  }
  return known;
}
