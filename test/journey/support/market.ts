/** The electricity market as a program meets it: each reading goes to the version the router names, its label comes a day of readings later. */
import {
  createMonitor,
  createRouter,
  MonitorMetricProducer,
  type FeatureRow,
  type Monitor,
  type Router,
} from '../../../collector/src/index.ts';
import type { ElectricityStream } from '../../../collector/src/demo/electricity.ts';
import { LABEL_DELAY_ROWS } from '../../../collector/src/demo/electricity-rows.ts';
import { LateLabels } from '../../../collector/src/demo/late-labels.ts';
import { namedFeatures, type Answer } from '../../../collector/src/demo/loop/electricity-program.ts';

export interface MarketOptions {
  readonly model: string;
  readonly url: string;
  /** With the scope `ingest`. */
  readonly token: string;
  readonly stream: ElectricityStream;
}

/** A reading that was answered. */
export interface Answered {
  readonly id: string;
  readonly version: string;
  readonly prediction: string;
  readonly label: string;
}

/**
 * Each version has a queue of its own. Keys are compared in the order they arrive, so that those of the two must not come in long runs of one
 * version alone, as they would if thousands of readings were answered at one stroke.
 */
const STEP = 100;

type Predict = (features: FeatureRow) => Answer;

/** A program that holds some versions. */
export class Market {
  readonly #options: MarketOptions;
  readonly #arms: Record<string, Predict> = {};
  readonly #monitors: Record<string, Monitor> = {};
  readonly #late = new LateLabels<Answered>(LABEL_DELAY_ROWS);
  #router: Router<FeatureRow, Answer> | undefined;

  constructor(options: MarketOptions) {
    this.#options = options;
  }

  get router(): Router<FeatureRow, Answer> {
    if (!this.#router) throw new Error('deploy a version first');
    return this.#router;
  }

  /** A build of the program that holds one more version. */
  async deploy(version: string, predict: Predict): Promise<void> {
    const { model, url, token } = this.#options;
    const collector = { url, token, closeSeconds: 30 };
    this.#arms[version] = predict;
    this.#monitors[version] = createMonitor({ model, version, collector, producer: new MonitorMetricProducer() });
    await this.#router?.close();
    this.#router = createRouter({
      ...{ model, collector, arms: { ...this.#arms }, monitors: { ...this.#monitors } },
      // It asks when the test says so, and once when it is made.
      ...{ fallback: Object.keys(this.#arms)[0] as string, pollSeconds: 86_400 },
      toRow: (features: FeatureRow, { prediction, score }: Answer) => ({ features, prediction, score }),
    });
    expect(await this.#router.ready()).toBe(true);
  }

  /** Answers readings of the stream, and sends what became known meanwhile; resolves when the collector has all of it. */
  async send(from: number, to: number): Promise<Answered[]> {
    const { stream } = this.#options;
    const sent: Answered[] = [];
    for (let row = from; row < to; row++) {
      const key = `reading-${row}`;
      const features = namedFeatures(stream.features[row] as Float64Array);
      const { predictionId, version, prediction, experiment } = this.router.predict(features, { key, id: key });
      const label = String(stream.targets[row]);
      const answered = { id: predictionId, version, prediction, label };
      sent.push(answered);
      const due = this.#late.push(answered);
      if (due) this.monitor(due.version).recordLabel(due.id, due.label);
      if (experiment !== null && sent.length % STEP === 0) await this.flush();
    }
    await this.flush();
    return sent;
  }

  /** The labels of all readings so far. */
  async catchUp(): Promise<void> {
    for (const { id, version, label } of this.#late.drain()) this.monitor(version).recordLabel(id, label);
    await this.flush();
  }

  monitor(version: string): Monitor {
    return this.#monitors[version] as Monitor;
  }

  async flush(): Promise<void> {
    await Promise.all(Object.values(this.#monitors).map((monitor) => monitor.flush()));
  }

  async close(): Promise<void> {
    await this.#router?.close();
    await Promise.all(Object.values(this.#monitors).map((monitor) => monitor.close()));
  }
}
