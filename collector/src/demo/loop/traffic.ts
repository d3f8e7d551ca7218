/** Traffic of the loop: each reading is answered by the version the service names for it; its label comes a day of readings later. */
import {
  createMonitor,
  createRouter,
  MonitorMetricProducer,
  type CollectorOptions,
  type FeatureRow,
  type Monitor,
  type Router,
} from '../../index.ts';
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
  readonly #monitors = new Map<string, Monitor>();
  readonly #late = new LateLabels<Sent>(LABEL_DELAY_ROWS);
  /** When each reading was sent, epoch ms. */
  readonly #times: number[] = [];
  #router: Router<FeatureRow, Answer> | undefined;

  constructor(options: TrafficOptions) {
    this.#options = options;
  }

  /** Readings sent. */
  get sent(): number {
    return this.#times.length;
  }

  /** Readings there are. */
  get total(): number {
    return this.#options.stream.features.length - TRAINING_ROWS;
  }

  /** When a reading was sent, epoch ms; of the first one where `index` is below 0. */
  timeOf(index: number): number {
    return this.#times[Math.max(0, index)] ?? Date.now();
  }

  /** Runs a version from now on, too: as a new build of the program would that holds both. */
  async deploy(version: string, predict: Predict): Promise<void> {
    const { model, collector } = this.#options;
    this.#arms.set(version, predict);
    // What this side could not send would stand beside what the service counts, under the same names.
    this.#monitors.set(version, createMonitor({ model, version, collector, producer: new MonitorMetricProducer() }));
    const former = this.#router;
    const router = createRouter({
      ...{ model, collector, arms: Object.fromEntries(this.#arms), monitors: Object.fromEntries(this.#monitors) },
      ...{ fallback: [...this.#arms.keys()][0] as string, pollSeconds: POLL },
      toRow: (features: FeatureRow, { prediction, score }: Answer) => ({ features, prediction, score }),
    });
    await router.ready();
    this.#router = router;
    await former?.close();
  }

  /** Sends until the readings are used up, or the pacer or `over` says stop. @returns whether readings are left */
  async run(over: () => boolean): Promise<boolean> {
    while (this.sent < this.total) {
      if (over() || !(await this.#options.pacer.next())) return true;
      this.#send(TRAINING_ROWS + this.sent);
      if (this.sent % STEP === 0) await this.flush();
    }
    return false;
  }

  #send(source: number): void {
    const { stream, idPrefix } = this.#options;
    const id = `${idPrefix}-${source}`;
    const features = namedFeatures(stream.features[source] as Float64Array);
    // The reading is the unit of the experiment: nothing of one goes into another.
    const { predictionId, version } = (this.#router as Router<FeatureRow, Answer>).predict(features, { key: id, id });
    this.#times.push(Date.now());
    const due = this.#late.push({ id: predictionId, version, label: String(stream.targets[source]) });
    if (due) this.#monitors.get(due.version)?.recordLabel(due.id, due.label);
  }

  /** Resolves when everything recorded so far is with the collector. */
  async flush(): Promise<void> {
    await Promise.all([...this.#monitors.values()].map((monitor) => monitor.flush()));
  }

  async close(): Promise<void> {
    await this.#router?.close();
    await Promise.all([...this.#monitors.values()].map((monitor) => monitor.close()));
  }
}
