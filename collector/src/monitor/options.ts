/** Checks what a monitor is told and fills in the defaults. */
import { parseReference } from '../distribution/parse-reference.ts';
import { resolvePolicy } from '../drift/policy-checks.ts';
import {
  checkedDetectors,
  checkedDigest,
  checkedDuration,
  checkedList,
  checkedName,
  checkedSchemas,
  checkedTask,
  checkedValues,
  invalid,
  isRecord,
  seconds,
  truth,
  uniqueClasses,
  wholeNumber,
} from './option-checks.ts';
import { DEFAULT_WINDOW, type MonitorConfig, type MonitorOptions } from './option-types.ts';

export { TASKS, DEFAULT_WINDOW, MAX_CLASSES, MAX_CONFUSION_CLASSES } from './option-types.ts';
export type { TaskName, FeatureSchema, MonitorOptions, MonitorConfig } from './option-types.ts';
export { checkedName } from './option-checks.ts';

const DAY = 86_400;

/** Checks options and fills in defaults. @throws PlumblineError `invalid_configuration` naming the field */
export function resolveOptions(options: MonitorOptions): MonitorConfig {
  if (!isRecord(options)) throw invalid('options: expected an object', 'Pass at least { model, version }.');
  const classes = options.classes && uniqueClasses(options.classes);
  const positiveClass = options.positiveClass === undefined ? undefined : String(options.positiveClass);
  if (positiveClass !== undefined && classes && !classes.includes(positiveClass)) {
    throw invalid(`positiveClass: "${positiveClass}" is not one of the classes`, `Classes are ${classes.join(', ')}.`);
  }
  return {
    model: checkedName(options.model, 'model'),
    version: checkedName(options.version, 'version'),
    task: checkedTask(options),
    classes,
    positiveClass,
    features: checkedSchemas(options.features ?? {}),
    // Checked as if it came from a file: a profile that was changed would count in bins its digest does not stand for.
    reference: options.reference && parseReference(options.reference),
    digest: checkedDigest(options.digest ?? ''),
    window: wholeNumber(options.window ?? DEFAULT_WINDOW, 'window', 10, 1_000_000),
    windowDuration: checkedDuration(options.windowSeconds),
    exact: truth(options.exact ?? true, 'exact'),
    history: wholeNumber(options.history ?? 24, 'history', 0, 1_000),
    segments: checkedList(options.segments ?? [], 'segments', 100),
    detectors: checkedDetectors(options.detectors ?? ['adwin']),
    values: options.values && checkedValues(options.values, classes),
    policy: resolvePolicy(options.drift),
    capacity: wholeNumber(options.capacity ?? 500_000, 'capacity', 1, 10_000_000),
    maxAge: seconds(options.maxAgeSeconds ?? 30 * DAY, 'maxAgeSeconds'),
    deadline: seconds(options.labelDeadlineSeconds ?? 7 * DAY, 'labelDeadlineSeconds'),
    seriesLimit: wholeNumber(options.seriesLimit ?? 10_000, 'seriesLimit', 100, 1_000_000),
    zeroHold: seconds(options.zeroHoldSeconds ?? 15, 'zeroHoldSeconds'),
  };
}
