/** What a program sees of a router. */
import type { PlumblineError } from '../../errors.ts';
import type { PredictedValue, TimeValue } from '../../prediction.ts';
import type { Monitor } from '../monitor.ts';
import type { RouterEvent } from './known-state.ts';
import type { Route, RoutedExperiment } from './routes.ts';

/** The unit of an experiment: a user, a machine. The same key gets the same version as long as its bucket stays there. */
export type RoutingKey = string | number | null | undefined;

/** What belongs to one prediction beside its input. */
export interface PredictOptions {
  readonly key?: RoutingKey;
  /** Id to record it under; one is made when neither this nor the version gives any. */
  readonly id?: string;
}

/** The predicted value in what a version gives. */
export type PredictionOf<Result> = Result extends { readonly prediction: infer Value } ? Value : Result;

/** A prediction, and what is to be kept so that its label can follow. */
export interface Predicted<Result> {
  readonly prediction: PredictionOf<Result>;
  /** All that the version gave. */
  readonly result: Result;
  readonly version: string;
  readonly predictionId: string;
  readonly experiment: RoutedExperiment | null;
  readonly reason: Route['reason'];
  readonly stale: boolean;
}

/** At once when the version answers at once, as a promise when it gives one. */
export type PredictAnswer<Result> =
  Result extends PromiseLike<infer Value> ? Promise<Predicted<Value>> : Predicted<Result>;

/** How often what happened. */
export interface RouterCounts {
  /** Questions to the service that got no usable answer. */
  readonly pollsFailed: number;
  /** Predictions another version answered, because the one meant has no function here. */
  readonly notDeployed: number;
  /** Predictions of a version that threw or rejected. */
  readonly armsFailed: number;
  readonly shadowsRun: number;
  readonly shadowsFailed: number;
  readonly shadowsDropped: number;
  /** Listeners that threw. */
  readonly callbacksFailed: number;
}

/** What a router knows. */
export interface RouterStatus {
  readonly production: string | null;
  readonly experiment: { readonly name: string; readonly epoch: number } | null;
  /** The service has not confirmed this the last time it was asked. */
  readonly stale: boolean;
  /** RFC 3339, null before the first answer. */
  readonly confirmedAt: string | null;
  /** Why the last question failed. */
  readonly error: PlumblineError | null;
  readonly counts: RouterCounts;
}

/** Sends each prediction of a model to one of its versions, as the service says. */
export interface Router<Input, Result> {
  readonly model: string;
  /** The version a key gets. Always answers, without asking anybody; without a key it draws one by weight. */
  route(key?: RoutingKey): Route;
  /**
   * Runs the version a key gets, times and records it, and lets shadows run afterwards. What the version throws, this throws
   * (unless `onError: 'fallback'`).
   * @throws PlumblineError `invalid_configuration` when the router has no arms
   */
  predict(input: Input, options?: PredictOptions): PredictAnswer<Result>;
  /**
   * Joins what came true to its prediction. Name the version that made it where its monitor counts in this process; a collector joins
   * by model and id alone. Never throws.
   */
  recordLabel(
    predictionId: string,
    label: PredictedValue,
    options?: { readonly version?: string; readonly timestamp?: TimeValue },
  ): void;
  /** The monitor of a version that has a function here. */
  monitor(version: string): Monitor | undefined;
  /** Resolves when the service has been asked for the first time. Never rejects. @returns whether it answered, or a state is kept from before */
  ready(): Promise<boolean>;
  /** Asks the service now. Never rejects. @returns whether it answered */
  refresh(): Promise<boolean>;
  /** Tells of changes. @returns a function that ends it */
  subscribe(listener: (event: RouterEvent) => void): () => void;
  status(): RouterStatus;
  /**
   * Asks the service no more, drops the shadows that wait, and closes the monitors it has made, which send what is unsent. `route` and
   * `predict` go on by the last state, unrecorded. Never rejects.
   */
  close(): Promise<void>;
}
