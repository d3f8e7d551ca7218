/** A real Prometheus over a history that was written beforehand, without anything to scrape. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { start } from '../../cli/support/plumbline.ts';

/** A counter: its name, labels, and value at each minute. */
export interface History {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly valueAt: (minute: number) => number;
}

/** Starts it with `minutes` of history up to `end`, epoch seconds. @param binaries of `prometheus` and `promtool` */
export async function prometheusWithHistory(
  binaries: { readonly prometheus: string; readonly promtool: string },
  {
    histories,
    minutes,
    end,
  }: { readonly histories: readonly History[]; readonly minutes: number; readonly end: number },
) {
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-history-'));
  const names = [...new Set(histories.map(({ name }) => name))];
  const lines = names.flatMap((name) => [
    `# TYPE ${name.replace(/_total$/, '')} counter`,
    ...histories
      .filter((history) => history.name === name)
      .flatMap(({ labels, valueAt }) => {
        const text = Object.entries(labels).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
        return Array.from(
          { length: minutes + 1 },
          (_, minute) => `${name}{${text.join(',')}} ${valueAt(minute)} ${end - (minutes - minute) * 60}`,
        );
      }),
  ]);
  writeFileSync(join(folder, 'history.txt'), `${lines.join('\n')}\n# EOF\n`);
  mkdirSync(join(folder, 'data'));
  execFileSync(binaries.promtool, [
    ...['tsdb', 'create-blocks-from', 'openmetrics', join(folder, 'history.txt'), join(folder, 'data')],
  ]);
  writeFileSync(join(folder, 'prometheus.yml'), '');
  const address = `127.0.0.1:${await freePort()}`;
  const running = start(binaries.prometheus, [
    `--config.file=${join(folder, 'prometheus.yml')}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
    `--web.listen-address=${address}`,
  ]);
  const url = `http://${address}`;
  while (running.child.exitCode === null) {
    const ready = await fetch(`${url}/-/ready`).catch(() => undefined);
    if (ready?.ok) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    url,
    stop: async () => {
      running.child.kill('SIGTERM');
      await running.ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
