import { Problem, problemFrom, problemOf } from '../../../grafana-plugin/src/control-plane/problem';
import { problemText } from '../../../grafana-plugin/src/pages/shared/problem-text';

/** As they were recorded from Grafana 12.4.0 and the collector. */
const RECORDED = [
  ['disabled', 404, { message: 'Plugin is not enabled' }],
  ['disabled', 404, { message: 'plugin route match not found' }],
  ['forbidden', 403, { message: 'plugin proxy route access denied' }],
  ['signed-out', 401, { message: 'Unauthorized' }],
  ['unreachable', 502, ''],
  ['timeout', 504, ''],
  ['version', 404, '<html>Not Found</html>'],
  ['failed', 500, '<html>'],
  [
    'token',
    403,
    { code: 'token_refused', message: 'The token is not known, or was revoked.', help: 'Set the tokens.' },
  ],
  ['scope', 403, { code: 'forbidden', message: 'This needs a token with the scope operate.', help: 'Use another.' }],
  ['identity', 403, { code: 'identity_invalid', message: 'Expired.', help: 'Reload.' }],
  ['identity', 403, { code: 'identity_required', message: 'No identity.', help: 'Send it.' }],
  ['refused', 404, { code: 'not_found', message: 'There is no model "x".', help: 'See /v1/models.' }],
  ['refused', 409, { code: 'gate_not_met', message: 'A gate is not met.', help: 'See gates.', gates: [] }],
  ['failed', 503, { code: 'unavailable', message: 'The store cannot be written.', help: 'Try again.' }],
] as const;

it.each(RECORDED)('%s: %i %j', (kind, status, body) => {
  const problem = problemOf({ status, body });
  expect(problem.kind).toBe(kind);
  const said = typeof body === 'object' ? body : undefined;
  expect(problem.message).toBe(said?.message ?? '');
  expect(problem.details.help).toBe(said && 'help' in said ? said.help : undefined);
});

it('every kind has a title and says what to do', () => {
  const texts = new Set(RECORDED.map(([, status, body]) => problemText(problemOf({ status, body })).title));
  expect(texts.size).toBe(new Set(RECORDED.map(([kind]) => kind)).size);
  for (const [, status, body] of RECORDED) {
    expect(problemText(problemOf({ status, body })).help).toMatch(/\w/);
  }
});

it('the collector’s own help comes first', () => {
  const help = 'See gates.';
  expect(problemText(new Problem('refused', 'No.', { help })).help).toBe(help);
});

it('only an answer makes it certain that nothing was changed', () => {
  const certain = RECORDED.map(([, status, body]) => problemOf({ status, body })).filter(({ isCertain }) => isCertain);
  expect(new Set(certain.map(({ kind }) => kind))).toEqual(
    new Set(['disabled', 'forbidden', 'signed-out', 'token', 'scope', 'identity', 'refused']),
  );
});

it('reads what Grafana’s fetch throws, and what else may be thrown', () => {
  expect(problemFrom({ status: 502, statusText: 'Bad Gateway', data: '', config: { url: '' } }).kind).toBe(
    'unreachable',
  );
  expect(problemFrom(new TypeError('Failed to fetch'))).toMatchObject({
    kind: 'unreachable',
    message: 'Failed to fetch',
  });
  const own = new Problem('timeout', '');
  expect(problemFrom(own)).toBe(own);
});
