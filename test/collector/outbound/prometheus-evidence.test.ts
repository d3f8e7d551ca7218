/** Evidence from a real Prometheus over two days of written history, and what is said when there is none. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LiveEvidence } from '../../../collector/src/lifecycle/evidence.ts';
import { createPrometheusClient, promqlString } from '../../../collector/src/outbound/prometheus.ts';
import { createPrometheusEvidence } from '../../../collector/src/outbound/prometheus-evidence.ts';
import { findTool } from '../../support/tools.ts';
import { prometheusWithHistory, type History } from './support/history.ts';

const MINUTES = 2 * 24 * 60;
const END = Math.floor(Date.now() / 60_000) * 60;
const prometheus = findTool('prometheus');
const promtool = findTool('promtool');
const given = prometheus !== undefined && promtool !== undefined ? describe : describe.skip;
if (given === describe.skip) process.stderr.write('Prometheus is not installed; its evidence is not tested.\n');

/** A name as only an embedded monitor of another language could let it through: it must not end the selector. */
const AWKWARD = 'a"} or vector(1) #\\';

function perMinute(name: string, labels: Record<string, string>, rate: number): History {
  return { name, labels, valueAt: (minute) => rate * minute };
}

const ofModel = (model: string, version: string, more: Record<string, string> = {}) => ({ model, version, ...more });

/** 10 labels a minute on two replicas: 8 right on one, 1 right and 1 wrong on the other; 0.2 taken back a minute. */
const classifier: History[] = [
  ...[
    ['correct', 8, 'a'],
    ['correct', 1, 'b'],
    ['incorrect', 1, 'b'],
  ].map(([result, rate, instance]) =>
    perMinute(
      'ml_outcomes_exact_total',
      ofModel('churn', '1', { result: result as string, instance: instance as string }),
      rate as number,
    ),
  ),
  perMinute('ml_outcomes_exact_revoked_total', ofModel('churn', '1', { result: 'correct', instance: 'a' }), 0.5),
  ...[
    ['yes', 'tp', 6],
    ['yes', 'fp', 1],
    ['no', 'fn', 1],
    ['no', 'tp', 3],
  ].map(([name, outcome, rate]) =>
    perMinute(
      'ml_outcomes_total',
      ofModel('churn', '1', { class: name as string, outcome: outcome as string }),
      rate as number,
    ),
  ),
  perMinute('ml_outcomes_revoked_total', ofModel('churn', '1', { class: 'no', outcome: 'tp' }), 1),
];

/** Half of what is counted is taken back again. */
const revoked: History[] = [
  perMinute('ml_outcomes_exact_total', ofModel('churn', 'revoked', { result: 'correct' }), 4),
  perMinute('ml_outcomes_exact_revoked_total', ofModel('churn', 'revoked', { result: 'correct' }), 2),
];

const REFERENCE = { reference: 'abc' };
const regression: History[] = Object.entries({
  count: 10,
  overshoot: 12,
  undershoot: 8,
  squared_error: 50,
  percentage_error: 1,
  label_above: 30,
  label_below: 20,
  label_squared: 510,
}).map(([name, rate]) => perMinute(`ml_regression_${name}_total`, ofModel('demand', '1', REFERENCE), rate));

given('a Prometheus with two days of counters', () => {
  let server: Awaited<ReturnType<typeof prometheusWithHistory>>;
  beforeAll(async () => {
    const histories = [
      ...[...classifier, ...revoked, ...regression],
      perMinute('ml_outcomes_exact_total', ofModel('churn', AWKWARD, { result: 'correct' }), 1),
    ];
    const tools = { prometheus: prometheus as string, promtool: promtool as string };
    server = await prometheusWithHistory(tools, { histories, minutes: MINUTES, end: END });
  });
  afterAll(() => server?.stop());

  const ask = (model: string, version: string, minutes = MINUTES): Promise<LiveEvidence> => {
    const source = createPrometheusEvidence(createPrometheusClient({ url: server.url }));
    return source.live({ model, version, from: (END - minutes * 60) * 1000, to: END * 1000 });
  };
  /** `increase()` extrapolates to the ends of the range: right to a few rows. */
  const about = (value: number) => expect.closeTo(value, -1);

  test('accuracy and averages over all replicas, less what was taken back', async () => {
    const { labeled, metrics } = await ask('churn', '1');
    const n = 9.5 * MINUTES;
    expect(labeled).toEqual(about(n));
    expect(metrics['accuracy']?.value).toBeCloseTo(8.5 / 9.5, 3);
    // yes: tp 6, fp 1; no: tp 2, fn 1.
    expect(metrics['recall_weighted']?.value).toBeCloseTo((6 + 2) / 9, 3);
    expect(metrics['f1_weighted']?.value).toBeCloseTo(((12 / 13) * 6 + (4 / 5) * 3) / 9, 3);
    expect(metrics['mae']).toBeUndefined();
  });

  test('windows of at least 200 labels, steady where the counters are', async () => {
    const { windows, labeled } = await ask('churn', '1');
    expect(windows.length).toBeGreaterThan(100);
    expect(windows.every(({ total }) => total >= 200)).toBe(true);
    expect(windows.reduce((sum, { total }) => sum + total, 0) / labeled).toBeCloseTo(1, 1);
    for (const { correct, total } of windows) expect(correct / total).toBeCloseTo(8.5 / 9.5, 1);
  });

  test('nothing is said where too much was taken back, and there are no labels of what nobody counted', async () => {
    const { metrics, windows } = await ask('churn', 'revoked');
    expect(metrics['accuracy']).toMatchObject({ value: null });
    expect(windows).toEqual([]);
    expect(await ask('churn', 'unheard of')).toEqual({ labeled: 0, metrics: {}, windows: [] });
  });

  test('a regression: errors and R² from sums', async () => {
    const { metrics, windows, labeled } = await ask('demand', '1');
    expect(labeled).toEqual(about(10 * MINUTES));
    expect(metrics['mae']?.value).toBeCloseTo(2, 6);
    expect(metrics['bias']?.value).toBeCloseTo(0.4, 6);
    expect(metrics['rmse']?.value).toBeCloseTo(Math.sqrt(5), 6);
    expect(metrics['r2']?.value).toBeCloseTo(1 - 50 / (510 - 10), 6);
    expect(windows).toEqual([]);
  });

  test('a label value stays inside its quotes', async () => {
    const { labeled } = await ask('churn', AWKWARD);
    expect(labeled).toEqual(about(MINUTES));
    expect(promqlString('a"b\\c\nd')).toBe('"a\\"b\\\\c\\nd"');
  });
});

describe('a Prometheus that gives nothing', () => {
  let server: Server;
  let answer: (path: string) => { status: number; body: string } | undefined;
  const tokens: unknown[] = [];
  let url: string;
  beforeAll(async () => {
    server = createServer((request, response) => {
      tokens.push(request.headers.authorization);
      const reply = answer(request.url as string);
      // Without a reply the request hangs, as behind a firewall.
      if (reply) response.writeHead(reply.status).end(reply.body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const ask = (options: { token?: string; timeout?: number; address?: string } = {}) => {
    const { address = url, ...rest } = options;
    return createPrometheusEvidence(createPrometheusClient({ url: address, ...rest })).live({
      ...{ model: 'churn', version: '1', from: 0, to: 1_000_000 },
    });
  };

  test('its own words when it refuses a query, its status where it has none', async () => {
    answer = () => ({ status: 422, body: JSON.stringify({ status: 'error', error: 'query timed out' }) });
    await expect(ask()).rejects.toMatchObject({
      code: 'unavailable',
      message: `Prometheus at ${url} gives no evidence: query timed out.`,
      help: expect.stringContaining('evidence.source'),
    });
    answer = () => ({ status: 502, body: '<html>' });
    await expect(ask()).rejects.toMatchObject({ message: expect.stringContaining('it answered 502') });
  });

  test('no answer in time, and nobody there', async () => {
    answer = () => undefined;
    await expect(ask({ timeout: 20 })).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('no answer within 0.02 s'),
    });
    await expect(ask({ address: 'http://127.0.0.1:1' })).rejects.toMatchObject({ code: 'unavailable' });
    expect(() => createPrometheusClient({ url: 'ftp://x' })).toThrow(
      expect.objectContaining({ code: 'invalid_configuration' }),
    );
  });

  test('a token and a path are sent; a password in the address is not told', async () => {
    const paths: string[] = [];
    const empty = JSON.stringify({ status: 'success', data: { result: [] } });
    answer = (path) => (paths.push(path), { status: 200, body: empty });
    expect(await ask({ token: 'secret', address: `${url}/prometheus/` })).toMatchObject({ labeled: 0 });
    // The request nobody waited for in the test before may arrive late.
    expect(paths.filter((path) => path.startsWith('/prometheus'))).toEqual(['/prometheus/api/v1/query']);
    expect(tokens).toContain('Bearer secret');
    answer = () => ({ status: 401, body: '' });
    const address = url.replace('//', '//user:pass@');
    const refused = ask({ address });
    await expect(refused).rejects.toMatchObject({ message: expect.not.stringContaining('pass') });
    expect(tokens).toContain(`Basic ${Buffer.from('user:pass').toString('base64')}`);
  });
});
