/** The one reader of the environment. Flags of the command line come before it. */
import { resolve } from 'node:path';
import { PlumblineError } from './errors.ts';

/** What the environment says, checked; every value has its default. Secrets stand in no message. */
export interface Config extends ServingConfig, StoreConfig, AccessConfig, ExportConfig {
  /** `PLUMBLINE_LOG_LEVEL`, a level of pino (default `warn`); the log goes to standard error as JSON lines. */
  readonly logLevel: LogLevel;
}

/** Where the service listens, and how it lets go. */
export interface ServingConfig {
  /** `PLUMBLINE_HOST` (default 127.0.0.1: reachable from this machine only). */
  readonly host: string;
  /** `PLUMBLINE_PORT` (default 8080; 0 takes any free one). */
  readonly port: number;
  /** `PLUMBLINE_TRUST_PROXY`: addresses or networks, separated by commas, whose `X-Forwarded-For` is believed (default: none). */
  readonly trustProxy: string | undefined;
  /** `PLUMBLINE_URL`: where programs elsewhere reach the service, for callbacks (default: where it listens). */
  readonly publicUrl: string | undefined;
  /**
   * `PLUMBLINE_SHUTDOWN_DELAY`: seconds between `/readyz` saying no and the end of listening (default 0), so that a load balancer
   * notices first. At most 60: whoever stops a container kills it soon after.
   */
  readonly shutdownDelaySeconds: number;
  /** `PLUMBLINE_ZERO_HOLD`: seconds a new series shows 0 (default 15); at least the scrape interval. */
  readonly zeroHoldSeconds: number;
}

/** Where everything is kept. */
export interface StoreConfig {
  /** `PLUMBLINE_DATA`: folder of the database and the artifacts (default `plumbline-data`). */
  readonly dataFolder: string;
  /** `DATABASE_URL`: a PostgreSQL address (default: SQLite in the data folder). May hold a password. */
  readonly databaseUrl: string | undefined;
  /** `PLUMBLINE_ARTIFACT_ROOTS`: absolute folders, separated by commas, below which versions may be saved by path (default: none). */
  readonly artifactRoots: readonly string[];
  /** `PLUMBLINE_MAX_UPLOAD_MIB`: an artifact's files together (default 10,240 MiB); a full disk would stop ingest too. */
  readonly maxUploadBytes: number;
  /** `PLUMBLINE_ARTIFACTS`: `s3://bucket` or `s3://bucket/prefix` (default: artifacts lie in the data folder). */
  readonly artifactsUrl: string | undefined;
  /** `PLUMBLINE_S3_ENDPOINT`, for stores other than Amazon's; credentials are found as the AWS SDK finds them. */
  readonly s3Endpoint: string | undefined;
  /** `PLUMBLINE_PROMETHEUS_URL`: where gates may find what embedded monitors counted. */
  readonly prometheusUrl: string | undefined;
}

/** Who may do what. */
export interface AccessConfig {
  /** `PLUMBLINE_TOKENS`: `scope+scope[+identity]:token,…`. Secret. */
  readonly tokens: string | undefined;
  /** `PLUMBLINE_TOKEN`: what commands that speak to a collector send. Secret. */
  readonly clientToken: string | undefined;
  /** `PLUMBLINE_RATE_LIMIT`: requests per token and minute (default 12,000; 0 for no limit). */
  readonly rateLimit: number;
  /** `PLUMBLINE_METRICS_TOKEN_REQUIRED`: whether `/metrics` asks for a token with the scope `read` (default false). */
  readonly metricsNeedToken: boolean;
  /** `PLUMBLINE_ALERT_HMAC`: what Grafana signs webhooks of alerts with (default: none is believed). Secret. */
  readonly alertSecret: string | undefined;
  /** `PLUMBLINE_TRAINER_HMAC`: what calls of webhook trainers are signed with (default: there are none). Secret. */
  readonly trainerSecret: string | undefined;
  /** `GRAFANA_URL` and its companions; without it no identity can be verified. */
  readonly grafana: GrafanaConfig | undefined;
}

/** Whose signed identities count. */
export interface GrafanaConfig {
  readonly url: string;
  /** `GRAFANA_ISSUER` (default `GRAFANA_URL`): what Grafana calls itself, where the collector reaches it by another name. */
  readonly issuer: string;
  /** `GRAFANA_ORG_IDS`: organisations whose users are accepted, separated by commas (default 1). */
  readonly orgIds: readonly number[];
  /** `GRAFANA_TOKEN`: a service account's, to write annotations with (default: none are written). Secret. */
  readonly token: string | undefined;
}

/** Where metrics are pushed. */
export interface ExportConfig {
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
type Read = (name: string) => string | undefined;

const MIB = 1024 * 1024;

/**
 * Reads and checks the environment; an empty variable counts as not set.
 * @throws PlumblineError `invalid_configuration` naming the variable
 */
export function readConfig(environment: Environment = process.env): Config {
  const read: Read = (name) => environment[name]?.trim() || undefined;
  const level = read('PLUMBLINE_LOG_LEVEL') ?? 'warn';
  const logLevel = LOG_LEVELS.find((known) => known === level);
  if (!logLevel) throw invalid('PLUMBLINE_LOG_LEVEL', level, `one of ${LOG_LEVELS.join(', ')}`);
  return { logLevel, ...servingConfig(read), ...storeConfig(read), ...accessConfig(read), ...exportConfig(read) };
}

/** The environment as it is now, for what a policy gives on to programs it names; whoever gives on anything checks the names. */
export function wholeEnvironment(): Readonly<Record<string, string | undefined>> {
  return { ...process.env };
}

function servingConfig(read: Read): ServingConfig {
  return {
    host: read('PLUMBLINE_HOST') ?? '127.0.0.1',
    port: number(read, 'PLUMBLINE_PORT', 8080, 0, 65_535),
    trustProxy: trustProxy(read),
    publicUrl: address(read, 'PLUMBLINE_URL', 'https://plumbline.example.com')?.replace(/\/+$/, ''),
    shutdownDelaySeconds: number(read, 'PLUMBLINE_SHUTDOWN_DELAY', 0, 0, 60),
    zeroHoldSeconds: number(read, 'PLUMBLINE_ZERO_HOLD', 15, 0, 3_600),
  };
}

function storeConfig(read: Read): StoreConfig {
  const roots = list(read('PLUMBLINE_ARTIFACT_ROOTS'));
  const relative = roots.find((root) => resolve(root) !== root.replace(/(?<=.)\/+$/, ''));
  if (relative !== undefined) throw invalid('PLUMBLINE_ARTIFACT_ROOTS', relative, 'an absolute folder');
  return {
    dataFolder: read('PLUMBLINE_DATA') ?? 'plumbline-data',
    databaseUrl: databaseUrl(read),
    artifactRoots: roots,
    maxUploadBytes: number(read, 'PLUMBLINE_MAX_UPLOAD_MIB', 10_240, 1, 10_000_000) * MIB,
    artifactsUrl: read('PLUMBLINE_ARTIFACTS'),
    s3Endpoint: address(read, 'PLUMBLINE_S3_ENDPOINT', 'http://127.0.0.1:9000'),
    prometheusUrl: address(read, 'PLUMBLINE_PROMETHEUS_URL', 'http://127.0.0.1:9090'),
  };
}

function accessConfig(read: Read): AccessConfig {
  return {
    tokens: read('PLUMBLINE_TOKENS'),
    clientToken: read('PLUMBLINE_TOKEN'),
    rateLimit: number(read, 'PLUMBLINE_RATE_LIMIT', 12_000, 0, 10_000_000),
    metricsNeedToken: truth(read, 'PLUMBLINE_METRICS_TOKEN_REQUIRED'),
    alertSecret: read('PLUMBLINE_ALERT_HMAC'),
    trainerSecret: read('PLUMBLINE_TRAINER_HMAC'),
    grafana: grafanaConfig(read),
  };
}

function grafanaConfig(read: Read): GrafanaConfig | undefined {
  const url = address(read, 'GRAFANA_URL', 'http://127.0.0.1:3000');
  if (url === undefined) return undefined;
  const ids = list(read('GRAFANA_ORG_IDS') ?? '1');
  const wrong = ids.find((id) => !/^[1-9]\d{0,9}$/.test(id));
  if (wrong !== undefined) throw invalid('GRAFANA_ORG_IDS', wrong, 'the number of an organisation');
  return { url, issuer: read('GRAFANA_ISSUER') ?? url, orgIds: ids.map(Number), token: read('GRAFANA_TOKEN') };
}

function exportConfig(read: Read): ExportConfig {
  const own = 'OTEL_EXPORTER_OTLP_METRICS_ENDPOINT';
  const shared = address(read, 'OTEL_EXPORTER_OTLP_ENDPOINT', 'http://127.0.0.1:4318');
  const interval = 'OTEL_METRIC_EXPORT_INTERVAL';
  return {
    otlpUrl:
      address(read, own, 'http://127.0.0.1:4318/v1/metrics') ?? (shared && `${shared.replace(/\/+$/, '')}/v1/metrics`),
    otlpIntervalSeconds:
      read(interval) === undefined ? undefined : number(read, interval, 60_000, 100, 86_400_000) / 1000,
    serviceName: read('OTEL_SERVICE_NAME'),
  };
}

/** Its value may hold a password, so no message shows it. */
function databaseUrl(read: Read): string | undefined {
  const value = read('DATABASE_URL');
  if (value === undefined || (URL.canParse(value) && /^postgres(?:ql)?:\/\//.test(value))) return value;
  const help = 'Write postgres://user:password@host:5432/database, or unset it for SQLite in the data folder.';
  throw new PlumblineError('invalid_configuration', 'DATABASE_URL: is no address of a PostgreSQL.', help);
}

function trustProxy(read: Read): string | undefined {
  const value = read('PLUMBLINE_TRUST_PROXY');
  if (value === undefined || list(value).every((part) => /^[0-9a-fA-F.:]+(?:\/\d{1,3})?$/.test(part))) return value;
  throw invalid('PLUMBLINE_TRUST_PROXY', value, 'a list of addresses or networks, for instance 10.0.0.0/8');
}

function address(read: Read, name: string, example: string): string | undefined {
  const value = read(name);
  if (value === undefined || (URL.canParse(value) && /^https?:/.test(value))) return value;
  throw invalid(name, value.replace(/\/\/[^@/]*@/, '//…@'), `an http(s) address, for instance ${example}`);
}

function number(read: Read, name: string, otherwise: number, low: number, high: number): number {
  const value = read(name) ?? String(otherwise);
  const parsed = /^\d+$/.test(value) ? Number(value) : Number.NaN;
  if (parsed >= low && parsed <= high) return parsed;
  throw invalid(name, value, `a whole number from ${low} to ${high}`);
}

function truth(read: Read, name: string): boolean {
  const value = read(name) ?? 'false';
  if (value === 'true' || value === 'false') return value === 'true';
  throw invalid(name, value, 'true or false');
}

function list(value: string | undefined): string[] {
  return (value ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function invalid(name: string, value: string, wanted: string): PlumblineError {
  return new PlumblineError('invalid_configuration', `${name}: "${value}" is not ${wanted}.`, 'Correct or unset it.');
}
