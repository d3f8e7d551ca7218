/** Every option that cannot be used is refused with its name and what to do instead. */
import { profileReference } from '../../../collector/src/distribution/profile.ts';
import { PlumblineError } from '../../../collector/src/errors.ts';
import { resolveOptions, type MonitorOptions } from '../../../collector/src/monitor/options.ts';
import { untyped } from '../support/core.ts';

function refusal(options: unknown): PlumblineError {
  try {
    resolveOptions(untyped<MonitorOptions>(options));
  } catch (error) {
    if (error instanceof PlumblineError) return error;
    throw error;
  }
  throw new Error('was accepted');
}

const good = { model: 'churn', version: '1' };
const bad: [field: string, options: Record<string, unknown>][] = [
  ['model', { model: undefined }],
  ['model', { model: '' }],
  ['model', { model: '-x' }],
  ['model', { model: 'a..b' }],
  ['model', { model: 'a/b' }],
  ['model', { model: 'a\n' }],
  ['model', { model: 'x'.repeat(129) }],
  ['model', { model: 5n }],
  ['version', { version: 1 }],
  ['version', { version: '1 2' }],
  ['classes', { classes: 'ab' }],
  ['classes', { classes: [] }],
  ['classes', { classes: ['a'] }],
  ['classes', { classes: ['a', 'b', 'a'] }],
  ['classes', { classes: [1, '1'] }],
  ['classes', { classes: ['a', '__other__'] }],
  ['classes', { classes: Array.from({ length: 1_001 }, (_, index) => index) }],
  ['classes[1]', { classes: ['a', {}] }],
  ['classes[1]', { classes: ['a', 'b'.repeat(257)] }],
  ['positiveClass', { classes: ['a', 'b'], positiveClass: 'c' }],
  ['features', { features: [] }],
  ['features.age', { features: { age: null } }],
  ['features.age', { features: { age: { min: 2, max: 1 } } }],
  ['features.age', { features: { age: { min: Number.NaN } } }],
  ['digest', { digest: 7 }],
  ['digest', { digest: 'f'.repeat(257) }],
  ['window', { window: 9 }],
  ['window', { window: 1.5 }],
  ['window', { window: 1_000_001 }],
  ['window', { window: Symbol('w') }],
  ['windowSeconds', { windowSeconds: 0 }],
  ['windowSeconds', { windowSeconds: Number.NaN }],
  ['history', { history: -1 }],
  ['history', { history: 1_001 }],
  ['segments', { segments: 'web' }],
  ['segments', { segments: ['web', 'web'] }],
  ['segments', { segments: [''] }],
  ['segments', { segments: [7] }],
  ['segments', { segments: Array.from({ length: 101 }, (_, index) => `s${index}`) }],
  ['detectors', { detectors: ['eddm'] }],
  ['detectors', { detectors: ['adwin', 'adwin'] }],
  ['values', { values: { a: { a: 1 } } }],
  ['values.a.b', { classes: ['a', 'b'], values: { a: { a: 1 }, b: { a: 0, b: 1 } } }],
  ['values.b.a', { classes: ['a', 'b'], values: { a: { a: 1, b: 0 } } }],
  ['values.b.b', { classes: ['a', 'b'], values: { a: { a: 1, b: 0 }, b: { a: 0, b: Number.NaN } } }],
  ['drift.threshold', { drift: { threshold: -0.1 } }],
  ['drift.threshold', { drift: { threshold: 1 } }],
  ['drift.threshold', { drift: { threshold: Number.NaN } }],
  ['drift.alpha', { drift: { alpha: 0 } }],
  ['drift.minimum', { drift: { minimum: 1 } }],
  ['capacity', { capacity: 0 }],
  ['capacity', { capacity: 10_000_001 }],
  ['maxAgeSeconds', { maxAgeSeconds: -1 }],
  ['maxAgeSeconds', { maxAgeSeconds: Number.POSITIVE_INFINITY }],
  ['labelDeadlineSeconds', { labelDeadlineSeconds: Number.NaN }],
  ['seriesLimit', { seriesLimit: 99 }],
  ['zeroHoldSeconds', { zeroHoldSeconds: -1 }],
];

test.each(bad)('%s: %p', (field, options) => {
  const error = refusal({ ...good, ...options });
  expect(error.code).toBe('invalid_configuration');
  expect(error.message.startsWith(`${field}: `)).toBe(true);
  expect(error.help).toMatch(/\w{3,}/);
});

test.each([undefined, null, 'churn', 7, []])('no options at all: %p', (options) => {
  expect(refusal(options)).toMatchObject({ code: 'invalid_configuration', message: 'options: expected an object' });
});

test('a reference that was changed by hand is refused', () => {
  const reference = profileReference([{ age: 1 }, { age: 2 }]);
  expect(refusal({ ...good, reference: { ...reference, rows: 3 } })).toMatchObject({ code: 'invalid_reference' });
  expect(refusal({ ...good, reference: {} })).toMatchObject({ code: 'invalid_reference' });
  expect(resolveOptions({ ...good, reference }).reference).toBe(reference);
});

test('defaults are those the documentation names', () => {
  expect(resolveOptions(good)).toEqual({
    ...good,
    task: 'classification',
    exact: true,
    classes: undefined,
    positiveClass: undefined,
    features: new Map(),
    reference: undefined,
    digest: '',
    window: 5_000,
    windowDuration: Number.POSITIVE_INFINITY,
    history: 24,
    segments: [],
    detectors: ['adwin'],
    values: undefined,
    policy: { threshold: 0.05, alpha: 0.01, minimum: 100, nullCalibration: true, seed: 1 },
    capacity: 500_000,
    maxAge: 30 * 86_400_000,
    deadline: 7 * 86_400_000,
    seriesLimit: 10_000,
    zeroHold: 15_000,
  });
});
