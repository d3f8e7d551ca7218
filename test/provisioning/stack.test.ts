/** `npm run stack` as a user starts it: a process of its own, real programs, real signals. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { endChildren, start, type Running } from '../collector/cli/support/plumbline.ts';
import { findTool } from '../support/tools.ts';

const MAIN = 'provisioning/stack/main.ts';
const prometheus = findTool('prometheus');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plumbline-stack-test-'));
});
afterEach(async () => {
  await endChildren();
  rmSync(folder, { recursive: true, force: true });
});

/** Ports 0: others may run a stack at the same time. */
function startStack(args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Running {
  return start(process.execPath, [MAIN, '--data', folder, ...args], env);
}

async function addressOf(stack: Running, part: string): Promise<string> {
  const [, address] = await stack.printed(new RegExp(`${part} +(http://\\S+)`));
  return address as string;
}

async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    (response) => response.ok,
    () => false,
  );
}

describe('without Grafana and Prometheus', () => {
  test('the collector runs, what is missing is said, and SIGTERM ends it', async () => {
    const stack = startStack([], { PATH: dirname(process.execPath), GRAFANA_HOME: '' });
    const metrics = await addressOf(stack, 'Collector');
    const { 0: prometheusLine } = await stack.printed(/Prometheus +missing.*/);
    const { 0: grafanaLine } = await stack.printed(/Grafana +missing.*/);
    expect(prometheusLine).toContain('apt-get install prometheus');
    expect(grafanaLine).toContain('--grafana-home');
    expect(await fetch(metrics).then((response) => response.text())).toContain('ml_predictions_total');
    stack.child.kill('SIGTERM');
    expect((await stack.ended).code).toBe(0);
    expect(await answers(metrics)).toBe(false);
  });

  test('a second Ctrl-C, as npm sends it along with the first, is not answered again', async () => {
    const stack = startStack([], { PATH: dirname(process.execPath), GRAFANA_HOME: '' });
    await addressOf(stack, 'Collector');
    stack.child.kill('SIGINT');
    await stack.printed(/Stopping…/);
    stack.child.kill('SIGINT');
    const { code, stdout } = await stack.ended;
    expect(code).toBe(130);
    expect(stdout.match(/Stopping…/g)).toHaveLength(1);
  });

  test.each([
    ['a folder without Grafana', ['--grafana-home', '/nowhere'], 'holds no bin/grafana'],
    ['a speed that is none', ['--speed', 'fast'], '--speed'],
  ])('%s is refused in a sentence', async (_name, args, words) => {
    const { code, stderr } = await startStack(args).ended;
    expect(code).toBe(2);
    expect(stderr).toContain(words);
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});

if (!prometheus) {
  test.skip('needs Prometheus: apt-get install prometheus', () => undefined);
} else {
  test('Prometheus scrapes the collector with the provisioned rules; Ctrl-C ends both', async () => {
    const stack = startStack(['--speed', '5000'], { GRAFANA_HOME: '' });
    const [collector, address] = [await addressOf(stack, 'Collector'), await addressOf(stack, 'Prometheus')];
    const up = await until(async () => {
      const { activeTargets } = await api<{ activeTargets: { health: string; scrapeUrl: string }[] }>(
        address,
        'targets',
      );
      return activeTargets.find(({ health }) => health === 'up')?.scrapeUrl;
    });
    expect(up).toBe(collector);
    const { groups } = await api<{ groups: { rules: { name: string; health: string }[] }[] }>(address, 'rules');
    const rules = groups.flatMap((group) => group.rules);
    expect(rules.map(({ name }) => name)).toContain('ml:accuracy:1h');
    expect(rules.filter(({ health }) => health === 'err')).toEqual([]);
    stack.child.kill('SIGINT');
    expect((await stack.ended).code).toBe(130);
    expect(await Promise.all([answers(collector), answers(`${address}/-/ready`)])).toEqual([false, false]);
  });

  test('provisioning is copied as it is; only the targets are written', async () => {
    const stack = startStack([], { GRAFANA_HOME: '' });
    await addressOf(stack, 'Prometheus');
    for (const path of ['prometheus/prometheus.yml', 'prometheus/rules/performance-1h.yml', 'alerting/accuracy.yaml']) {
      const copy = readFileSync(join(folder, 'provisioning', path), 'utf8');
      expect(copy).toBe(readFileSync(join('provisioning', path), 'utf8'));
    }
    stack.child.kill('SIGTERM');
    expect((await stack.ended).code).toBe(0);
  });
}

async function api<Data>(address: string, path: string): Promise<Data> {
  const response = await fetch(`${address}/api/v1/${path}`);
  return ((await response.json()) as { data: Data }).data;
}

async function until<Value>(ask: () => Promise<Value | undefined>): Promise<Value> {
  for (const deadline = Date.now() + 40_000; Date.now() < deadline;) {
    const value = await ask();
    if (value !== undefined) return value;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error('nothing came within 40 s');
}
