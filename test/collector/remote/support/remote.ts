/** A remote monitor and the collector it sends to, made anew for each test. */
import type {
  CollectorOptions,
  CreateMonitorOptions,
  Monitor,
  PlumblineError,
} from '../../../../collector/src/index.ts';
import { exported, type Exported } from '../../support/exported.ts';
import { FakeCollector } from './fake-collector.ts';

export interface Remote extends Exported {
  /** What `onError` was told. */
  readonly errors: PlumblineError[];
}

/** To be called once per test file. */
export function useRemote() {
  const here = { collector: new FakeCollector() };
  const monitors: Monitor[] = [];
  beforeEach(async () => {
    here.collector = await new FakeCollector().listen();
  });
  afterEach(async () => {
    await Promise.all(monitors.splice(0).map((monitor) => monitor.close()));
    await here.collector.close();
  });
  const remote = (options: Partial<CollectorOptions> = {}, others: Partial<CreateMonitorOptions> = {}): Remote => {
    const errors: PlumblineError[] = [];
    const onError = (error: PlumblineError) => void errors.push(error);
    const { url } = here.collector;
    const made = exported({ ...others, collector: { url, closeSeconds: 0.05, onError, ...options } });
    monitors.push(made.monitor);
    return { ...made, errors };
  };
  return { here, remote };
}

/** Waits for what comes without being waited for otherwise. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setImmediate(resolve));
}

/** Reasons counted more than 0 times. */
export async function counted({ value }: Remote, key: 'dropped' | 'rejected' | 'errors', reasons: readonly string[]) {
  const found = await Promise.all(reasons.map(async (reason) => [reason, await value(key, { reason })] as const));
  return Object.fromEntries(found.filter(([, count]) => count !== 0));
}
