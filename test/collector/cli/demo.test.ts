import { once } from 'node:events';
import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { endChildren, plumbline, startPlumbline, type Running } from './support/plumbline.ts';

let receiver: HttpServer | undefined;

afterEach(async () => {
  receiver?.close().closeAllConnections();
  await endChildren();
});

interface OtlpBody {
  readonly resourceMetrics: readonly [
    {
      readonly scopeMetrics: readonly {
        readonly metrics: readonly {
          readonly name: string;
          readonly sum?: { readonly dataPoints: readonly { readonly asDouble: number }[] };
        }[];
      }[];
    },
  ];
}

interface Event {
  readonly event: string;
  readonly [name: string]: unknown;
}

function events(stdout: string): Event[] {
  const lines = stdout.trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line) as Event);
}

async function addressOf(running: Running): Promise<string> {
  const [, url] = await running.printed(/metrics +(http:\S+)\/metrics/);
  return url as string;
}

/** Values of a metric by the text of its labels. */
function values(exposition: string, name: string): Map<string, number> {
  const found = new Map<string, number>();
  for (const [, labels, value] of exposition.matchAll(new RegExp(`^${name}\\{(.*)\\} (\\S+)`, 'gm')))
    found.set(labels as string, Number(value));
  return found;
}

function total(found: ReadonlyMap<string, number>): number {
  return [...found.values()].reduce((sum, value) => sum + value, 0);
}

describe('plumbline demo', () => {
  test('once: the whole replay, its report and exit 0; Victoria drifts in the window it joins and not before', async () => {
    const { code, stdout, stderr } = await plumbline(['demo', '--once', '--json', '--port', '0', '--speed', '1000000']);
    expect([code, stderr]).toEqual([0, '']);
    const all = events(stdout);
    expect(all[0]).toMatchObject({ event: 'started', rows: 35_312, metrics: expect.stringMatching(/:\d+\/metrics$/) });
    const report = all.at(-1);
    expect(report).toMatchObject({
      event: 'report',
      model: 'electricity',
      version: '1',
      rows: { replayed: 35_312, skipped: 0 },
      performance: { predictions: 35_312, labeled: 35_312, pending: 0, final: true },
      distribution: { n: 2_016 },
      drift: { total: 17 },
    });
    const { metrics } = report?.['performance'] as { metrics: { accuracy: { value: number; n: number; low: number } } };
    expect(metrics.accuracy.value).toBeCloseTo(0.731, 3);
    expect(metrics.accuracy.n).toBe(35_312);
    expect(metrics.accuracy.low).toBeLessThan(metrics.accuracy.value);
    expect((report?.['baseline'] as { value: number }).value).toBeCloseTo(0.858, 3);
    const victorian = ['vicprice', 'vicdemand', 'transfer'];
    const windows = all.filter(({ event }) => event === 'window');
    expect(windows).toHaveLength(17);
    for (const window of windows) {
      const features = window['features'] as { feature: string; verdict: string }[];
      const verdicts = features.filter(({ feature }) => victorian.includes(feature)).map(({ verdict }) => verdict);
      const joined = (window['end'] as number) > 17_424 - 10_000;
      expect(verdicts).toEqual(victorian.map(() => (joined ? 'drifted' : 'stable')));
    }
  });

  test('serves on after the replay, and SIGTERM ends it with 0', async () => {
    const running = startPlumbline(['demo', '--port', '0', '--rows', '2500', '--speed', '1000000', '--zero-hold', '0']);
    const url = await addressOf(running);
    await running.printed(/The replay is over/);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    const first = await (await fetch(`${url}/metrics`)).text();
    expect(total(values(first, 'ml_predictions_total'))).toBe(0); // born at zero
    const text = await (await fetch(`${url}/metrics`)).text();
    expect(total(values(text, 'ml_predictions_total'))).toBe(2_500);
    expect(total(values(text, 'ml_confusion_total'))).toBe(2_500);
    expect(total(values(text, 'ml_label_delay_seconds_sum'))).toBe(2_500 * 86_400);
    expect(values(text, 'ml_feature_drifted').size).toBe(6);
    expect(values(text, 'ml_predictions_pending')).toEqual(new Map([['model="electricity",version="1"', 0]]));
    running.child.kill('SIGTERM');
    expect(await running.ended).toMatchObject({ code: 0, signal: null, stderr: '' });
    await expect(fetch(`${url}/livez`)).rejects.toThrow();
  });

  test('SIGINT in the middle ends it with 130, a report of what there is and nothing on standard error', async () => {
    const running = startPlumbline(['demo', '--port', '0', '--speed', '20']);
    const url = await addressOf(running);
    expect((await fetch(`${url}/livez`)).status).toBe(200);
    running.child.kill('SIGINT');
    const { code, stdout, stderr } = await running.ended;
    expect([code, stderr]).toEqual([130, '']);
    expect(stdout).toContain('Performance of electricity version 1');
    expect(stdout).not.toContain('The replay is over');
  });

  test('the same key press told twice, as npm does, is one', async () => {
    const running = startPlumbline(['demo', '--port', '0', '--speed', '20']);
    await addressOf(running);
    running.child.kill('SIGINT');
    running.child.kill('SIGINT');
    expect(await running.ended).toMatchObject({ code: 130, stdout: expect.stringContaining('Performance of') });
  });

  test('repeat: no id twice, drift windows across the passes', async () => {
    const args = ['demo', '--repeat', '--rows', '100', '--port', '0', '--speed', '1000000', '--zero-hold', '0'];
    const running = startPlumbline(args);
    const url = await addressOf(running);
    await running.printed(/drift window 1 /);
    await fetch(`${url}/metrics`); // the first one that has the series shows zeros
    await running.printed(/drift window 2 /);
    const text = await (await fetch(`${url}/metrics`)).text();
    expect(total(values(text, 'ml_predictions_total'))).toBeGreaterThan(4_000);
    expect(total(values(text, 'plumbline_records_rejected_total'))).toBe(0);
    expect(total(values(text, 'plumbline_errors_total'))).toBe(0);
    running.child.kill('SIGTERM');
    expect((await running.ended).code).toBe(0);
  });

  test('a port in use: one sentence, exit 4, also as JSON', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    const text = await plumbline(['demo', '--port', String(port)]);
    expect(text).toMatchObject({ code: 4, stdout: '' });
    expect(text.stderr).toBe(
      `plumbline: port: ${port} on 127.0.0.1 is in use. Choose another with --port, or stop what listens there.\n`,
    );
    const json = await plumbline(['demo', '--json'], { PLUMBLINE_PORT: String(port) });
    expect(json.code).toBe(4);
    expect(JSON.parse(json.stderr)).toMatchObject({ code: 'port_in_use' });
    await new Promise((resolve) => server.close(resolve));
  });

  test('a reader that goes away, as in `plumbline demo | head`, ends it', async () => {
    const running = startPlumbline(['demo', '--port', '0', '--speed', '1000000', '--repeat']);
    await addressOf(running);
    running.child.stdout?.destroy();
    expect(await running.ended).toMatchObject({ code: 0, stderr: '' });
  });

  test('pushes by OTLP as well, where the environment names a collector; the last push holds the last row', async () => {
    const bodies: string[] = [];
    receiver = createHttpServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (text: string) => (body += text));
      request.on('end', () => {
        bodies.push(`${request.url} ${body}`);
        response.setHeader('content-type', 'application/json').end('{}');
      });
    }).listen(0, '127.0.0.1');
    await once(receiver, 'listening');
    const { port } = receiver.address() as AddressInfo;
    const env = {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
      // Also how long a push may take: not to be reached on a busy machine.
      OTEL_METRIC_EXPORT_INTERVAL: '500',
      OTEL_SERVICE_NAME: 'market',
    };
    const flags = ['--once', '--rows', '800', '--speed', '200', '--zero-hold', '0', '--port', '0'];
    const { code, stderr } = await plumbline(['demo', ...flags], env);
    expect([code, stderr]).toEqual([0, '']);
    const last = bodies.at(-1) ?? '';
    expect(last).toMatch(/^\/v1\/metrics \{.*"market"/);
    const { scopeMetrics } = (JSON.parse(last.slice(last.indexOf('{'))) as OtlpBody).resourceMetrics[0];
    const metrics = scopeMetrics.flatMap((scope) => scope.metrics);
    const predictions = metrics.find(({ name }) => name === 'ml.predictions')?.sum?.dataPoints ?? [];
    expect(predictions.reduce((sum, point) => sum + point.asDouble, 0)).toBe(800);
  });

  test('a push that cannot get through is logged and does not hold up the end', async () => {
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' };
    const { code, stderr } = await plumbline(
      ['demo', '--once', '--rows', '100', '--speed', '100000', '--port', '0'],
      env,
    );
    expect(code).toBe(0);
    expect(JSON.parse(stderr)).toMatchObject({ msg: expect.stringContaining('the last push of metrics failed') });
  }, 20_000);
});
