/** A monitor core on a clock that stands still until told otherwise, and its metrics as they would be exported. */
import { MonitorCore } from '../../../collector/src/monitor/monitor.ts';
import type { DriftWindow } from '../../../collector/src/monitor/drift-monitor.ts';
import { resolveOptions, type MonitorOptions } from '../../../collector/src/monitor/options.ts';
import { METRICS, type MetricKey } from '../../../collector/src/telemetry/names.ts';
import type { FamilySnapshot } from '../../../collector/src/telemetry/store.ts';

export const START = Date.UTC(2026, 0, 1);

export class TestCore {
  readonly core: MonitorCore;
  readonly windows: DriftWindow[] = [];
  now = START;
  #work: (() => void)[] = [];

  constructor(options: Partial<MonitorOptions> = {}, onWindow?: (window: DriftWindow) => void | Promise<void>) {
    let made = 0;
    this.core = new MonitorCore(resolveOptions({ model: 'm', version: '1', zeroHoldSeconds: 0, ...options }), {
      now: () => this.now,
      makeId: () => `made-${++made}`,
      hashKey: [1, 2],
      defer: (work) => this.#work.push(work),
      onWindow: (window) => {
        this.windows.push(window);
        return onWindow?.(window);
      },
    });
  }

  /** Runs what was deferred, and what that defers. */
  settle(): void {
    for (let next = this.#work.shift(); next; next = this.#work.shift()) next();
  }

  /** What a second scrape shows: the first one only makes new series known. */
  export(): FamilySnapshot[] {
    this.core.store.collect();
    return this.core.store.collect();
  }

  /** The exported value of the one series that carries these labels; undefined when there is none. */
  value(key: MetricKey, labels: Readonly<Record<string, string>> = {}): number | undefined {
    const snapshot = this.export().find(({ spec }) => spec.name === METRICS[key].name);
    if (!snapshot || snapshot.kind === 'histogram') return undefined;
    const found = snapshot.points.filter(({ attributes }) =>
      Object.entries(labels).every(([name, value]) => attributes[name] === value),
    );
    if (found.length > 1) throw new Error(`${found.length} series of ${key} carry ${JSON.stringify(labels)}`);
    return found[0]?.value;
  }

  /** Count and sum of a histogram. */
  histogram(key: MetricKey): { count: number; sum: number } | undefined {
    const snapshot = this.export().find(({ spec }) => spec.name === METRICS[key].name);
    if (snapshot?.kind !== 'histogram') return undefined;
    const [point] = snapshot.points;
    return point && { count: point.count, sum: point.sum };
  }

  /** The series of a closed counter that are not 0, by their own label. */
  counted(key: 'rejected' | 'errors' | 'dropped' | 'labels'): Record<string, number> {
    const label = key === 'labels' ? 'status' : 'reason';
    const snapshot = this.export().find(({ spec }) => spec.name === METRICS[key].name);
    if (!snapshot || snapshot.kind === 'histogram') throw new Error(`${key} is not exported`);
    return Object.fromEntries(
      snapshot.points.filter(({ value }) => value !== 0).map(({ attributes, value }) => [attributes[label], value]),
    );
  }
}

/** What model code may hand over at run time, whatever the types say. */
export function untyped<Wanted>(value: unknown): Wanted {
  return value as Wanted;
}
