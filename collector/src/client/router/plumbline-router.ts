/** A router: the last known state, the versions that run here, and the shadows behind them. */
import { PlumblineError } from '../../errors.ts';
import { isPromiseLike } from '../../monitor/guard-callback.ts';
import type { PredictedValue, TimeValue } from '../../prediction.ts';
import type { Monitor } from '../monitor.ts';
import { isPlainRecord } from '../wrap.ts';
import { idOf, type Arm, type Call } from './arms.ts';
import type { KnownState, RouterEvent } from './known-state.ts';
import type {
  PredictAnswer,
  Predicted,
  PredictOptions,
  Router,
  RouterCounts,
  RouterStatus,
  RoutingKey,
} from './router.ts';
import type { Route } from './routes.ts';
import type { Shadows } from './shadows.ts';

/** Counts while it runs. */
export type Counts = { -readonly [Name in keyof RouterCounts]: RouterCounts[Name] };

/** What a router is made of. */
export interface RouterParts<Input, Result> {
  readonly model: string;
  readonly known: KnownState;
  readonly arms: ReadonlyMap<string, Arm<Input, Result>>;
  readonly shadows: Shadows;
  readonly counts: Counts;
  /** 0 to 1. */
  readonly random: () => number;
  readonly onError: 'throw' | 'fallback';
  /** Ends the shadows and closes what was made for this router. */
  readonly closeOwn: () => Promise<void>;
}

/** Routes by the last known state. */
export class PlumblineRouter<Input, Result> implements Router<Input, Result> {
  readonly model: string;
  readonly #parts: RouterParts<Input, Result>;
  readonly #first: Promise<boolean>;
  #closing: Promise<void> | undefined;

  constructor(parts: RouterParts<Input, Result>) {
    this.model = parts.model;
    this.#parts = parts;
    this.#first = parts.known.poll();
  }

  route(key?: RoutingKey): Route {
    const { table } = this.#parts.known;
    const text = keyText(key);
    return text === undefined ? table.drawn(this.#parts.random()) : table.byKey(text);
  }

  predict(input: Input, { key, id }: PredictOptions = {}): PredictAnswer<Result> {
    const route = this.route(key);
    const call: Call = { key: keyText(key), experiment: route.experiment, id, shadowOf: undefined };
    if (route.reason === 'not_deployed') {
      this.#parts.counts.notDeployed++;
      this.#parts.arms.get(route.version)?.count('not_deployed');
    }
    return this.#run(input, route, call, this.#parts.onError === 'fallback') as PredictAnswer<Result>;
  }

  recordLabel(
    predictionId: string,
    label: PredictedValue,
    { version, timestamp }: { readonly version?: string; readonly timestamp?: TimeValue } = {},
  ): void {
    const { arms } = this.#parts;
    const [first] = arms.values();
    const { monitor } = (version === undefined ? undefined : arms.get(version)) ?? first ?? {};
    monitor?.recordLabel(predictionId, label, timestamp === undefined ? {} : { timestamp });
  }

  monitor(version: string): Monitor | undefined {
    return this.#parts.arms.get(version)?.monitor;
  }

  ready(): Promise<boolean> {
    return this.#first.then((answered) => answered || this.#parts.known.state !== undefined);
  }

  refresh(): Promise<boolean> {
    return this.#parts.known.poll();
  }

  subscribe(listener: (event: RouterEvent) => void): () => void {
    return this.#parts.known.subscribe(listener);
  }

  status(): RouterStatus {
    const { state, stale, confirmedAt, error } = this.#parts.known;
    const { name, epoch } = state?.experiment ?? {};
    return {
      production: state?.production ?? null,
      experiment: name === undefined || epoch === undefined ? null : { name, epoch },
      stale,
      confirmedAt: confirmedAt === undefined ? null : new Date(confirmedAt).toISOString(),
      error: error ?? null,
      counts: { ...this.#parts.counts },
    };
  }

  close(): Promise<void> {
    const { known, closeOwn } = this.#parts;
    this.#closing ??= known.close().then(closeOwn);
    return this.#closing;
  }

  /** @param mayStandIn whether another version answers for one that throws */
  #run(input: Input, route: Route, call: Call, mayStandIn: boolean): unknown {
    const arm = this.#parts.arms.get(route.version);
    if (!arm) throw noArms();
    const failed = (error: unknown) => this.#failed(error, input, route, call, mayStandIn);
    let result: Result;
    try {
      result = arm.predict(input, call);
    } catch (error) {
      return failed(error);
    }
    if (!isPromiseLike(result)) return this.#answered(input, result, route, call);
    return result.then((value) => this.#answered(input, value, route, call), failed);
  }

  #answered(input: Input, result: unknown, route: Route, call: Call): Predicted<unknown> {
    const { version, experiment, reason, stale } = route;
    const prediction = isPlainRecord(result) && 'prediction' in result ? result['prediction'] : result;
    const predictionId = idOf(call);
    this.#shadow(input, version, call);
    return { prediction, result, version, predictionId, experiment, reason, stale };
  }

  #failed(error: unknown, input: Input, { version, stale }: Route, call: Call, mayStandIn: boolean): unknown {
    const { counts, known, arms } = this.#parts;
    counts.armsFailed++;
    const { standIn, fallback } = known.table;
    const other = [standIn, fallback].find((one) => one !== version && arms.has(one));
    if (!mayStandIn || other === undefined) throw error;
    const route: Route = { version: other, experiment: null, reason: 'arm_failed', stale };
    return this.#run(input, route, { ...call, experiment: null }, false);
  }

  #shadow(input: Input, answered: string, { recorded, key }: Call): void {
    const { known, arms, shadows, counts } = this.#parts;
    if (recorded === undefined) return;
    for (const version of known.table.shadows) {
      const arm = arms.get(version);
      if (!arm || version === answered) continue;
      shadows.add({
        run: () => {
          counts.shadowsRun++;
          return arm.predict(input, { key, experiment: null, id: undefined, shadowOf: recorded });
        },
        failed: () => counts.shadowsFailed++,
        dropped: () => {
          counts.shadowsDropped++;
          arm.count('shadow_dropped');
        },
      });
    }
  }
}

/** Numbers are taken as their text; what is neither is no key. */
function keyText(key: unknown): string | undefined {
  if (typeof key === 'string') return key === '' ? undefined : key;
  return typeof key === 'number' ? String(key) : undefined;
}

function noArms(): PlumblineError {
  const message = 'arms: the router has none, so it cannot predict';
  return new PlumblineError('invalid_configuration', message, 'Give createRouter a function for each version.');
}
