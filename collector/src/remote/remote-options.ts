/** What the remote mode can be told, checked. */
import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { errorText, systemErrorCode, type PlumblineError } from '../errors.ts';
import { invalid, isRecord, seconds, wholeNumber } from '../monitor/option-checks.ts';
import type { MonitorConfig } from '../monitor/options.ts';
import type { PiiKey } from './rows/feature-privacy.ts';

/** Rows that wait on disk while the collector is away. */
export interface SpillOptions {
  /** Made when it is not there, inside one that is. Several monitors and processes may be given the same: each has a folder of its own in it. */
  readonly folder: string;
  /** Bytes one monitor may use (default 256 MiB); what does not fit then is dropped and counted. */
  readonly maxBytes?: number;
}

/** The collector service that rows go to. */
export interface CollectorOptions {
  /** Base address, for instance `http://127.0.0.1:8080`. */
  readonly url: string;
  /** A token with the scope `ingest` (and `read` for answers); a function is asked before each request. */
  readonly token?: string | (() => string | undefined);
  /** Rows of a batch, 1 to 5,000 (default 1,000). */
  readonly batchRows?: number;
  /** A batch that is not full goes after so many seconds (default 1). */
  readonly flushSeconds?: number;
  /** Rows held in memory at most (default 50,000). */
  readonly queueRows?: number;
  /** About how many bytes they may take (default 64 MiB). */
  readonly queueBytes?: number;
  /** How long a request may take, seconds (default 10). */
  readonly requestSeconds?: number;
  /** How long `close()` and the end of the process wait for what is unsent, seconds (default 5). */
  readonly closeSeconds?: number;
  /** Compress bodies of 8 KiB and more (default false: worth it over a slow network only). */
  readonly gzip?: boolean;
  /** Where rows wait on disk while the collector is away; without it in memory alone. */
  readonly spill?: SpillOptions;
  /** Secret of the hash of features marked `pii: 'hash'`, at least 16 bytes. */
  readonly piiKey?: PiiKey;
  /** Told in words what cannot be sent or was lost, at most every ten seconds of each kind. */
  readonly onError?: (error: PlumblineError) => void | Promise<void>;
  /** In place of the built-in one, for a proxy or a certificate of its own. */
  readonly fetch?: typeof fetch;
}

/** The same with defaults, in milliseconds and bytes. */
export interface RemoteConfig {
  readonly url: string;
  readonly token: () => string | undefined;
  readonly batchRows: number;
  readonly flushInterval: number;
  readonly queueRows: number;
  readonly queueBytes: number;
  readonly requestTimeout: number;
  readonly closeTimeout: number;
  readonly gzipFrom: number;
  readonly spill: Required<SpillOptions> | undefined;
  readonly piiKey: PiiKey | undefined;
  readonly onError: CollectorOptions['onError'];
  readonly fetch: typeof fetch;
}

const MIB = 1024 * 1024;
const GZIP_FROM = 8 * 1024;
const LEAST_KEY = 16;

/** Checks options and fills in defaults. @throws PlumblineError `invalid_configuration` naming the field */
export function resolveCollector(options: CollectorOptions, monitor: Pick<MonitorConfig, 'features'>): RemoteConfig {
  if (!isRecord(options))
    throw invalid('collector: expected an object', 'For example collector: { url: "http://127.0.0.1:8080", token }.');
  const { gzip = false, fetch: ownFetch = fetch } = options;
  const hashed = [...monitor.features].find(([, { pii }]) => pii === 'hash')?.[0];
  if (hashed !== undefined && options.piiKey === undefined)
    throw invalid(
      `collector.piiKey: features.${hashed} is to be hashed, with what key?`,
      'Give a secret of 16 bytes or more.',
    );
  if (options.onError !== undefined && typeof options.onError !== 'function')
    throw invalid('collector.onError: expected a function', 'It is called with a PlumblineError.');
  if (typeof gzip !== 'boolean') throw invalid('collector.gzip: expected true or false', 'Leave it out for false.');
  return {
    url: checkedUrl(options.url),
    token: checkedToken(options.token),
    batchRows: wholeNumber(options.batchRows ?? 1_000, 'collector.batchRows', 1, 5_000),
    flushInterval: seconds(options.flushSeconds ?? 1, 'collector.flushSeconds'),
    queueRows: wholeNumber(options.queueRows ?? 50_000, 'collector.queueRows', 1, 10_000_000),
    queueBytes: wholeNumber(options.queueBytes ?? 64 * MIB, 'collector.queueBytes', 1024, 2 ** 40),
    requestTimeout: positive(options.requestSeconds ?? 10, 'collector.requestSeconds'),
    closeTimeout: seconds(options.closeSeconds ?? 5, 'collector.closeSeconds'),
    gzipFrom: gzip ? GZIP_FROM : Number.POSITIVE_INFINITY,
    spill: options.spill && checkedSpill(options.spill),
    piiKey: checkedKey(options.piiKey),
    onError: options.onError,
    fetch: ownFetch,
  };
}

function checkedUrl(value: unknown): string {
  const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined;
  if (!url || !/^https?:$/.test(url.protocol))
    throw invalid('collector.url: expected an http(s) address', 'For example http://127.0.0.1:8080.');
  // The value itself is not shown: it may hold a password.
  if (url.username !== '' || url.password !== '')
    throw invalid('collector.url: holds a user or password', 'Give the token as collector.token.');
  if (url.search !== '' || url.hash !== '')
    throw invalid('collector.url: holds a query or fragment', 'Give the base address alone.');
  return url.href.replace(/\/+$/, '');
}

function checkedToken(token: unknown): () => string | undefined {
  if (typeof token === 'function') return () => usable((token as () => unknown)());
  const fixed = usable(token);
  if (fixed === undefined && token !== undefined)
    throw invalid(
      'collector.token: is not a usable token',
      'A token is printable ASCII without spaces, as `plumbline token create` prints it.',
    );
  return () => fixed;
}

/** What is no token is not sent: a header of it would be refused with an error that shows it. */
function usable(token: unknown): string | undefined {
  return typeof token === 'string' && /^[\u0021-\u007e]+$/.test(token) ? token : undefined;
}

function positive(value: number, field: string): number {
  const milliseconds = seconds(value, field);
  if (milliseconds >= 1) return Math.min(milliseconds, 2 ** 31 - 1);
  throw invalid(`${field}: ${value} is no time to wait`, 'Leave it out for the default.');
}

function checkedKey(key: unknown): PiiKey | undefined {
  if (key === undefined) return undefined;
  const length = typeof key === 'string' ? Buffer.byteLength(key) : key instanceof Uint8Array ? key.length : 0;
  if (length >= LEAST_KEY) return key as PiiKey;
  throw invalid('collector.piiKey: expected a text or bytes, at least 16', 'For example 32 random bytes, kept secret.');
}

/** Found out now, while somebody is looking, and not when the collector goes away. */
function checkedSpill(options: SpillOptions): Required<SpillOptions> {
  const { folder, maxBytes = 256 * MIB } = isRecord(options) ? options : { folder: '' };
  if (typeof folder !== 'string' || folder === '')
    throw invalid('collector.spill.folder: expected the path of a folder', 'For example "/var/lib/my-model/unsent".');
  wholeNumber(maxBytes, 'collector.spill.maxBytes', 64 * 1024, 2 ** 50);
  try {
    // Not recursively: in a file system that refuses folders (/proc) Node would try for ever.
    if (!existsSync(folder)) mkdirSync(folder, { mode: 0o700 });
    accessSync(`${folder}/`, constants.W_OK | constants.R_OK | constants.X_OK);
  } catch (error) {
    throw invalid(
      `collector.spill.folder: ${folder} cannot be written (${systemErrorCode(error) ?? errorText(error)})`,
      'Name a folder this process may write to.',
    );
  }
  return { folder, maxBytes };
}
