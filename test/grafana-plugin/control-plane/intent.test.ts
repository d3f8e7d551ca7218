import { webcrypto } from 'node:crypto';
import { Intent } from '../../../grafana-plugin/src/control-plane/intent';
import { Problem } from '../../../grafana-plugin/src/control-plane/problem';

beforeAll(() => Object.defineProperty(globalThis, 'crypto', { value: webcrypto, configurable: true }));

const BODY = { to: 'staging', reason: 'good' };

it('sends the same key again while nobody knows whether the first attempt arrived', () => {
  const intent = new Intent();
  const first = intent.keyFor(BODY);
  expect(first).toMatch(/^[0-9a-f]{32}$/);
  for (const kind of ['timeout', 'unreachable', 'failed'] as const) {
    intent.ended(new Problem(kind, ''));
    expect(intent.keyFor(BODY)).toBe(first);
  }
});

it.each([
  ['it was done', undefined],
  ['it was refused', new Problem('refused', '', { code: 'gate_not_met' })],
])('takes a new key once %s', (_when, error) => {
  const intent = new Intent();
  const first = intent.keyFor(BODY);
  intent.ended(error);
  expect(intent.keyFor(BODY)).not.toBe(first);
});

it('takes a new key when something else is meant', () => {
  const intent = new Intent();
  const first = intent.keyFor(BODY);
  intent.ended(new Problem('timeout', ''));
  expect(intent.keyFor({ ...BODY, reason: 'very good' })).not.toBe(first);
});
