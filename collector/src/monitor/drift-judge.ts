/**
 * Judges closed windows outside the recording call, one feature per turn of the event loop, so that no prediction waits for a
 * statistic and no request for all of them.
 */
import { judgeQuality, type FeatureQuality, type QualityReference } from '../drift/data-quality.ts';
import type { SerialDependence } from '../drift/autocorrelation.ts';
import { testFeature, type FeatureWindow, type TestedFeature } from '../drift/feature-tests.ts';
import { createPersistence, type PersistenceReading } from '../drift/persistence.ts';
import { judgeTests, type DriftPolicy, type FeatureVerdict, type WindowVerdict } from '../drift/verdict.ts';
import { againstPrevious, remembered } from '../drift/windows.ts';
import type { ClosedFeature } from './feature-recorder.ts';

/** The verdict on one feature, and what else the window says about it. */
export interface FeatureReport extends FeatureVerdict {
  /** Where rows depend on those before them p-values mislead: `dependent` says so. */
  readonly serial: SerialDependence;
  readonly quality: FeatureQuality;
}

/** The verdict on one closed window. */
export interface DriftWindow extends WindowVerdict {
  /** 0 for the first window of the process. */
  readonly index: number;
  /** 0-based position of the window's first prediction among all recorded ones, and the one after its last. */
  readonly start: number;
  readonly end: number;
  readonly features: readonly FeatureReport[];
  /** The same tests against the window before instead of the reference; null for the first window. */
  readonly previous: WindowVerdict | null;
  /** What the last windows say together (by default: drifted in 2 of the last 3). */
  readonly lasting: PersistenceReading;
}

/** A window that waits for its verdict. */
export interface ClosedWindow {
  readonly index: number;
  readonly start: number;
  readonly end: number;
  readonly features: readonly (() => ClosedFeature)[];
}

interface Job extends ClosedWindow {
  readonly closed: ClosedFeature[];
  readonly tested: TestedFeature[];
  readonly compared: TestedFeature[];
}

/** Windows set aside and not yet judged; with a third one the first is judged at once, so that memory stays bounded. */
const MAX_PENDING = 2;

/** What the judge needs of the world around it. */
export interface JudgeHooks {
  /** Runs work after the current call. */
  readonly defer: (work: () => void) => void;
  readonly onVerdict: (window: DriftWindow) => void;
}

/** One queue of windows of one reference. */
export class DriftJudge {
  readonly #policy: DriftPolicy;
  readonly #references: readonly QualityReference[];
  readonly #hooks: JudgeHooks;
  readonly #persistence;
  readonly #history;
  readonly #jobs: Job[] = [];
  #previous: readonly FeatureWindow[] | undefined;
  #scheduled = false;

  /** @param references per feature, in the order windows hand them over */
  constructor(policy: DriftPolicy, references: readonly QualityReference[], hooks: JudgeHooks) {
    this.#policy = policy;
    this.#references = references;
    this.#hooks = hooks;
    this.#persistence = createPersistence(policy.persistence);
    this.#history = this.#persistence.create();
  }

  /** Takes a closed window. */
  push(window: ClosedWindow): void {
    this.#jobs.push({ ...window, closed: [], tested: [], compared: [] });
    while (this.#jobs.length > MAX_PENDING) this.#step();
    this.#schedule();
  }

  /** Judges every window that is set aside. */
  flush(): void {
    while (this.#jobs.length > 0) this.#step();
  }

  #schedule(): void {
    if (this.#scheduled || this.#jobs.length === 0) return;
    this.#scheduled = true;
    this.#hooks.defer(() => {
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
    const job = this.#jobs[0];
    if (!job) return;
    const next = job.features[job.tested.length];
    try {
      if (next) return this.#test(job, next());
    } catch (error) {
      this.#jobs.shift(); // a window that cannot be judged is given up, or it would stop every later one
      throw error;
    }
    this.#jobs.shift();
    this.#hooks.onVerdict(this.#conclude(job));
  }

  #test(job: Job, closed: ClosedFeature): void {
    const before = this.#previous?.[job.tested.length];
    if (before) job.compared.push(testFeature(againstPrevious(before, closed.window), this.#policy));
    job.closed.push(closed);
    job.tested.push(testFeature(closed.window, this.#policy));
  }

  #conclude({ index, start, end, closed, tested, compared }: Job): DriftWindow {
    const { features, ...verdict } = judgeTests(tested, this.#policy);
    const previous = this.#previous ? judgeTests(compared, this.#policy) : null;
    this.#previous = closed.map(({ window }) => remembered(window));
    this.#persistence.record(this.#history, verdict.verdict);
    return {
      index,
      start,
      end,
      ...verdict,
      features: features.map((feature, at) => this.#report(feature, closed[at] as ClosedFeature, at)),
      previous,
      lasting: this.#persistence.read(this.#history),
    };
  }

  #report(feature: FeatureVerdict, { serial, quality }: ClosedFeature, at: number): FeatureReport {
    const reference = this.#references[at] as QualityReference;
    return { ...feature, serial, quality: judgeQuality(quality, reference, this.#policy.alpha) };
  }
}
