/** Times and records a predict function without changing what it does. */
import { guardCallback, isPromiseLike } from '../monitor/guard-callback.ts';
import type { ClassValue, FeatureValue, PredictionRow } from '../prediction.ts';

/** Any function that predicts; a promise of a result is awaited. */
export type PredictFunction<Args extends unknown[], Result> = (...args: Args) => Result;

/** What to record of a call, and whom to tell. */
export interface WrapOptions<Args extends unknown[], Result> {
  /**
   * The row to record. Default: features from the first argument when it is an object of values; the prediction is the
   * result itself, or its `prediction` (with `score`, `scores`, `segment` and `id` beside it) when the result is an object. An object
   * that brings the `features` it used has them recorded in place of the argument.
   */
  readonly toRow?: (args: Args, result: Awaited<Result>) => PredictionRow;
  /** Told the id under which the prediction was recorded, so that its label can join later. */
  readonly onRecorded?: (id: string, args: Args, result: Awaited<Result>) => void | Promise<void>;
}

/** What a wrapped function reports to. */
export interface WrapRecorder {
  readonly record: (row: PredictionRow) => string;
  readonly countError: (reason: 'predict_failed' | 'to_row_failed' | 'callback_failed') => void;
}

/**
 * @param clock monotonic milliseconds
 * @returns a function with the same arguments and result; a promise stays the same promise's value, an error the same error
 */
export function wrapPredict<Args extends unknown[], Result>(
  predict: PredictFunction<Args, Result>,
  options: WrapOptions<Args, Result>,
  recorder: WrapRecorder,
  clock: () => number,
): PredictFunction<Args, Result> {
  return function (this: unknown, ...args: Args): Result {
    const start = clock();
    const done = (result: Awaited<Result>) => recordCall(args, result, (clock() - start) / 1000, options, recorder);
    let result: Result;
    try {
      result = predict.apply(this, args);
    } catch (error) {
      recorder.countError('predict_failed');
      throw error;
    }
    if (!isPromiseLike(result)) {
      done(result as Awaited<Result>);
      return result;
    }
    const recorded = result.then(
      (value) => {
        done(value as Awaited<Result>);
        return value;
      },
      (error: unknown) => {
        recorder.countError('predict_failed');
        throw error;
      },
    );
    return recorded as Result;
  };
}

function recordCall<Args extends unknown[], Result>(
  args: Args,
  result: Awaited<Result>,
  durationSeconds: number,
  options: WrapOptions<Args, Result>,
  recorder: WrapRecorder,
): void {
  let row: PredictionRow;
  try {
    row = { durationSeconds, ...(options.toRow ?? defaultRow)(args, result) };
  } catch {
    recorder.countError('to_row_failed');
    return;
  }
  const id = recorder.record(row);
  guardCallback(
    () => options.onRecorded?.(id, args, result),
    () => recorder.countError('callback_failed'),
  );
}

/** What a call is recorded as when nobody says otherwise, see `WrapOptions.toRow`. */
export function defaultRow(args: readonly unknown[], result: unknown): PredictionRow {
  const [input] = args;
  const own = isPlainRecord(result) && isPlainRecord(result['features']) ? result['features'] : input;
  const features = isPlainRecord(own) ? { features: own as Record<string, FeatureValue> } : {};
  if (!isPlainRecord(result)) return { ...features, prediction: result as ClassValue };
  const { prediction, score, scores, segment, id } = result;
  return {
    ...features,
    prediction: prediction as ClassValue,
    ...(score !== undefined && { score: score as number }),
    ...(scores !== undefined && { scores: scores as Record<string, number> }),
    ...(segment !== undefined && { segment: segment as string }),
    ...(id !== undefined && { id: id as string }),
  };
}

/** Whether a value is an object whose fields are looked at. */
export function isPlainRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
