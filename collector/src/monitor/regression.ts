/** Regressions: a number per sample. */
import { lossAlgebra, estimateLoss, type LossState } from '../performance/estimates/loss-estimation.ts';
import { additiveSums, REGRESSION_COUNTERS } from '../performance/regression/additive-sums.ts';
import { regressionAlgebra, type RegressionState } from '../performance/regression/regression-state.ts';
import { fieldsOf } from '../performance/state-fields.ts';
import { referenceLabel, type NumericReference } from '../distribution/reference.ts';
import type { HeldValue } from '../joining/label-join.ts';
import { VALUE_FEATURE } from '../prediction.ts';
import type { HistogramFamily } from '../telemetry/families.ts';
import type { MetricStore } from '../telemetry/store.ts';
import { NO_ANSWERS, NOT_CLASSIFIED, type Answers } from './answers.ts';
import type { MonitorConfig } from './options.ts';
import { PerformanceBook } from './performance-book.ts';
import { performanceReport } from './performance-report.ts';
import { PredictionWindows } from './prediction-windows.ts';
import type { DistributionReport, PerformanceReport } from './reports.ts';
import type { FoldedOutcomes, Place, ScoredRow, Task } from './task.ts';
import { TwinCounter, type TwinKey } from './twin-counter.ts';

/** What the predictions of a cohort add up to. */
interface Track {
  readonly errors: RegressionState;
  readonly losses: LossState;
}

/** Beyond it squares overflow, and one sample would make every sum infinite. */
const LARGEST = 1e150;
/** Errors that say how large errors are, before they are watched for a change. */
const SCALE_ERRORS = 100;

const KEYS: Readonly<Record<(typeof REGRESSION_COUNTERS)[number], TwinKey>> = {
  count: 'regressionCount',
  overshoot: 'regressionOvershoot',
  undershoot: 'regressionUndershoot',
  squared_error: 'regressionSquaredError',
  percentage_error: 'regressionPercentageError',
  'label.above': 'regressionLabelAbove',
  'label.below': 'regressionLabelBelow',
  'label.squared': 'regressionLabelSquared',
};

/** Counts predicted values and errors of one model version. */
export class Regression implements Task {
  readonly #config: MonitorConfig;
  readonly #mean: number;
  readonly #values: HistogramFamily;
  readonly #counters: readonly TwinCounter[];
  readonly #losses;
  readonly #book: PerformanceBook<Track>;
  /** Sum and number of the first errors. */
  #scale = { sum: 0, n: 0 };

  constructor(store: MetricStore, config: MonitorConfig) {
    this.#config = config;
    const { reference } = config;
    const profile = reference?.features.find(({ feature }) => feature === VALUE_FEATURE) as
      NumericReference | undefined;
    this.#mean = reference?.labels?.mean ?? 0;
    this.#values = store.histogram('value', profile?.edges);
    this.#values.declare();
    this.#counters = REGRESSION_COUNTERS.map((name) => new TwinCounter(store, KEYS[name]));
    for (const counter of this.#counters) counter.declare({ reference: reference ? referenceLabel(reference) : '' });
    this.#losses = lossAlgebra(profile?.edges ?? []);
    this.#book = new PerformanceBook(config, {
      create: () => ({ errors: regressionAlgebra.create(), losses: this.#losses.create() }),
      merge: (track, other) => {
        regressionAlgebra.merge(track.errors, other.errors);
        this.#losses.merge(track.losses, other.losses);
      },
      serialise: ({ errors, losses }) => ({
        errors: regressionAlgebra.serialise(errors),
        losses: this.#losses.serialise(losses),
      }),
      parse: (value) => {
        const { errors, losses } = fieldsOf(value);
        return { errors: regressionAlgebra.parse(errors), losses: this.#losses.parse(losses) };
      },
    });
  }

  readonly column = (size: number): Float64Array => new Float64Array(size);

  /** Text that is a number is none: whoever sends it should know. */
  readonly read = (value: unknown): number | undefined =>
    typeof value === 'number' && Math.abs(value) <= LARGEST ? value : undefined;

  readonly predict = (predicted: HeldValue, _row: ScoredRow, place: Place): number => {
    this.#values.observe(predicted as number);
    const cohort = this.#book.predict(place);
    const segment = this.#book.segmentOf(place.slot);
    this.#losses.record(cohort.track.losses, { predicted: predicted as number });
    if (segment) this.#losses.record(segment.track.losses, { predicted: predicted as number });
    return Number.NaN;
  };

  readonly valueOf = (predicted: HeldValue): number => predicted as number;

  readonly label = (actual: HeldValue, predicted: HeldValue, slot: number, former?: HeldValue): void => {
    if (former === undefined) this.#watch(Math.abs((predicted as number) - (actual as number)));
    else this.#count(former as number, predicted as number, slot, -1);
    this.#count(actual as number, predicted as number, slot, 1);
  };

  readonly expire = (slot: number): void => this.#book.expire(slot);
  readonly restore = (): void => undefined;
  readonly fold = (): FoldedOutcomes => this.#book.fold();
  readonly absorb = (folded: FoldedOutcomes, segment: string | undefined): void =>
    void this.#book.absorb(folded, segment);
  readonly knows = (segment: string): boolean => this.#book.knows(segment);

  readonly performance = (pending: number): PerformanceReport =>
    performanceReport(this.#config, this.#book, (track, lifetime) => answerOf(track, lifetime), pending);

  /** A number has no shares: its drift is that of the feature `__prediction__`. */
  readonly distribution = (): DistributionReport => {
    const { model, version, window } = this.#config;
    const none = new PredictionWindows(window, undefined);
    const open = this.#book.recent().at(-1);
    return { model, version, ...none.shares(), n: open?.predictions ?? 0, shift: none.shift(), reference_shift: null };
  };

  readonly compareWith = (): void => undefined;

  #count(actual: number, predicted: number, slot: number, count: 1 | -1): void {
    additiveSums(actual, predicted, this.#mean).forEach((amount, index) =>
      (this.#counters[index] as TwinCounter).add(0, count, amount),
    );
    this.#book.label(slot, count, ({ errors, losses }) => {
      regressionAlgebra.record(errors, { actual, predicted, count });
      this.#losses.record(losses, { actual, predicted, count });
    });
  }

  /** Detectors want errors from 0 to 1: e/(e + mean of the first 100), which is ½ for an ordinary one. */
  #watch(error: number): void {
    if (this.#scale.n < SCALE_ERRORS) {
      this.#scale = { sum: this.#scale.sum + error, n: this.#scale.n + 1 };
      return;
    }
    const ordinary = this.#scale.sum / this.#scale.n;
    this.#book.watch(error === 0 ? 0 : error / (error + ordinary));
  }
}

function answerOf({ errors, losses }: Track, lifetime: Track): Answers {
  const { metrics, residuals } = regressionAlgebra.read(errors);
  const hasPredictions = losses.predictions.some((count) => count > 0);
  return {
    ...NO_ANSWERS,
    metrics: { ...NOT_CLASSIFIED, ...metrics },
    estimated: hasPredictions ? estimateLoss(losses, lifetime.losses) : null,
    residuals,
  };
}
