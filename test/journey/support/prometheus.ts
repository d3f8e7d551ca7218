/** A real Prometheus with the provisioned rules, scraping one target every second. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { start, REPOSITORY } from '../../collector/cli/support/plumbline.ts';

/** One element of an instant vector. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Prometheus {
  query(promql: string): Promise<Sample[]>;
  /** Repeats a query until `enough` says so; rejects with the last answer after `seconds`. */
  until(promql: string, enough: (samples: readonly Sample[]) => boolean, seconds?: number): Promise<Sample[]>;
  stop(): Promise<void>;
}

/**
 * Starts Prometheus on a free port with a copy of `provisioning/prometheus`.
 * Only intervals differ, so that a test need not wait: 1 s instead of 5 s between scrapes, and 5 s instead of a minute between the
 * evaluations of the slow calibration rules, whose first one Prometheus puts anywhere within that minute.
 * @param binary path of `prometheus`; @param target `host:port` to scrape
 */
export async function startPrometheus(binary: string, target: string): Promise<Prometheus> {
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-prometheus-'));
  cpSync(join(REPOSITORY, 'provisioning/prometheus'), folder, { recursive: true });
  const config = join(folder, 'prometheus.yml');
  const text = readFileSync(config, 'utf8').replace(/scrape_interval: \S+/, 'scrape_interval: 1s');
  writeFileSync(config, text.replace(/scrape_timeout: \S+/, 'scrape_timeout: 1s'));
  const slow = join(folder, 'rules/calibration.yml');
  writeFileSync(slow, readFileSync(slow, 'utf8').replace(/interval: 1m/, 'interval: 5s'));
  mkdirSync(join(folder, 'targets'), { recursive: true });
  writeFileSync(join(folder, 'targets/demo.json'), JSON.stringify([{ targets: [target] }]));
  const address = `127.0.0.1:${await freePort()}`;
  const running = start(binary, [
    `--config.file=${config}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
    `--web.listen-address=${address}`,
  ]);
  const query = (promql: string) => instantQuery(address, promql);
  const until = (promql: string, enough: (samples: readonly Sample[]) => boolean, seconds = 100) =>
    poll(promql, enough, seconds, () => query(promql).catch(() => []));
  await until('1', (samples) => samples.length > 0 || running.child.exitCode !== null);
  return {
    query,
    until,
    stop: async () => {
      running.child.kill('SIGTERM');
      await running.ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function instantQuery(address: string, promql: string): Promise<Sample[]> {
  const answer = await fetch(`http://${address}/api/v1/query?query=${encodeURIComponent(promql)}`);
  const body = (await answer.json()) as {
    readonly error?: string;
    readonly data?: { readonly resultType: string; readonly result: unknown };
  };
  if (!body.data) throw new Error(`${promql}: ${body.error}`);
  if (body.data.resultType === 'scalar') {
    return [{ labels: {}, value: Number((body.data.result as [number, string])[1]) }];
  }
  const vector = body.data.result as { metric: Record<string, string>; value: [number, string] }[];
  return vector.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }));
}

async function poll(
  what: string,
  enough: (samples: readonly Sample[]) => boolean,
  seconds: number,
  ask: () => Promise<Sample[]>,
): Promise<Sample[]> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const samples = await ask();
    if (enough(samples)) return samples;
    if (Date.now() > deadline) throw new Error(`${what}: after ${seconds} s still ${JSON.stringify(samples)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
