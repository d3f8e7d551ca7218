/** A router and the collector it asks, made anew for each test. */
import {
  createRouter,
  type AnyArm,
  type CreateRouterOptions,
  type PlumblineError,
  type Router,
} from '../../../../collector/src/index.ts';
import { MonitorMetricProducer } from '../../../../collector/src/telemetry/producer.ts';
import { FakeCollector, type Fate } from '../../remote/support/fake-collector.ts';

/** One experiment as `GET /v1/assignments` shows it. */
export interface Shown {
  readonly model?: string;
  readonly production?: string | null;
  /** End of each version's range, in order. */
  readonly split?: Readonly<Record<string, number>>;
  readonly shadows?: readonly string[];
  readonly epoch?: number;
  readonly more?: Readonly<Record<string, unknown>>;
}

/** An answer of the service, with a field this SDK does not know. */
export function assignments(shown: Shown = {}) {
  const { model = 'm', production = '1', split, shadows = [], epoch = 1, more = {} } = shown;
  let start = 0;
  const allocation = Object.entries(split ?? {}).map(([version, end]) => {
    const range = { version, start, end };
    start = end;
    return range;
  });
  const running = { model, experiment: 'e', epoch, salt: 's', mode: 'weights', hash: 'murmur3_32', buckets: 10_000 };
  const since = '2026-11-25T00:00:00.000Z';
  return {
    items: split ? [{ ...running, allocation, shadows, since, whatComesNext: {}, ...more }] : [],
    models: [
      { model: 'another', production: '9' },
      { model, production },
    ],
  };
}

/** What was asked, header by header. */
export interface Asked {
  readonly path: string;
  readonly etag: string | undefined;
  readonly token: string | undefined;
}

/** To be called once per test file. */
export function useRouting() {
  const here = {
    collector: new FakeCollector(),
    /** What the service knows; its text is its ETag. */
    shown: assignments() as unknown,
    /** In place of that. */
    fate: undefined as Fate | undefined,
    asked: [] as Asked[],
  };
  const routers: Pick<Router<never, never>, 'close'>[] = [];
  beforeEach(async () => {
    here.collector = await new FakeCollector().listen();
    here.shown = assignments();
    here.fate = undefined;
    here.asked = [];
    here.collector.answer = (path, headers) => {
      const etag = headers['if-none-match'];
      here.asked.push({ path, etag, token: headers.authorization });
      if (here.fate !== undefined) return here.fate;
      const body = JSON.stringify(here.shown);
      const own = `"${Buffer.from(body).toString('base64url')}"`;
      return etag === own ? { status: 304 } : { status: 200, headers: { etag: own }, body };
    };
  });
  afterEach(async () => {
    await Promise.all(routers.splice(0).map((router) => router.close()));
    await here.collector.close();
  });
  /** Asks once by itself and then when it is told to. */
  const routing = <Arm extends AnyArm = never>(options: Partial<CreateRouterOptions<Arm>> = {}) => {
    const errors: PlumblineError[] = [];
    const producer = new MonitorMetricProducer();
    const { collector: own, ...others } = options;
    const router = createRouter<Arm>({
      model: 'm',
      monitor: { producer, zeroHoldSeconds: 0 },
      pollSeconds: 86_400,
      random: () => 0,
      ...(options.arms === undefined && { fallback: '0' }),
      collector: {
        url: here.collector.url,
        closeSeconds: 0.05,
        onError: (error) => void errors.push(error),
        ...own,
      },
      ...others,
    });
    routers.push(router);
    return { router, errors, producer };
  };
  /** With an answer of the service, and version 1 as the fallback. */
  const started = async <Arm extends AnyArm>(options: Partial<CreateRouterOptions<Arm>>) => {
    const made = routing<Arm>({ fallback: '1', ...options });
    await made.router.ready();
    return made;
  };
  /** What has arrived once everything recorded is sent. */
  const recorded = async (router: Pick<Router<never, never>, 'monitor'>, versions = ['1', '2', '3']) => {
    await Promise.all(versions.map((version) => router.monitor(version)?.flush()));
    return here.collector.unique('predictions');
  };
  return { here, routing, started, recorded };
}

/** All traffic goes to version 2, beside 1 in production. */
export const toSecond = (shadows: readonly string[] = []) => assignments({ split: { '1': 0, '2': 10_000 }, shadows });

/** The value of a counter of one version, by reason. */
export async function errorsOf(producer: MonitorMetricProducer, version: string): Promise<Record<string, number>> {
  await producer.collect();
  const { resourceMetrics } = await producer.collect();
  const metrics = resourceMetrics.scopeMetrics.flatMap(({ metrics: all }) => all);
  const points = metrics
    .filter(({ descriptor }) => descriptor.name === 'plumbline.errors')
    .flatMap(({ dataPoints }) => dataPoints as readonly { attributes: Record<string, string>; value: number }[])
    .filter(({ attributes, value }) => attributes['version'] === version && value > 0);
  return Object.fromEntries(points.map(({ attributes, value }) => [attributes['reason'], value]));
}
