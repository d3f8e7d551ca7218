import type { Policy } from '../../../grafana-plugin/src/control-plane/types';
import {
  changeOf,
  draftOf,
  faultsOf,
  isChanged,
  type PolicyDraft,
  rebased,
} from '../../../grafana-plugin/src/pages/policy/policy-draft';
import { noRetraining } from '../support/no-retraining';

const POLICY: Policy = {
  model: 'churn',
  revision: 7,
  gates: { staging: [{ metric: 'accuracy', min: 0.85 }], production: [{ metric: 'mae', max: 5 }] },
  evidence: { windowDays: 30, minimum: 200, source: 'store' },
  thresholds: { accuracy: { critical: 0.8 } },
  // An hour: a number whose text is not the number.
  retentionDays: 1 / 24,
  labelDeadlineSeconds: 604_800,
  labelExpirySeconds: 2_592_000,
  predictCommand: ['python', 'predict.py'],
  retraining: noRetraining(),
};

const edited = (changes: Partial<PolicyDraft>): PolicyDraft => ({ ...draftOf(POLICY), ...changes });

it('changes nothing where nothing was typed', () => {
  expect(isChanged(draftOf(POLICY), POLICY)).toBe(false);
  expect(changeOf(draftOf(POLICY), POLICY)).toEqual({ revision: 7 });
});

it.each<[Partial<PolicyDraft>, object]>([
  [{ thresholds: { 'accuracy critical': '' } }, { thresholds: {} }],
  [
    { thresholds: { 'accuracy critical': '0.8', 'accuracy warning': '0.9' } },
    { thresholds: { accuracy: { critical: 0.8, warning: 0.9 } } },
  ],
  [
    { gates: { staging: [], production: [{ metric: 'r2', direction: 'min', need: '0.7' }] } },
    { gates: { staging: [], production: [{ metric: 'r2', min: 0.7 }] } },
  ],
  [
    { evidence: { windowDays: '7', minimum: '200', source: 'prometheus' } },
    { evidence: { windowDays: 7, minimum: 200, source: 'prometheus' } },
  ],
  [{ labelDeadlineHours: '24' }, { labelDeadlineSeconds: 86_400 }],
  [
    { retentionDays: '90', labelExpiryHours: '1.5' },
    { retentionDays: 90, labelExpirySeconds: 5400 },
  ],
])('%j sends %j with the revision, and nothing else', (changes, sent) => {
  expect(changeOf(edited(changes), POLICY)).toEqual({ revision: 7, ...sent });
});

it.each<[Partial<PolicyDraft>, string[]]>([
  [{}, []],
  [{ thresholds: { 'accuracy critical': 'high' } }, ['thresholds.accuracy critical']],
  [
    { gates: { staging: [{ metric: 'Accuracy!', direction: 'min', need: '' }], production: [] } },
    ['gates.staging.0.metric', 'gates.staging.0.need'],
  ],
  [{ retentionDays: '' }, ['retentionDays']],
  [
    { evidence: { windowDays: 'NaN', minimum: 'Infinity', source: 'store' } },
    ['evidence.windowDays', 'evidence.minimum'],
  ],
])('%j: faults %j', (changes, faults) => {
  expect(faultsOf(edited(changes))).toEqual(faults);
});

it('keeps what was typed over what others have changed meanwhile, field by field', () => {
  const mine = edited({ thresholds: { 'accuracy critical': '0.7' }, labelDeadlineHours: '24' });
  const theirs: Policy = {
    ...POLICY,
    revision: 8,
    retentionDays: 45,
    labelDeadlineSeconds: 3600,
    thresholds: { accuracy: { critical: 0.9 }, feature_drift: { warning: 0.2 } },
  };
  const draft = rebased(mine, POLICY, theirs);
  expect(changeOf(draft, theirs)).toEqual({
    revision: 8,
    thresholds: { accuracy: { critical: 0.7 }, feature_drift: { warning: 0.2 } },
    labelDeadlineSeconds: 86_400,
  });
  expect(rebased(draftOf(POLICY), POLICY, theirs)).toEqual(draftOf(theirs));
});
