/** Traffic of the loop: each reading is answered by the version the service names for it; its label comes a day of readings later. */
import { createRouter, type CollectorOptions, type FeatureRow, type Router } from '../../index.ts';
import { TRAINING_ROWS, type ElectricityStream } from '../electricity.ts';
import { LABEL_DELAY_ROWS } from '../electricity-rows.ts';
import { LateLabels } from '../late-labels.ts';
import { namedFeatures, type Answer } from './electricity-program.ts';

/** A version's function. */
export type Predict = (features: FeatureRow) => Answer;

/** What the traffic needs. */
export interface TrafficOptions {
  readonly model: string;
  readonly collector: CollectorOptions;
  readonly stream: ElectricityStream;
  /** Goes before every id. */
  readonly idPrefix: string;
  readonly pacer: { readonly next: () => Promise<boolean> };
}

interface Sent {
  readonly id: string;
  readonly version: string;
  readonly label: string;
}

/** Seconds between two questions of the router: what is decided is to be seen at once. */
const POLL = 0.5;
/** Records between two waits for the collector: fewer than the SDK's queue holds. */
const STEP = 5_000;

/** Sends the stream, from any versions that are deployed. */
export class LoopTraffic {
  readonly #options: TrafficOptions;
  readonly #arms = new Map<string, Predict>();
  readonly #late = new LateLabels<Sent>(LABEL_DELAY_ROWS);
  #router: Router<FeatureRow, Answer> | undefined;
  #sent = 0;

  constructor(options: TrafficOptions) {
    this.#options = options;
  }

  /** Readings sent. */
  get sent(): number {
    return this.#sent;
  }

  /** Readings there are. */
  get total(): number {
    return this.#options.stream.features.length - TRAINING_ROWS;
  }

  /** Runs a version from now on, too: as a new build of the program would that holds both. */
  async deploy(version: string, predict: Predict): Promise<void> {
    this.#arms.set(version, predict);
    const former = this.#router;
    const router = createRouter({
      ...{ model: this.#options.model, collector: this.#options.collector, arms: Object.fromEntries(this.#arms) },
      ...{ fallback: [...this.#arms.keys()][0] as string, pollSeconds: POLL },
      toRow: (features: FeatureRow, { prediction, score }: Answer) => ({ features, prediction, score }),
    });
    await router.ready();
    this.#router = router;
    await former?.close();
  }

  /** Sends until the readings are used up, or the pacer or `until` says stop. @returns whether readings are left */
  async run(until: () => boolean): Promise<boolean> {
    const { stream, pacer, idPrefix } = this.#options;
    while (this.#sent < this.total) {
      if (until() || !(await pacer.next())) return true;
      const source = TRAINING_ROWS + this.#sent;
      const id = `${idPrefix}-${source}`;
      const router = this.#router as Router<FeatureRow, Answer>;
      // The reading is the unit of the experiment: nothing of one goes into another.
      const { predictionId, version } = router.predict(namedFeatures(stream.features[source] as Float64Array), {
        key: id,
        id,
      });
      const due = this.#late.push({ id: predictionId, version, label: String(stream.targets[source]) });
      if (due) router.recordLabel(due.id, due.label, { version: due.version });
      if (++this.#sent % STEP === 0) await this.flush();
    }
    return false;
  }

  /** Resolves when everything recorded so far is with the collector. */
  async flush(): Promise<void> {
    await Promise.all([...this.#arms.keys()].map((version) => this.#router?.monitor(version)?.flush()));
  }

  async close(): Promise<void> {
    await this.#router?.close();
  }
}
