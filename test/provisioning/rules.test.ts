/** The recording rules, as Prometheus itself reads and computes them. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync, mkdirSync, cpSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { ruleFiles } from '../../provisioning/stack/write-rules.ts';
import { findTool } from '../support/tools.ts';
import { PROVISIONING } from './support/files.ts';

const RULES = join(PROVISIONING, 'prometheus/rules');
const UNIT_TESTS = join(PROVISIONING, '../test/provisioning/rules');

const promtool = findTool('promtool');
if (promtool === undefined) {
  process.stderr.write('Rule tests are skipped: no promtool found. Install it: apt-get install prometheus\n');
}
const withPromtool = promtool === undefined ? describe.skip : describe;

/** What promtool says; an exit code other than 0 throws with its words. */
function run(...args: string[]): string {
  return execFileSync(promtool ?? '', args, { encoding: 'utf8', stdio: 'pipe' });
}

describe('the committed rules', () => {
  it('are what their templates give', () => {
    for (const [name, text] of ruleFiles()) {
      expect({ name, text: readFileSync(join(RULES, name), 'utf8') }).toEqual({ name, text });
    }
  });

  it('are the generated ones and the three written by hand, no leftovers', () => {
    expect(readdirSync(RULES).sort()).toEqual(
      [...ruleFiles().keys(), 'calibration.yml', 'references.yml', 'thresholds.yml'].sort(),
    );
  });

  it('never rest on labels that depend on where a process runs', () => {
    for (const name of readdirSync(RULES)) {
      const { groups } = parse(readFileSync(join(RULES, name), 'utf8')) as { groups: { rules: { expr: string }[] }[] };
      for (const { expr } of groups.flatMap(({ rules }) => rules)) {
        expect(expr).not.toMatch(/\b(instance|job|otel_scope_\w+)\b|\bwithout\b/);
      }
    }
  });
});

withPromtool('promtool', () => {
  it('accepts the configuration and every rule', () => {
    const folder = mkdtempSync(join(tmpdir(), 'plumbline-prometheus-'));
    try {
      cpSync(join(PROVISIONING, 'prometheus'), folder, { recursive: true });
      mkdirSync(join(folder, 'targets'));
      writeFileSync(join(folder, 'targets/collector.json'), '[{"targets":["127.0.0.1:8080"]}]');
      const words = run('check', 'config', join(folder, 'prometheus.yml'));
      expect(words).toContain('is valid prometheus config file syntax');
      expect(words).toContain(`${ruleFiles().size + 3} rule files found`);
      expect(words).not.toMatch(/WARNING|FAILED/);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it.each(readdirSync(UNIT_TESTS))('computes %s', (file) => {
    expect(run('test', 'rules', join(UNIT_TESTS, file))).toContain('SUCCESS');
  });
});
