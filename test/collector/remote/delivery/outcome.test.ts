/** What each answer means for the rows of a batch. */
import { retryAfter } from '../../../../collector/src/remote/delivery/backoff.ts';
import { judgeAnswer, type Answer } from '../../../../collector/src/remote/delivery/outcome.ts';

const URL = 'http://collector:8080';
const NOW = Date.UTC(2026, 0, 1);

function judge(status: number, body: unknown = '', headers: Partial<Answer> = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return judgeAnswer({ status, text, retryAfter: null, location: null, ...headers }, URL, NOW);
}

test.each([
  [200, { accepted: 2, ids: [], rejected: [] }, { result: 'taken', refused: [] }],
  [207, { accepted: 0 }, { result: 'taken', refused: [] }],
  [200, '<html>', { result: 'refused' }],
  [200, { status: 'ok' }, { result: 'refused' }],
  [204, '', { result: 'refused' }],
  [301, '', { result: 'refused' }],
  [400, { code: 'invalid_request', message: 'no' }, { result: 'lost' }],
  [400, { accepted: 0, rejected: [] }, { result: 'lost' }],
  [401, '', { result: 'refused' }],
  [403, '', { result: 'refused' }],
  [404, '', { result: 'refused' }],
  [405, '', { result: 'refused' }],
  [408, '', { result: 'retry', after: undefined }],
  [409, '', { result: 'lost' }],
  [413, '', { result: 'too_large' }],
  [415, '', { result: 'lost' }],
  [422, '', { result: 'lost' }],
  [429, '', { result: 'retry', after: undefined }],
  [500, 'oops', { result: 'retry' }],
  [503, { code: 'unavailable', message: 'disk full' }, { result: 'retry' }],
])('%s %j', (status, body, expected) => {
  expect(judge(status, body)).toMatchObject(expected);
});

test('rejected rows are summed by code, with the first message; also when all of them are', () => {
  const rejected = [
    { index: 0, code: 'invalid_prediction', message: 'row 0: missing' },
    { index: 4, code: 'invalid_prediction', message: 'row 4: missing' },
    { index: 7, code: 'duplicate_id', message: 'row 7' },
    null,
  ];
  const refused = [
    { code: 'invalid_prediction', rows: 2, message: 'row 0: missing' },
    { code: 'duplicate_id', rows: 1, message: 'row 7' },
    { code: 'undefined', rows: 1, message: 'undefined' },
  ];
  expect(judge(200, { accepted: 5, rejected })).toEqual({ result: 'taken', refused });
  expect(judge(400, { message: 'none taken', accepted: 0, rejected })).toEqual({ result: 'taken', refused });
});

test.each([
  [
    401,
    { message: 'The token is unknown.', code: 'unauthorized', help: 'Make one.' },
    /refused the token: The token is unknown/,
    'Make one.',
  ],
  [403, '', /refused the token: forbidden/, 'Give collector.token a token with the scope "ingest"'],
  [404, 'nginx', /answers 404: it is no Plumbline collector/, 'Give collector.url'],
  [503, '', /it answered 503/, 'See its log.'],
  [503, { message: 'The disk is full', code: 'unavailable', help: 'Make room.' }, /The disk is full/, 'Make room.'],
])('%s is told in words: %j', (status, body, message, help) => {
  const outcome = judge(status, body);
  if (!('error' in outcome)) throw new Error('no error');
  expect(outcome.error.message).toMatch(message);
  expect(outcome.error.message).toContain(URL);
  expect(outcome.error.help).toContain(help);
});

test('a code the client does not know does not become one of its own', () => {
  const outcome = judge(503, { code: 'toString', message: 'x' });
  expect('error' in outcome && outcome.error.code).toBe('unavailable');
});

test.each([
  [null, undefined],
  ['', undefined],
  ['soon', undefined],
  ['3', 3_000],
  [' 0 ', 0],
  ['86400', 600_000],
  ['Thu, 01 Jan 2026 00:00:07 GMT', 7_000],
  ['Wed, 31 Dec 2025 23:00:00 GMT', 0],
])('Retry-After: %j', (header, milliseconds) => {
  expect(retryAfter(header, NOW)).toBe(milliseconds);
});
