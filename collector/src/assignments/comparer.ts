/** Compares the arms of experiments, a little at a time, beside ingest. */
import { createComparison, type Comparison } from '../experiments/comparison.ts';
import type { GuardrailReading } from '../experiments/guardrail.ts';
import { BEGINNING, type Place } from '../labels/place.ts';
import type { TaskName } from '../monitor/options.ts';
import type { ClosingRules } from './close-unit.ts';
import type { StoredEpoch, StoredExperiment } from './experiment-store.ts';
import type { Findings } from './report.ts';
import type { UnitStep, UnitStore } from './unit-store.ts';

/** What it needs of the world around it. */
export interface ComparerOptions {
  readonly units: UnitStore;
  /** Epoch ms. */
  readonly now: () => number;
  /** Lets the event loop take a turn. */
  readonly pause: () => Promise<void>;
}

/** What was found, and what it can still be asked. */
export interface Compared extends Findings {
  readonly beliefs: ReturnType<Comparison['beliefs']>;
}

/** Units that are closed, in the comparison; those after them are looked at each time anew. */
interface Known {
  readonly comparison: Comparison;
  place: Place;
  epochs: number;
  /** Not again before this, epoch ms. */
  nextAt: number;
}

/** Milliseconds one experiment may take of a round for each kind of step before the others have their turn. */
const TURN = 2_000;
/** Units of one page: a few milliseconds. */
const PAGE = 1_000;
/** A comparison that takes long is made less often: it takes a tenth of the time at most. */
const REST = 10;
const SECOND = 1_000;
/** Longer than the SDK takes to send a batch, as long as the collector answers (`flushSeconds`, a second by default). */
const SENDING_GRACE = 5 * SECOND;

/**
 * Keeps a comparison for each experiment in memory, fed with the units that have closed since the last look; after a restart it is made again
 * from the units in the store, which retention does not touch. Memory does not grow with the keys.
 */
export class Comparer {
  readonly #options: ComparerOptions;
  readonly #known = new Map<number, Known>();
  #isStopped = false;

  constructor(options: ComparerOptions) {
    this.#options = options;
  }

  /** Forgets all: another replica leads, and units enter without this one. */
  forget(): void {
    this.#known.clear();
  }

  /** Ends what is under way as soon as may be. */
  stop(): void {
    this.#isStopped = true;
  }

  /**
   * Looks at what has come, and compares; undefined where it is not time yet, or there is nothing to compare.
   * @param epochs all of the experiment, oldest first
   */
  async compare(
    experiment: StoredExperiment,
    epochs: readonly StoredEpoch[],
    task: TaskName,
  ): Promise<Compared | undefined> {
    const { now } = this.#options;
    if (experiment.rules.arms.length < 2) return undefined;
    const known = this.#known.get(experiment.id) ?? begin(experiment, task);
    this.#known.set(experiment.id, known);
    const start = now();
    if (start < known.nextAt) return undefined;
    await this.#look(experiment, epochs, task);
    for (const { number, weights } of epochs.filter((epoch) => epoch.number > known.epochs)) {
      const shares = Object.entries(weights).map(([version, weight]) => ({ version, weight }));
      known.comparison.addEpoch({ epoch: number, shares });
      known.epochs = number;
    }
    const comparison = await this.#fed(experiment, known);
    const findings = { comparison: comparison.read(), guardrailReadings: guard(experiment, comparison) };
    known.nextAt = now() + REST * (now() - start);
    return { ...findings, beliefs: comparison.beliefs() };
  }

  /** Finds new units, and closes those whose time has come. */
  async #look(experiment: StoredExperiment, epochs: readonly StoredEpoch[], task: TaskName): Promise<void> {
    const { units, now } = this.#options;
    const settled = now() - units.settled;
    const isAll = await this.#steps(() => units.scan(experiment, epochs, settled));
    const horizon = isAll ? settled : (await units.progress(experiment)).scanned.arrived;
    const { keyWindowSeconds, labelWaitSeconds } = experiment.rules;
    const waits = { keyWindow: keyWindowSeconds * SECOND, labelWait: labelWaitSeconds * SECOND };
    const rules: ClosingRules = { task, epochs, horizon, sendingGrace: SENDING_GRACE, ...waits };
    await this.#steps(() => units.cut(experiment, rules));
    await this.#steps(() => units.enter(experiment, rules));
  }

  /** @returns whether there is no more to do */
  async #steps(step: () => Promise<UnitStep>): Promise<boolean> {
    const { now, pause } = this.#options;
    const start = now();
    while ((await step()).more) {
      if (this.#isStopped || now() - start > TURN) return false;
      await pause();
    }
    return true;
  }

  /** Closed units go into the comparison for good, those after the first open one into a copy of it. */
  async #fed(experiment: StoredExperiment, known: Known): Promise<Comparison> {
    const { units, pause } = this.#options;
    let copy: Comparison | undefined;
    let { place } = known;
    for (;;) {
      const page = await units.units(experiment, place, PAGE);
      for (const { unit, arrived, seq } of page) {
        place = { arrived, seq };
        if (!unit.closed) copy ??= known.comparison.copy();
        if (!copy) known.place = place;
        (copy ?? known.comparison).addKey(unit);
      }
      if (page.length < PAGE) return copy ?? known.comparison;
      await pause();
    }
  }
}

function begin({ rules }: StoredExperiment, task: TaskName): Known {
  const { control, metric } = rules;
  const arms = rules.arms.map(({ version }) => version).filter((version) => version !== control);
  const comparison = createComparison({
    ...{ control, arms, metric },
    // Several labels are right when all of them are: to a comparison they are one class.
    task: task === 'regression' ? 'regression' : 'classification',
  });
  return { comparison, place: BEGINNING, epochs: 0, nextAt: 0 };
}

function guard({ rules }: StoredExperiment, comparison: Comparison): GuardrailReading[] {
  return rules.guardrails.flatMap((guardrail) =>
    rules.arms
      // The control cannot be worse than itself.
      .filter(({ version }) => guardrail.margin === undefined || version !== rules.control)
      .map(({ version }) => comparison.guard(version, guardrail)),
  );
}
