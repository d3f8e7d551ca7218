/**
 * Drift verdicts once per disjoint window. Recording fills the open window; a full one is set aside and judged outside the
 * recording call, so that no prediction waits for a statistic.
 */
import { referenceLabel, type ReferenceProfile } from '../distribution/reference.ts';
import { judgeWindow, type FeatureVerdict, type FeatureWindow, type Verdict } from '../drift/verdict.ts';
import type { FeatureValue } from '../prediction.ts';
import type { MetricStore } from '../telemetry/store.ts';
import { DriftGauges } from './drift-gauges.ts';
import { createFeatureRecorder, type FeatureRecorder } from './feature-recorder.ts';
import type { MonitorConfig } from './options.ts';
import { publishReference } from './reference-gauges.ts';

/** The verdict on one closed window. */
export interface DriftWindow {
  /** 0 for the first window of the process. */
  readonly index: number;
  /** 0-based position of the window's first prediction among all recorded ones, and the one after its last. */
  readonly start: number;
  readonly end: number;
  readonly verdict: Verdict;
  readonly features: readonly FeatureVerdict[];
}

interface ClosedWindow {
  readonly index: number;
  readonly features: readonly (() => FeatureWindow)[];
}

/** Windows set aside and not yet judged; a third one is judged at once, so that memory stays bounded. */
const MAX_PENDING = 2;

export class DriftMonitor {
  readonly #config: MonitorConfig;
  readonly #recorders: readonly FeatureRecorder[];
  readonly #gauges: DriftGauges;
  readonly #defer: (work: () => void) => void;
  readonly #onWindow: (window: DriftWindow) => void;
  readonly #pending: ClosedWindow[] = [];
  #rows = 0;
  #windows = 0;
  #last: DriftWindow | undefined;

  constructor(
    store: MetricStore,
    reference: ReferenceProfile,
    config: MonitorConfig,
    hooks: { readonly defer: (work: () => void) => void; readonly onWindow: (window: DriftWindow) => void },
  ) {
    this.#config = config;
    this.#defer = hooks.defer;
    this.#onWindow = hooks.onWindow;
    const label = referenceLabel(reference);
    this.#recorders = reference.features.map((feature) =>
      createFeatureRecorder(store, feature, {
        referenceLabel: label,
        window: config.window,
        schema: config.features.get(feature.feature),
      }),
    );
    publishReference(store, reference, config.policy.alpha);
    this.#gauges = new DriftGauges(store, reference, config.policy);
  }

  /** The last closed window, judged. */
  get last(): DriftWindow | undefined {
    return this.#last;
  }

  /** Records one prediction's features; a missing one counts as missing. Cost: O(features · log bins). */
  record(features: Readonly<Record<string, FeatureValue>> | undefined): void {
    for (const recorder of this.#recorders) recorder.record(features?.[recorder.feature]);
    if (++this.#rows < this.#config.window) return;
    this.#rows = 0;
    this.#pending.push({ index: this.#windows++, features: this.#recorders.map((recorder) => recorder.close()) });
    if (this.#pending.length > MAX_PENDING) this.#judgeNext();
    this.#defer(() => this.#judgeNext());
  }

  /** Judges every window that is set aside. */
  flush(): void {
    while (this.#pending.length > 0) this.#judgeNext();
  }

  #judgeNext(): void {
    const closed = this.#pending.shift();
    if (!closed) return;
    const { verdict, features } = judgeWindow(
      closed.features.map((read) => read()),
      this.#config.policy,
    );
    const start = closed.index * this.#config.window;
    this.#last = { index: closed.index, start, end: start + this.#config.window, verdict, features };
    this.#gauges.show(features);
    this.#onWindow(this.#last);
  }
}
