/** Keeps experiments going: compares them, and does what their rules say. One replica does it for all. */
import type { GuardrailReading } from '../experiments/guardrail.ts';
import { followBandit, followGuardrail, followRamp, type Adjust } from './adjustments.ts';
import { Comparer, type Compared, type ComparerOptions } from './comparer.ts';
import type { ExperimentStore, StoredExperiment } from './experiment-store.ts';
import type { Findings } from './report.ts';

/** An arm that lost its weight by a guardrail. */
export interface GuardrailBreach {
  readonly model: string;
  readonly experiment: string;
  readonly version: string;
  readonly reading: GuardrailReading;
}

/** What it needs of the world around it. */
export interface KeeperOptions extends ComparerOptions {
  readonly store: ExperimentStore;
  /** Takes or keeps the lead. @returns whether this process has it */
  readonly lead: () => Promise<boolean>;
  /** Told of what could not be done for an experiment; the next round tries again. */
  readonly onError: (error: unknown, what: string) => void;
  /** Told of each breach once it is committed, by the replica that acted. */
  readonly onGuardrail?: (breach: GuardrailBreach) => void;
  /** Told after an experiment changed. */
  readonly onChange?: (model: string) => void;
}

/** So long after its end predictions of an experiment may still come in, beside what its own rules wait for, in milliseconds. */
const LAST_PREDICTIONS = 5 * 60_000;

/** Rounds, one at a time. */
export class ExperimentKeeper {
  readonly #options: KeeperOptions;
  readonly #comparer: Comparer;
  #isStopped = false;

  constructor(options: KeeperOptions) {
    this.#options = options;
    this.#comparer = new Comparer(options);
  }

  /** Ends a round that is under way as soon as may be. */
  stop(): void {
    this.#isStopped = true;
    this.#comparer.stop();
  }

  /** One round. @throws what the database throws: the next round tries again */
  async round(): Promise<void> {
    const { units, lead, onError } = this.#options;
    if (!(await lead())) return this.#comparer.forget();
    for (const experiment of await units.unfinished()) {
      if (this.#isStopped) return;
      try {
        await this.#keep(experiment);
      } catch (error) {
        onError(error, `the experiment "${experiment.name}" of "${experiment.model}" could not be looked after`);
      }
    }
  }

  async #keep(found: StoredExperiment): Promise<void> {
    const { store, units, now } = this.#options;
    const experiment = (await this.#adjust(found, followRamp)) ?? found;
    const task = (await store.model(experiment.model))?.task ?? 'classification';
    const compared = await this.#comparer.compare(experiment, await store.epochs(experiment), task);
    if (!compared) return;
    const { comparison, guardrailReadings, beliefs } = compared;
    const reading = JSON.stringify({ comparison, guardrailReadings } satisfies Findings);
    await units.keepReading(experiment, { reading, at: now(), finished: isFinished(experiment, compared, now()) });
    for (const broken of guardrailReadings.filter(({ breached }) => breached)) {
      const stopped = await this.#adjust(experiment, followGuardrail(broken));
      if (stopped) this.#tell(experiment, broken);
    }
    if (beliefs && experiment.rules.bandit) await this.#adjust(experiment, followBandit(beliefs));
  }

  #tell({ model, name }: StoredExperiment, reading: GuardrailReading): void {
    this.#options.onGuardrail?.({ model, experiment: name, version: reading.version, reading });
  }

  /** Changes it as it is now, under the lock of its model: what another replica did meanwhile is not done twice. */
  async #adjust({ model, name }: StoredExperiment, adjust: Adjust): Promise<StoredExperiment | undefined> {
    const { store, now, onChange } = this.#options;
    const changed = await store.experimentTransaction(async (writing) => {
      const locked = await writing.lockModel(model);
      const current = locked && (await writing.experiment(locked, name));
      if (!locked || current?.state !== 'running') return undefined;
      const adjustment = adjust(current, now());
      if (!adjustment) return undefined;
      const after = await writing.save(locked, { ...adjustment.after, revision: current.revision + 1 });
      for (const entry of adjustment.entries) await writing.audit(entry, now());
      return after;
    });
    if (changed) onChange?.(model);
    return changed;
  }
}

/** Whether nothing can come any more. */
function isFinished({ endedAt }: StoredExperiment, { comparison }: Compared, now: number): boolean {
  return endedAt !== null && now > endedAt + LAST_PREDICTIONS && comparison.waiting === 0;
}
