/** The examples of the collector's README, run; and what it names as exports, there. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as sdk from '../../collector/src/index.ts';
import { endChildren, REPOSITORY } from '../collector/cli/support/plumbline.ts';
import { codeBlocks, runExample } from './support/documents.ts';

afterAll(endChildren);

test('the measures by themselves run as they stand, with the answers beside them', async () => {
  const measures = codeBlocks('collector/README.md', 'js').find((block) => block.includes('judgeWindow('));
  const { code, stdout, stderr } = await runExample(measures as string);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/value: 0,\s+n: 10,\s+low: 0,\s+high: 0\.2775/);
  expect(stdout).toMatch(/drifted \{\s+statistic: 'wasserstein',\s+value: 0\.7\d+,\s+distance: 0\.(?:5|49999)/);
  expect(stdout.trimEnd().endsWith('drifted')).toBe(true);
});

test('the comparison of arms runs as it stands, with its verdict', async () => {
  const comparison = codeBlocks('collector/README.md', 'js').find((block) => block.includes('compareArms('));
  const { code, stdout, stderr } = await runExample(comparison as string);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/verdict: 'winner',\s+winner: '2',\s+reason: '2 is better than 1: /);
});

test('the chapter names every measure that is exported, and none that is not', () => {
  const readme = readFileSync(join(REPOSITORY, 'collector/README.md'), 'utf8');
  const chapter = /### Measures by themselves\n[^]*?\n### /.exec(readme)?.[0] ?? '';
  const rows = chapter.split('\n').filter((line) => line.startsWith('| '));
  const named = rows.flatMap((line) => Array.from(line.matchAll(/`([a-zA-Z]{5,})[`(]/g), ([, name]) => name as string));
  const others = ['METRICS', 'MonitorMetricProducer', 'PlumblineError', 'logitScoreEdges', 'prometheusName'];
  others.push('readReferenceFile', 'writeReferenceFile', 'startMetricExport', 'createMonitor', 'profileReference');
  others.push('parseReference', 'merge', 'exports', 'hashFeature', 'materialise', 'createRouter', 'plumblineProvider');
  const measures = Object.keys(sdk).filter((name) => !others.includes(name));
  expect([...new Set(named.filter((name) => !others.includes(name)))].sort()).toEqual(measures.sort());
});
