/** A receiver for OTLP over HTTP (JSON), and the translation that Prometheus applies to what it receives. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import type { Exposition, Sample } from './exposition.ts';

interface Attribute {
  readonly key: string;
  readonly value: { readonly stringValue?: string };
}
interface NumberPoint {
  readonly attributes?: readonly Attribute[];
  readonly asDouble?: number;
  readonly asInt?: number | string;
}
interface BucketPoint {
  readonly attributes?: readonly Attribute[];
  readonly count: number | string;
  readonly sum?: number;
  readonly bucketCounts: readonly (number | string)[];
  readonly explicitBounds: readonly number[];
}
interface Metric {
  readonly name: string;
  readonly unit?: string;
  readonly sum?: {
    readonly isMonotonic?: boolean;
    readonly aggregationTemporality: number;
    readonly dataPoints: readonly NumberPoint[];
  };
  readonly gauge?: { readonly dataPoints: readonly NumberPoint[] };
  readonly histogram?: { readonly aggregationTemporality: number; readonly dataPoints: readonly BucketPoint[] };
}
interface Push {
  readonly resourceMetrics: readonly { readonly scopeMetrics: readonly { readonly metrics: readonly Metric[] }[] }[];
}

/** Takes pushes in on a free port of this machine. */
export class OtlpReceiver {
  readonly pushes: Push[] = [];
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async listen(): Promise<OtlpReceiver> {
    const server = createServer();
    const receiver = new OtlpReceiver(server);
    server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const body = Buffer.concat(chunks);
        const text = request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
        receiver.pushes.push(JSON.parse(text.toString('utf8')) as Push);
        response.setHeader('content-type', 'application/json').end('{}');
      });
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1/metrics`;
  }

  close(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((done) => this.#server.close(() => done()));
  }
}

/** The last push as Prometheus stores it. */
export function translate(push: Push): Exposition {
  const metrics = push.resourceMetrics.flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics));
  const types = new Map<string, string>();
  const samples = metrics.flatMap((metric) => {
    const type = metric.histogram ? 'histogram' : metric.gauge ? 'gauge' : 'counter';
    if (type === 'counter' && metric.sum?.isMonotonic !== true) throw new Error(`${metric.name} is no counter`);
    const temporality = (metric.sum ?? metric.histogram)?.aggregationTemporality ?? 2;
    if (temporality !== 2) throw new Error(`${metric.name} is not cumulative`);
    const name = translatedName(metric.name, metric.unit ?? '', type);
    types.set(name, type);
    const numbers = (metric.sum ?? metric.gauge)?.dataPoints ?? [];
    return [
      ...numbers.map((point) => ({ name, labels: labelsOf(point), value: Number(point.asDouble ?? point.asInt) })),
      ...(metric.histogram?.dataPoints ?? []).flatMap((point) => histogramSamples(name, point)),
    ];
  });
  return { types, samples };
}

/**
 * The name Prometheus gives an OTLP metric (prometheus/otlptranslator, with suffixes): words joined by `_`, the unit as a
 * word unless it is one already, `total` at the end of counters, `ratio` at the end of gauges of unit 1.
 */
export function translatedName(name: string, unit: string, type: string): string {
  const units: Readonly<Record<string, string>> = { s: 'seconds', ms: 'milliseconds', By: 'bytes', '1': '' };
  let words = name.split(/[^a-zA-Z0-9]+/).filter((word) => word !== '');
  const word = units[unit] ?? unit;
  if (word !== '' && !words.includes(word)) words.push(word);
  if (type === 'counter') words = [...words.filter((item) => item !== 'total'), 'total'];
  if (type === 'gauge' && unit === '1') words = [...words.filter((item) => item !== 'ratio'), 'ratio'];
  return words.join('_');
}

function histogramSamples(name: string, point: BucketPoint): Sample[] {
  const labels = labelsOf(point);
  let running = 0;
  const buckets = point.bucketCounts.map((count, index) => {
    running += Number(count);
    const bound = point.explicitBounds[index];
    return {
      name: `${name}_bucket`,
      labels: { ...labels, le: bound === undefined ? '+Inf' : String(bound) },
      value: running,
    };
  });
  const total = { name: `${name}_count`, labels, value: Number(point.count) };
  return [...buckets, total, { name: `${name}_sum`, labels, value: point.sum ?? Number.NaN }];
}

function labelsOf({ attributes = [] }: { readonly attributes?: readonly Attribute[] }): Record<string, string> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue ?? `not a text: ${key}`]));
}
