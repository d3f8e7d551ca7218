/**
 * The whole road: predictions recorded in a process, scraped by a real Prometheus, turned by the provisioned rules into the
 * numbers that panels and alerts read, and these against scikit-learn's on the same rows.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DriftWindow } from '../../collector/src/index.ts';
import { endChildren, startPlumbline, type Running } from '../collector/cli/support/plumbline.ts';
import { joinedRows } from '../golden/journey/joined-rows.ts';
import { findTool } from '../support/tools.ts';
import { startPrometheus, type Prometheus } from './support/prometheus.ts';

interface Golden {
  readonly sha256: string;
  readonly rows: number;
  readonly accuracy: number;
  readonly f1_weighted: number;
  readonly precision_weighted: number;
  readonly recall_weighted: number;
  readonly f1: Readonly<Record<string, number>>;
  readonly brier: number;
  readonly log_loss: number;
}

/** Rules are evaluated when a loaded machine comes to it; what is waited for ends the waiting. */
jest.setTimeout(150_000);

const golden = JSON.parse(readFileSync(join(__dirname, '../golden/journey/golden.json'), 'utf8')) as Golden;
const binary = findTool('prometheus');
/** Replayed row at which the Victorian market joins: data row 17,424 less the 10,000 training rows. */
const VICTORIA_JOINS = 17_424 - 10_000;
const VICTORIAN = ['vicprice', 'vicdemand', 'transfer'];

test('the golden numbers are about the rows that the demo joins', async () => {
  const text = await joinedRows();
  expect(createHash('sha256').update(text).digest('hex')).toBe(golden.sha256);
});

if (!binary) {
  test.skip('needs Prometheus: apt-get install prometheus', () => undefined);
} else {
  describe('from a prediction to a recording rule', () => {
    let demo: Running;
    let prometheus: Prometheus;
    let zeros: number;
    let windows: DriftWindow[];

    beforeAll(async () => {
      // The zero hold is what shows Prometheus the zeros, although all rows are through within seconds.
      demo = startPlumbline(['demo', '--port', '0', '--speed', '100000', '--zero-hold', '4', '--json']);
      const [, target] = await demo.printed(/"url":"http:\/\/([^"]+)"/);
      prometheus = await startPrometheus(binary, target as string);
      const first = await prometheus.until('ml_outcomes_exact_total', (samples) => samples.length === 2);
      zeros = first.reduce((sum, { value }) => sum + value, 0);
      await demo.printed(/"event":"serving"/);
      await prometheus.until('sum(ml_outcomes_exact_total)', ([sample]) => sample?.value === golden.rows);
      windows = await readWindows(demo);
    }, 120_000);

    afterAll(async () => {
      demo.child.kill('SIGTERM');
      const { code } = await demo.ended;
      await prometheus.stop();
      await endChildren();
      expect(code).toBe(0);
    });

    test('the first scrape holds zeros', () => {
      expect(zeros).toBe(0);
    });

    test.each([
      ['ml:accuracy:5m', golden.accuracy],
      ['ml:f1_weighted:5m', golden.f1_weighted],
      ['ml:precision_weighted:5m', golden.precision_weighted],
      ['ml:recall_weighted:5m', golden.recall_weighted],
      ['ml:f1:5m{class="0"}', golden.f1['0'] as number],
      ['ml:f1:5m{class="1"}', golden.f1['1'] as number],
      ['ml:brier:5m', golden.brier],
      ['ml:log_loss:5m', golden.log_loss],
    ])('%s over a window that covers the replay equals scikit-learn', async (rule, expected) => {
      const [sample] = await prometheus.until(rule, ([found]) => Math.abs((found?.value ?? 2) - expected) <= 1e-9);
      expect(sample?.labels).toMatchObject({ model: 'electricity', version: '1' });
      expect(sample?.labels).not.toHaveProperty('instance');
    });

    test('accuracy is estimated without the labels of the window, from the rates that labels gave', async () => {
      // All labels are there, so the estimate is an average of what was measured: it must be the same but for cells without labels.
      const [sample] = await prometheus.until('ml:accuracy_estimated:5m', (samples) => samples.length === 1);
      expect(sample?.value).toBeGreaterThan(golden.accuracy - 0.01);
      expect(sample?.value).toBeLessThan(golden.accuracy + 0.01);
    });

    test('drift reaches the rules: the Victorian features are drifted by their binned distance too', async () => {
      const drifted = await prometheus.until('ml:feature_drifted:5m == 1', (samples) => samples.length > 0);
      expect(drifted.map(({ labels }) => labels['feature'])).toEqual(expect.arrayContaining(VICTORIAN));
    });

    test('the binned distance of the whole replay is a lower bound of the exact ones', async () => {
      // The distance is convex: that of all rows together cannot exceed the largest of their windows.
      const [vicprice] = await prometheus.until(
        'ml:feature_ks:5m{feature="vicprice"}',
        (samples) => samples.length === 1,
      );
      const exact = windows.map((window) => distanceOf(window, 'vicprice'));
      expect(vicprice?.value).toBeGreaterThan(0.05);
      expect(vicprice?.value).toBeLessThanOrEqual(Math.max(...exact));
    });

    test('the Victorian features drift in the windows after that market joins and not before', () => {
      expect(windows).toHaveLength(17);
      const before = windows.filter(({ end }) => end <= VICTORIA_JOINS);
      const after = windows.filter(({ start }) => start >= VICTORIA_JOINS);
      expect(before.length).toBeGreaterThanOrEqual(3);
      expect(after.length).toBeGreaterThanOrEqual(13);
      expect(before.flatMap(driftedFeatures)).not.toEqual(
        expect.arrayContaining([expect.stringMatching(/vic|transfer/)]),
      );
      for (const window of after) expect(driftedFeatures(window)).toEqual(expect.arrayContaining(VICTORIAN));
    });
  });
}

function driftedFeatures({ features }: DriftWindow): string[] {
  return features.filter(({ verdict }) => verdict === 'drifted').map(({ feature }) => feature);
}

function distanceOf({ features }: DriftWindow, name: string): number {
  const feature = features.find((one) => one.feature === name);
  return feature?.tests.find(({ statistic }) => statistic === 'ks')?.value ?? Number.NaN;
}

async function readWindows(demo: Running): Promise<DriftWindow[]> {
  const [text] = await demo.printed(/[^]*"event":"serving"/);
  const events = text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as { event: string });
  return events.filter(({ event }) => event === 'window') as unknown as DriftWindow[];
}
