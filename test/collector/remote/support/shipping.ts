/** The shipping room without waiting: pauses end at once, and are written down. */
import type { PlumblineError } from '../../../../collector/src/errors.ts';
import { HttpClient } from '../../../../collector/src/remote/delivery/http-client.ts';
import { FeaturePrivacy } from '../../../../collector/src/remote/rows/feature-privacy.ts';
import { readFeedback } from '../../../../collector/src/remote/rows/feedback-reader.ts';
import { RemoteRowReader } from '../../../../collector/src/remote/rows/row-reader.ts';
import { Shipping, type ShippingEnvironment, type ShippingOptions } from '../../../../collector/src/remote/shipping.ts';

/** No test waits so long for anything; where it is reached, something hangs. */
export const FOREVER = 50_000;
/** Timers of at least so long are pauses between attempts or heartbeats; they are never waited for. */
const BOUND = 40_000;

export class TestShipping {
  readonly shipping: Shipping;
  readonly errors: PlumblineError[] = [];
  readonly dropped: Record<string, number> = {};
  readonly failed: Record<string, number> = {};
  /** Milliseconds of every pause asked for. */
  readonly pauses: number[] = [];
  readonly #reader: RemoteRowReader;
  #made = 0;

  constructor(url: string, options: Partial<ShippingOptions> = {}, environment: Partial<ShippingEnvironment> = {}) {
    const token = () => undefined;
    const client = new HttpClient({
      url,
      token,
      timeout: 5_000,
      gzipFrom: Number.POSITIVE_INFINITY,
      fetch,
      now: Date.now,
    });
    this.#reader = new RemoteRowReader(new FeaturePrivacy(new Map()), () => undefined);
    this.shipping = new Shipping(
      {
        url,
        model: 'm',
        version: '1',
        batchRows: 1_000,
        queueRows: 10_000,
        queueBytes: 1e9,
        flushInterval: 1,
        spill: undefined,
        ...options,
      },
      {
        send: client.send,
        now: Date.now,
        random: () => 1,
        defer: (work) => void setImmediate(work),
        later: (work, milliseconds, keepAlive) => this.#later(work, milliseconds, keepAlive),
        dropped: (reason, rows) => (this.dropped[reason] = (this.dropped[reason] ?? 0) + rows),
        failed: (reason) => (this.failed[reason] = (this.failed[reason] ?? 0) + 1),
        onError: (error) => void this.errors.push(error),
        ...environment,
      },
    );
  }

  predict(id: string, features: Readonly<Record<string, number | string>> = {}): void {
    const row = { id, prediction: 'a', features, timestamp: ++this.#made };
    const { reading } = this.#reader.prediction(row, 0, () => '');
    if (reading) this.shipping.prediction(reading);
  }

  label(id: string, label: string): void {
    this.shipping.label(id, label, ++this.#made);
  }

  feedback(id: string, explanation: string): void {
    const row = { id, correct: false, explanation, timestamp: ++this.#made };
    const reading = readFeedback(row, new FeaturePrivacy(new Map()), 0);
    if (reading) this.shipping.feedback(reading);
  }

  /** Pauses pass at once; the flush interval and bounds of a wait are real, so that nothing turns in circles. */
  #later(work: () => void, milliseconds: number, keepAlive: boolean): () => void {
    const isPause = !keepAlive && milliseconds > 1 && milliseconds !== 15_000;
    if (isPause) this.pauses.push(milliseconds);
    if (isPause && milliseconds < BOUND * 100) {
      const soon = setImmediate(work);
      return () => clearImmediate(soon);
    }
    const timer = setTimeout(work, milliseconds);
    if (!keepAlive) timer.unref();
    return () => clearTimeout(timer);
  }
}
