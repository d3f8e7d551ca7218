/** The one reader of the environment. Flags of the command line come before it. */
import { PlumblineError } from './errors.ts';

/** What the environment says, checked; every value has its default. */
export interface Config {
  /** `PLUMBLINE_HOST` (default 127.0.0.1: reachable from this machine only). */
  readonly host: string;
  /** `PLUMBLINE_PORT` (default 8080; 0 takes any free one). */
  readonly port: number;
  /** `PLUMBLINE_LOG_LEVEL`, a level of pino (default `warn`); the log goes to standard error as JSON lines. */
  readonly logLevel: LogLevel;
  /** Push metrics there too: `OTEL_EXPORTER_OTLP_METRICS_ENDPOINT`, or `OTEL_EXPORTER_OTLP_ENDPOINT` + `/v1/metrics`. */
  readonly otlpUrl: string | undefined;
  /** `OTEL_METRIC_EXPORT_INTERVAL`, there in milliseconds; here seconds between two pushes. */
  readonly otlpIntervalSeconds: number | undefined;
  /** `OTEL_SERVICE_NAME`. */
  readonly serviceName: string | undefined;
}

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
/** A level of the log, as pino names them. */
export type LogLevel = (typeof LOG_LEVELS)[number];

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads and checks the environment; an empty variable counts as not set.
 * @throws PlumblineError `invalid_configuration` naming the variable
 */
export function readConfig(environment: Environment = process.env): Config {
  const read = (name: string) => environment[name]?.trim() || undefined;
  const level = read('PLUMBLINE_LOG_LEVEL') ?? 'warn';
  const logLevel = LOG_LEVELS.find((known) => known === level);
  if (!logLevel) throw invalid('PLUMBLINE_LOG_LEVEL', level, `one of ${LOG_LEVELS.join(', ')}`);
  const interval = read('OTEL_METRIC_EXPORT_INTERVAL');
  return {
    host: read('PLUMBLINE_HOST') ?? '127.0.0.1',
    port: wholeNumber('PLUMBLINE_PORT', read('PLUMBLINE_PORT') ?? '8080', 0, 65_535),
    logLevel,
    otlpUrl: otlpUrl(read),
    otlpIntervalSeconds:
      interval === undefined ? undefined : wholeNumber('OTEL_METRIC_EXPORT_INTERVAL', interval, 100, 86_400_000) / 1000,
    serviceName: read('OTEL_SERVICE_NAME'),
  };
}

function otlpUrl(read: (name: string) => string | undefined): string | undefined {
  const own = 'OTEL_EXPORTER_OTLP_METRICS_ENDPOINT';
  const shared = 'OTEL_EXPORTER_OTLP_ENDPOINT';
  const name = read(own) === undefined ? shared : own;
  const value = read(name);
  if (value === undefined) return undefined;
  const url = name === own ? value : `${value.replace(/\/+$/, '')}/v1/metrics`;
  if (URL.canParse(url) && /^https?:/.test(url)) return url;
  throw invalid(name, value, 'an http(s) address, for instance http://127.0.0.1:4318');
}

function wholeNumber(name: string, value: string, low: number, high: number): number {
  const number = /^\d+$/.test(value) ? Number(value) : Number.NaN;
  if (number >= low && number <= high) return number;
  throw invalid(name, value, `a whole number from ${low} to ${high}`);
}

function invalid(name: string, value: string, wanted: string): PlumblineError {
  return new PlumblineError('invalid_configuration', `${name}: "${value}" is not ${wanted}.`, 'Correct or unset it.');
}
