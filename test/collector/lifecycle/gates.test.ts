/** Each gate against each kind of evidence: what is met, and the sentence when it is not. */
import { evidenceOf, type Evidence, type LiveEvidence } from '../../../collector/src/lifecycle/evidence.ts';
import { judgeGate, type GateContext } from '../../../collector/src/lifecycle/gates.ts';
import type { Gate } from '../../../collector/src/lifecycle/lifecycle.ts';
import { checkPolicy, DEFAULT_POLICY, mergePolicy, policyOf } from '../../../collector/src/lifecycle/policy.ts';
import { QUIET, traffic } from '../registry/support/control.ts';

const CONTEXT: GateContext = { minimum: 200, windowDays: 30, task: 'classification' };
const live = (evidence: LiveEvidence) => evidenceOf(evidence, 'live', {});
const ACCURACY: Gate = { metric: 'accuracy', min: 0.9 };
const STABILITY: Gate = { metric: 'stability', min: 0.95 };
const judge = (gate: Gate, evidence: Evidence, context = CONTEXT) => {
  const { met, why, value, n, source } = judgeGate(gate, evidence, context);
  return [met, value, n, source, why];
};

test.each<[what: string, gate: Gate, evidence: Evidence, expected: unknown[]]>([
  ['exactly the need is enough', ACCURACY, live(traffic(0.9)), [true, 0.9, 200, 'live', null]],
  ['one less is not', ACCURACY, live(traffic(0.895)), [false, 0.895, 200, 'live', '0.895 is below 0.9.']],
  [
    'too few labels',
    ACCURACY,
    live({ labeled: 199, metrics: { accuracy: { value: 1, n: 199 } }, windows: [] }),
    [false, 1, 199, 'live', 'It rests on 199 labelled rows; 200 are needed.'],
  ],
  [
    'traffic of shadows alone is named so',
    ACCURACY,
    live({ ...traffic(0.95), isShadow: true }),
    [true, 0.95, 200, 'shadow', null],
  ],
  ['steady', STABILITY, live(traffic(0.9, 0.9, 0.9, 0.9, 0.9)), [true, 1, 1000, 'live', null]],
  [
    'four windows',
    STABILITY,
    live(traffic(0.9, 0.9, 0.9, 0.9)),
    [false, null, 800, 'live', 'There are 4 windows of 200 labels in 30 days; it takes 5.'],
  ],
  [
    'unsteady',
    STABILITY,
    live(traffic(1, 0.8, 1, 0.8, 1)),
    [false, expect.closeTo(0.8809), 1000, 'live', '0.88093 is below 0.95.'],
  ],
  [
    'no evidence of any kind',
    ACCURACY,
    live(QUIET),
    [
      ...[false, null, 0, null],
      'No labelled traffic in 30 days, and the version was saved without the metric "accuracy" (and "n").',
    ],
  ],
  [
    'validation metrics',
    ACCURACY,
    evidenceOf(QUIET, 'live', { accuracy: 0.95, n: 300 }),
    [true, 0.95, 300, 'validation', null],
  ],
  [
    'validated stability takes five windows of rows',
    STABILITY,
    evidenceOf(QUIET, 'live', { stability: 0.99, n: 999 }),
    [false, 0.99, 999, 'validation', 'It rests on 999 labelled rows; 1000 are needed.'],
  ],
  [
    'an error from above',
    { metric: 'mae', max: 2 },
    live({ labeled: 500, metrics: { mae: { value: 2, n: 500 } }, windows: [] }),
    [true, 2, 500, 'live', null],
  ],
  [
    'what live traffic does not measure',
    { metric: 'roc_auc', min: 0.8 },
    live(traffic(0.9)),
    [false, null, 0, null, 'Live traffic gives no "roc_auc".'],
  ],
  [
    'a value that is not there on enough rows',
    ACCURACY,
    live({ labeled: 500, metrics: { accuracy: { value: null, n: 500 } }, windows: [] }),
    [false, null, 500, 'live', 'It has no value on these 500 rows.'],
  ],
  [
    'not a number is never enough',
    ACCURACY,
    live({ labeled: 500, metrics: { accuracy: { value: Number.NaN, n: 500 } }, windows: [] }),
    [false, Number.NaN, 500, 'live', 'NaN is below 0.9.'],
  ],
])('%s', (_what, gate, evidence, expected) => {
  expect(judge(gate, evidence)).toEqual(expected);
});

test('a regression is told which gates to set', () => {
  const evidence = live({ labeled: 500, metrics: { mae: { value: 2, n: 500 } }, windows: [] });
  const [met, , , , why] = judge(ACCURACY, evidence, { ...CONTEXT, task: 'regression' });
  expect([met, why]).toEqual([false, expect.stringContaining('set gates of r2, mae or rmse')]);
});

test('evidence of a Prometheus says so', () => {
  expect(evidenceOf(traffic(0.9), 'prometheus', {}).source).toBe('prometheus');
});

describe('policies', () => {
  test('the defaults pass their own check and are those of the design', () => {
    expect(checkPolicy(DEFAULT_POLICY)).toBe(DEFAULT_POLICY);
    expect(DEFAULT_POLICY.gates).toEqual({
      staging: [{ metric: 'accuracy', min: 0.85 }],
      production: [
        { metric: 'accuracy', min: 0.9 },
        { metric: 'stability', min: 0.95 },
      ],
    });
  });

  test('what is named is replaced, of gates and evidence each part by itself', () => {
    const changed = mergePolicy({}, { gates: { staging: [], production: [] }, retentionDays: 10 });
    const again = mergePolicy(changed, { evidence: { windowDays: 7, minimum: 200, source: 'store' } });
    expect(policyOf(again)).toEqual({
      ...DEFAULT_POLICY,
      gates: { staging: [], production: [] },
      retentionDays: 10,
      evidence: { ...DEFAULT_POLICY.evidence, windowDays: 7 },
    });
  });

  test.each([
    ['gates.staging[0].metric', { gates: { staging: [{ metric: 'A b', min: 1 }], production: [] } }],
    ['gates.staging[0]', { gates: { staging: [{ metric: 'mae' }], production: [] } }],
    ['gates.staging[0]', { gates: { staging: [{ metric: 'mae', min: 1, max: 2 }], production: [] } }],
    ['gates.production[0].min', { gates: { staging: [], production: [{ metric: 'mae', min: Number.NaN }] } }],
    ['gated twice', { gates: { staging: [ACCURACY, ACCURACY], production: [] } }],
    ['evidence.windowDays', { evidence: { windowDays: 0, minimum: 1, source: 'store' } }],
    ['evidence.minimum', { evidence: { windowDays: 1, minimum: 1.5, source: 'store' } }],
    ['evidence.source', { evidence: { windowDays: 1, minimum: 1, source: 'elsewhere' } }],
    ['thresholds.nonsense', { thresholds: { nonsense: { critical: 1 } } }],
    ['thresholds.accuracy.fatal', { thresholds: { accuracy: { fatal: 1 } } }],
    ['thresholds.accuracy.critical', { thresholds: { accuracy: { critical: -1 } } }],
    ['retentionDays', { retentionDays: Number.POSITIVE_INFINITY }],
    ['labelExpirySeconds', { labelDeadlineSeconds: 100, labelExpirySeconds: 50 }],
    ['predictCommand', { predictCommand: [] }],
    ['predictCommand[1]', { predictCommand: ['python', 'a\u0000'] }],
    ['unknown', { unknown: 1 }],
  ])('a bad %s is named', (field, changes) => {
    const policy = policyOf(changes as Parameters<typeof policyOf>[0]);
    expect(() => checkPolicy(policy)).toThrow(
      expect.objectContaining({ code: 'invalid_request', message: expect.stringContaining(field) }),
    );
  });
});
