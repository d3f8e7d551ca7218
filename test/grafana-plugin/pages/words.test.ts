import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { actionName, actionOptions } from '../../../grafana-plugin/src/pages/activity/audit-action';
import { runbookOf, runbooks } from '../../../grafana-plugin/src/pages/runbooks/runbooks';
import { metricsFault } from '../../../grafana-plugin/src/pages/versions/metrics-field';

const ROOT = resolve(__dirname, '../../..');

it('every action the collector writes down about a model has a name', () => {
  const source = readFileSync(resolve(ROOT, 'collector/src/audit/audit-event.ts'), 'utf8');
  const actions = [...source.matchAll(/^ {2}\| '([\w.]+)'/gm)].map(([, name = '']) => name);
  const ofModels = actions.filter((name) => !name.startsWith('token.'));
  expect(ofModels.length).toBeGreaterThan(10);
  for (const action of ofModels) {
    expect(actionName(action)).not.toBe(action);
  }
  expect(actionOptions().map(({ value }) => value)).toEqual(['', ...ofModels]);
  expect(actionName('something.new')).toBe('something.new');
});

it('every provisioned rule has a runbook, and no runbook is of a rule that is not there', () => {
  const rules = ['accuracy', 'f1', 'feature-drift', 'prediction-shift'].map((file) => {
    const text = readFileSync(resolve(ROOT, `provisioning/alerting/${file}.yaml`), 'utf8');
    return /^ +- uid: (\w+)$/m.exec(text)?.[1];
  });
  expect(
    runbooks()
      .map(({ rule }) => rule)
      .sort(),
  ).toEqual(rules.sort());
  expect(runbookOf('nope')).toBeUndefined();
});

it.each([
  ['', true],
  ['{"accuracy": 0.9, "n": 100}', true],
  ['{}', true],
  ['accuracy 0.9', false],
  ['[0.9]', false],
  ['{"accuracy": "0.9"}', false],
  ['null', false],
])('metrics typed as %j can be sent: %s', (text, may) => {
  expect(metricsFault(text) === undefined).toBe(may);
});
