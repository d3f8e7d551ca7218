/**
 * The package as a stranger gets it: packed, installed into an empty folder, run on the oldest Node we promise.
 * Needs the npm registry (or its cache) for that Node; without it the test is skipped, and CI counts a skip as a failure.
 */
import { execFileSync, type ExecFileSyncOptions } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { endChildren, REPOSITORY, start, temporaryFolder } from '../cli/support/plumbline.ts';

const OLDEST_NODE = '22.15.0';
const folder = temporaryFolder();
afterEach(endChildren);
afterAll(folder.remove);

/** Without what `npm test` tells its children: it would send a nested npm back to the repository. */
const env: NodeJS.ProcessEnv = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !name.toLowerCase().startsWith('npm_')),
);

function npm(args: readonly string[], options: ExecFileSyncOptions = {}): string {
  return String(execFileSync('npm', args, { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], ...options }));
}

function isAvailable(): boolean {
  try {
    return npm(['view', `node@${OLDEST_NODE}`, 'version'], { timeout: 30_000 }).trim() === OLDEST_NODE;
  } catch {
    return false;
  }
}

const available = isAvailable();
const title = available ? '' : ` (skipped: npm cannot get node@${OLDEST_NODE})`;

(available ? describe : describe.skip)(`the package on Node ${OLDEST_NODE}${title}`, () => {
  const bin = folder.path('node_modules/.bin');
  const withOldNode = { ...env, PATH: `${bin}${delimiter}${env['PATH'] ?? ''}` };

  beforeAll(() => {
    const packed = JSON.parse(
      npm(['pack', '-w', 'collector', '--json', '--pack-destination', folder.path('.')], { cwd: REPOSITORY }),
    ) as unknown;
    const [{ filename }] = (Array.isArray(packed) ? packed : Object.values(packed as object)) as [{ filename: string }];
    writeFileSync(folder.path('package.json'), '{"private":true,"type":"module","allowScripts":{"node":true}}');
    npm(['install', '--no-audit', '--no-fund', `./${filename}`, `node@${OLDEST_NODE}`], { cwd: folder.path('.') });
  }, 180_000);

  function oldNode(args: readonly string[]): string {
    return execFileSync(join(bin, 'node'), args, { cwd: folder.path('.'), env: withOldNode, encoding: 'utf8' });
  }

  test('it is that Node, and the package holds what it should and no source', () => {
    expect(oldNode(['--version']).trim()).toBe(`v${OLDEST_NODE}`);
    const installed = (name: string) => existsSync(folder.path(`node_modules/@plumbline/collector/${name}`));
    const there = ['dist/index.js', 'dist/index.d.ts', 'data/electricity.csv.gz', 'README.md', 'LICENSE'];
    expect(there.filter((name) => !installed(name))).toEqual([]);
    expect(installed('src')).toBe(false);
  });

  test('the SDK runs', () => {
    writeFileSync(
      folder.path('sdk.mjs'),
      `import { createMonitor, startMetricExport } from '@plumbline/collector';
       const { producer, close } = await startMetricExport();
       const monitor = createMonitor({ model: 'm', version: '1', classes: ['a', 'b'], producer });
       const id = monitor.recordPrediction({ prediction: 'a' });
       monitor.recordLabel(id, 'b');
       const { metrics } = await monitor.performance();
       process.stdout.write(JSON.stringify(metrics.accuracy));
       await monitor.close();
       await close();`,
    );
    expect(JSON.parse(oldNode(['sdk.mjs']))).toMatchObject({ value: 0, n: 1 });
  });

  test('the example of the README runs as it stands', () => {
    const readme = readFileSync(join(REPOSITORY, 'collector/README.md'), 'utf8');
    const example = /```js\n(.*?)```/s.exec(readme)?.[1] ?? '';
    expect(example).toContain('port: 9464');
    writeFileSync(folder.path('example.mjs'), example.replace('port: 9464', 'port: 0')); // whatever else runs here
    const printed = oldNode(['example.mjs']);
    expect(printed).toContain('labeled: 1');
    expect(printed).toContain("verdict: 'insufficient_data'");
  });

  test('the trainer and the predictor of the examples run where they were installed', () => {
    const examples = folder.path('node_modules/@plumbline/collector/examples');
    const row = (n: number) => ({
      ...{ id: `r${n}`, timestamp: new Date(n * 1_800_000).toISOString(), label: String(Number(n % 48 > 20)) },
      features: {
        period: (n % 48) / 48,
        nswprice: n % 7,
        nswdemand: n % 5,
        vicprice: 0,
        vicdemand: n % 3,
        transfer: 0,
      },
    });
    const lines = Array.from({ length: 400 }, (_, n) => JSON.stringify(row(n))).join('\n');
    writeFileSync(folder.path('examples.jsonl'), lines);
    mkdirSync(folder.path('trained'));
    oldNode([join(examples, 'train-electricity.mjs'), '--data', 'examples.jsonl', '--output', 'trained']);
    const metrics: unknown = JSON.parse(readFileSync(folder.path('trained/metrics.json'), 'utf8'));
    expect(metrics).toMatchObject({ n: 80, accuracy: expect.any(Number) });
    const predict = join(examples, 'predict-electricity.mjs');
    oldNode([predict, '--model', 'trained', '--data', 'examples.jsonl', '--output', 'answers.jsonl']);
    expect(readFileSync(folder.path('answers.jsonl'), 'utf8').trim().split('\n')).toHaveLength(400);
  });

  test('its types compile strictly in a program that uses them', () => {
    writeFileSync(
      folder.path('use.ts'),
      `import { createMonitor, type PerformanceReport } from '@plumbline/collector';
       const monitor = createMonitor({ model: 'm', version: '1' });
       export const report: Promise<PerformanceReport> = monitor.performance();
       // @ts-expect-error a prediction is required
       monitor.recordPrediction({ features: { x: 1 } });`,
    );
    const tsc = join(REPOSITORY, 'node_modules/typescript/bin/tsc');
    const types = join(REPOSITORY, 'node_modules/@types');
    const flags = [
      '--noEmit',
      '--strict',
      '--module',
      'nodenext',
      '--target',
      'es2023',
      '--typeRoots',
      types,
      '--types',
      'node',
    ];
    expect(() => oldNode([tsc, ...flags, '--skipLibCheck', 'use.ts'])).not.toThrow();
  });

  test('npx plumbline demo --once runs', async () => {
    const running = start(
      'npx',
      ['plumbline', 'demo', '--once', '--json', '--rows', '3000', '--speed', '1000000', '--port', '0'],
      withOldNode,
      folder.path('.'),
    );
    const { code, stdout, stderr } = await running.ended;
    expect({ code, stderr: stderr.replace(/^npm warn.*\n/gm, '') }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '')).toMatchObject({
      event: 'report',
      rows: { replayed: 3_000 },
    });
  });
});
