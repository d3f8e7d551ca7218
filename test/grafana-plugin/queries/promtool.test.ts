import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { escapeLabelValue } from '../../../grafana-plugin/src/queries/promql';
import { findTool } from '../../support/tools';
import { everyExpression } from '../support/every-query';

const promtool = findTool('promtool');
if (promtool === undefined) {
  process.stderr.write('PromQL tests are skipped: no promtool found. Install it: apt-get install prometheus\n');
}
const withPromtool = promtool === undefined ? describe.skip : describe;

const ODD_NAMES = [
  'churn',
  'a"b',
  'a\\b',
  'a\\"b\\',
  'two\nlines',
  'tab\there',
  '"} or vector(1) #',
  '$version',
  '[[x]]',
  'größe',
  '%41',
];

withPromtool("Prometheus's own reading of our PromQL", () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'plumbline-promql-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** JSON is YAML, so the files need no library; a fault makes promtool exit with its reason. */
  function run(args: string[], content: object): string {
    writeFileSync(join(folder, 'file.yml'), JSON.stringify(content));
    return execFileSync(promtool ?? '', [...args, join(folder, 'file.yml')], { encoding: 'utf8' });
  }

  it.each(['5m', '1h', '24h'])('accepts every query with a window of %s', (window) => {
    const expressions = everyExpression({ model: 'a"b\\c', version: '$1' }, window);
    const rules = expressions.map((expr, index) => ({ record: `checked:${index}`, expr }));
    expect(run(['check', 'rules'], { groups: [{ name: 'plugin', rules }] })).toContain(`${rules.length} rules found`);
  });

  it('finds exactly the series whose name was escaped', () => {
    const tests = ODD_NAMES.map((name) => ({
      interval: '1m',
      // JSON's escapes are Go's, so this writes the name without the function under test.
      input_series: ODD_NAMES.map((each, index) => ({
        series: `up{model=${JSON.stringify(each)}}`,
        values: String(index),
      })),
      promql_expr_test: [
        {
          expr: `sum without (model) (up{model="${escapeLabelValue(name)}"})`,
          eval_time: '0m',
          exp_samples: [{ labels: '{}', value: ODD_NAMES.indexOf(name) }],
        },
      ],
    }));
    expect(run(['test', 'rules'], { tests })).toContain('SUCCESS');
  });
});
