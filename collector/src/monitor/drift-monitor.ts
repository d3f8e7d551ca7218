/** Fills the open drift window feature by feature, and hands full ones to be judged. */
import { referenceLabel, type ReferenceProfile } from '../distribution/reference.ts';
import type { MetricStore } from '../telemetry/store.ts';
import { ConstantCounter } from './constant-counter.ts';
import { DriftGauges } from './drift-gauges.ts';
import { DriftJudge, type DriftWindow } from './drift-judge.ts';
import { FeatureTable, qualityReference } from './feature-table.ts';
import type { MonitorConfig } from './options.ts';
import { publishReference } from './reference-gauges.ts';
import type { Features } from './row-reader.ts';
import { WindowClock } from './window-clock.ts';

export type { DriftWindow, FeatureReport } from './drift-judge.ts';

/** What the drift monitor needs of the world around it. */
export interface DriftHooks {
  /** Runs work after the current call. */
  readonly defer: (work: () => void) => void;
  readonly onWindow: (window: DriftWindow) => void;
}

/** Collects windows of features and has them judged against one reference. */
export class DriftMonitor {
  readonly #features: FeatureTable;
  readonly #judge: DriftJudge;
  readonly #clock: WindowClock;
  #windows = 0;
  /** Position of the open window's first prediction. */
  #start: number;
  #last: DriftWindow | undefined;

  /** @param first predictions recorded before this reference was adopted: positions of windows count from 0 all the same */
  constructor(store: MetricStore, reference: ReferenceProfile, config: MonitorConfig, hooks: DriftHooks, first = 0) {
    this.#start = first;
    this.#clock = new WindowClock({ rows: config.window, duration: config.windowDuration });
    this.#features = new FeatureTable(store, reference, {
      labels: { reference: referenceLabel(reference) },
      window: config.window,
      exact: config.exact,
      schemas: config.features,
    });
    publishReference(store, reference, config.policy.alpha);
    const gauges = new DriftGauges(store, reference, config.policy);
    const constant = new ConstantCounter(store, reference);
    this.#judge = new DriftJudge(config.policy, reference.features.map(qualityReference), {
      defer: hooks.defer,
      onVerdict: (window) => {
        this.#last = window;
        gauges.show(window.features);
        constant.count(window.features);
        hooks.onWindow(window);
      },
    });
  }

  /** The last closed window, judged. */
  get last(): DriftWindow | undefined {
    return this.#last;
  }

  /**
   * Records one prediction's features; a missing one counts as missing. Cost: O(features).
   * @param score, @param value watched as the features `__score__` and `__prediction__`, NaN where there is none
   * @param now arrival, epoch ms
   */
  record(features: Features | undefined | null, score: number, value: number, now: number): void {
    this.closeOverdue(now);
    this.#features.record(features, score, value);
    if (this.#clock.add(now)) this.#close();
  }

  /** Closes the window whose time is over, also when nothing arrives any more. */
  closeOverdue(now: number): void {
    if (this.#clock.overdue(now)) this.#close();
  }

  /** Judges every window that is set aside. */
  flush(): void {
    this.#judge.flush();
  }

  #close(): void {
    const { rows } = this.#clock;
    const start = this.#start;
    this.#start += rows;
    this.#clock.next();
    const features = this.#features.close(rows);
    this.#judge.push({ index: this.#windows++, start, end: start + rows, features });
  }
}
