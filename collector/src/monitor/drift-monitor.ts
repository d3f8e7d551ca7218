/**
 * Drift verdicts once per disjoint window. Recording fills the open window; a full one is set aside and judged outside the
 * recording call, one feature at a time, so that no prediction waits for a statistic and no request for all of them.
 */
import { referenceLabel, type ReferenceProfile } from '../distribution/reference.ts';
import { testFeature, type FeatureWindow, type TestedFeature } from '../drift/feature-tests.ts';
import { judgeTests, type FeatureVerdict, type Verdict } from '../drift/verdict.ts';
import type { FeatureValue } from '../prediction.ts';
import type { MetricStore } from '../telemetry/store.ts';
import { DriftGauges } from './drift-gauges.ts';
import { createFeatureRecorder, type FeatureRecorder } from './feature-recorder.ts';
import type { MonitorConfig } from './options.ts';
import { publishReference } from './reference-gauges.ts';
import { ownValue } from './row-checks.ts';

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
  /** The features tested so far, in order. */
  readonly tested: TestedFeature[];
}

/** Windows set aside and not yet judged; with a third one the first is judged at once, so that memory stays bounded. */
const MAX_PENDING = 2;

/** Collects windows of features and has them judged against one reference. */
export class DriftMonitor {
  readonly #config: MonitorConfig;
  readonly #recorders: readonly FeatureRecorder[];
  readonly #gauges: DriftGauges;
  readonly #defer: (work: () => void) => void;
  readonly #onWindow: (window: DriftWindow) => void;
  readonly #first: number;
  readonly #pending: ClosedWindow[] = [];
  #rows = 0;
  #windows = 0;
  #scheduled = false;
  #last: DriftWindow | undefined;

  /** @param first predictions recorded before this reference was adopted; positions of windows count from 0 all the same */
  constructor(
    store: MetricStore,
    reference: ReferenceProfile,
    config: MonitorConfig,
    hooks: { readonly defer: (work: () => void) => void; readonly onWindow: (window: DriftWindow) => void },
    first = 0,
  ) {
    this.#config = config;
    this.#first = first;
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
    for (const recorder of this.#recorders) recorder.record(ownValue(features, recorder.feature));
    if (++this.#rows < this.#config.window) return;
    this.#rows = 0;
    const closed = this.#recorders.map((recorder) => recorder.close());
    this.#pending.push({ index: this.#windows++, features: closed, tested: [] });
    while (this.#pending.length > MAX_PENDING) this.#step();
    this.#schedule();
  }

  /** Judges every window that is set aside. */
  flush(): void {
    while (this.#pending.length > 0) this.#step();
  }

  #schedule(): void {
    if (this.#scheduled || this.#pending.length === 0) return;
    this.#scheduled = true;
    this.#defer(() => {
      this.#scheduled = false;
      try {
        this.#step();
      } finally {
        this.#schedule();
      }
    });
  }

  /** Tests the next feature of the oldest window; after its last one, gives the verdict. */
  #step(): void {
    const window = this.#pending[0];
    if (!window) return;
    const next = window.features[window.tested.length];
    try {
      if (next) return void window.tested.push(testFeature(next(), this.#config.policy));
    } catch (error) {
      this.#pending.shift(); // a window that cannot be judged is given up, or it would stop every later one
      throw error;
    }
    this.#pending.shift();
    const { verdict, features } = judgeTests(window.tested, this.#config.policy);
    const start = this.#first + window.index * this.#config.window;
    this.#last = { index: window.index, start, end: start + this.#config.window, verdict, features };
    this.#gauges.show(features);
    this.#onWindow(this.#last);
  }
}
