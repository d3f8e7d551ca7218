/** Bodies: JSON, NDJSON, columns, gzip; too many rows, too large, bombs. */
import { gzipSync } from 'node:zlib';
import { PlumblineError } from '../../../collector/src/errors.ts';
import { errorBody, startApp, type TestApp } from './support/test-app.ts';

const MIB = 1024 * 1024;

let on: TestApp;
afterEach(() => on.app.close());

const post = (body: string | Uint8Array, headers: Record<string, string> = {}, path = '/v1/predictions') =>
  fetch(`${on.url}${path}`, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });
const ndjson = { 'content-type': 'application/x-ndjson' };
const gzip = { 'content-encoding': 'gzip' };
const row = (id: string) => JSON.stringify({ model: 'm', version: '1', id, prediction: 'a' });

describe('rows', () => {
  beforeEach(async () => void (on = await startApp()));

  test('one object, a list, and lines are the same to ingest', async () => {
    for (const [body, headers] of [
      [row('a'), {}],
      [`[${row('a')}]`, {}],
      [`${row('a')}\n`, ndjson],
      [`\n${row('a')}\r\n\r\n`, ndjson],
      [row('a'), { 'content-type': 'application/json; charset=utf-8' }],
    ] as const) {
      const response = await post(body, headers);
      expect(await response.json()).toEqual({ accepted: 1, ids: ['a'], rejected: [] });
      expect(on.ingest.batches.at(-1)).toEqual([JSON.parse(row('a'))]);
    }
  });

  test('columns say every name once', async () => {
    const columns = { id: ['a', 'b'], prediction: ['x', 'y'], features: { age: [1, null] } };
    const response = await post(
      JSON.stringify({ model: 'm', version: '1', columns, nulls: { features: { age: [1] } } }),
    );
    expect(await response.json()).toEqual({ accepted: 2, ids: ['a', 'b'], rejected: [] });
    expect(on.ingest.batches.at(-1)).toEqual([
      { model: 'm', version: '1', id: 'a', prediction: 'x', features: { age: 1 } },
      { model: 'm', version: '1', id: 'b', prediction: 'y', features: { age: null } },
    ]);
    const uneven = await post(JSON.stringify({ model: 'm', columns: { id: ['a', 'b'], prediction: ['x'] } }));
    expect([uneven.status, await uneven.json()]).toEqual([400, expect.objectContaining({ code: 'invalid_request' })]);
    const many = await post(JSON.stringify({ columns: { id: Array.from({ length: 5001 }, () => 'a') } }));
    expect(many.status).toBe(413);
  });

  test('a bad row does not lose the good ones; a line that is no JSON is named as one', async () => {
    const response = await post(`${row('a')}\n{"id": \n${row('b')}\nnull\n`, ndjson);
    expect([response.status, await response.json()]).toEqual([
      200,
      {
        ...{ accepted: 2, ids: ['a', 'b'] },
        rejected: [
          { index: 1, code: 'invalid_json', message: expect.stringContaining('The line is not valid JSON') },
          { index: 3, code: 'invalid_row', message: 'id: is missing.' },
        ],
      },
    ]);
  });

  test('who does not want the ids does not get them', async () => {
    const response = await post(row('a'), { prefer: 'respond-async, return=minimal' });
    expect(await response.json()).toEqual({ accepted: 1, rejected: [] });
    expect(response.headers.get('preference-applied')).toBe('return=minimal');
  });

  test('when none is taken it is 400, with the list', async () => {
    const response = await post('[{}, 3]');
    expect([response.status, await response.json()]).toEqual([
      400,
      {
        ...{ ...errorBody('invalid_request'), accepted: 0, ids: [] },
        rejected: [expect.objectContaining({ index: 0 }), expect.objectContaining({ index: 1 })],
      },
    ]);
  });

  test('an empty list is taken; no body, and a body that is no row, are not', async () => {
    expect(await (await post('[]')).json()).toEqual({ accepted: 0, ids: [], rejected: [] });
    for (const body of ['', '3', '"text"', 'null', 'true', '{', 'not json'])
      expect([body, (await post(body)).status]).toEqual([body, 400]);
  });

  test('text that is not UTF-8, and keys that change an object, are refused', async () => {
    expect((await post(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]))).status).toBe(400);
    expect((await post(Buffer.from([0x7b, 0x22, 0xff]), ndjson)).status).toBe(400);
    expect((await post('[{"id": "a", "__proto__": {"x": 1}}]')).status).toBe(400);
    const lines = await post(`{"id": "a", "\\u005f_proto__": {}}\n${row('b')}`, ndjson);
    expect(await lines.json()).toMatchObject({ accepted: 1, rejected: [{ index: 0, code: 'invalid_json' }] });
  });

  test.each(['text/plain', 'application/xml', 'multipart/form-data; boundary=x', 'nonsense'])(
    'content type %s is 415',
    async (type) => {
      const response = await post('x', { 'content-type': type });
      expect([response.status, await response.json()]).toEqual([415, errorBody('unsupported_media_type')]);
    },
  );

  test('5,000 rows are taken, 5,001 are not, in any form', async () => {
    const rows = (count: number) => Array.from({ length: count }, () => '{"id":"a"}');
    expect((await post(`[${rows(5000).join()}]`)).status).toBe(200);
    expect((await post(rows(5000).join('\n'), ndjson)).status).toBe(200);
    for (const response of [await post(`[${rows(5001).join()}]`), await post(rows(5001).join('\n'), ndjson)])
      expect([response.status, await response.json()]).toEqual([413, errorBody('too_large')]);
    expect(on.ingest.batches.map(({ length }) => length)).toEqual([5000, 5000]);
  });

  test('a store that is away is 503 with a time to come back', async () => {
    on.ingest.fails = new PlumblineError('unavailable', 'The disk is full.', 'Nothing was taken.');
    const response = await post(row('a'));
    expect([response.status, await response.json()]).toEqual([503, errorBody('unavailable')]);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
  });
});

describe('gzip', () => {
  beforeEach(async () => void (on = await startApp()));

  test('is inflated, also where it comes in several members', async () => {
    const whole = gzipSync(`[${row('a')}]`);
    expect(await (await post(whole, gzip)).json()).toMatchObject({ ids: ['a'] });
    const parts = Buffer.concat([gzipSync(`${row('a')}\n`), gzipSync(row('b'))]);
    expect(await (await post(parts, { ...gzip, ...ndjson })).json()).toMatchObject({ ids: ['a', 'b'] });
  });

  test('a bomb is refused as soon as it is too large, and the service lives on', async () => {
    const bomb = gzipSync(Buffer.alloc(200 * MIB, ' '));
    expect(bomb.length).toBeLessThan(MIB);
    for (const headers of [gzip, { ...gzip, ...ndjson }]) {
      const response = await post(bomb, headers);
      expect([response.status, await response.json()]).toEqual([413, errorBody('too_large')]);
    }
    expect((await post(row('a'))).status).toBe(200);
  });

  test.each([
    ['plain text that says it is gzip', Buffer.from('[]')],
    ['gzip that was cut off', gzipSync(`[${row('a')}]`).subarray(0, 30)],
  ])('%s is 400', async (_name, body) => {
    const response = await post(body, gzip);
    expect([response.status, await response.json()]).toEqual([400, errorBody('invalid_request')]);
  });

  test('other encodings are 415', async () => {
    expect((await post('x', { 'content-encoding': 'br' })).status).toBe(415);
    expect((await post(gzipSync(gzipSync('[]')), { 'content-encoding': 'gzip, gzip' })).status).toBe(415);
  });
});

describe('size', () => {
  beforeEach(async () => void (on = await startApp()));

  test('8 MiB are taken, a byte more is not, announced or not', async () => {
    const text = (bytes: number) => `"${'x'.repeat(bytes - 2)}"`;
    expect((await post(text(8 * MIB))).status).toBe(400); // taken in, and no row
    const announced = await post(text(8 * MIB + 1));
    expect([announced.status, await announced.json()]).toEqual([413, errorBody('too_large')]);
    const chunks = async function* () {
      for (let sent = 0; sent < 9; sent++) yield Buffer.alloc(MIB, ' ');
    };
    const init = { method: 'POST', body: chunks(), duplex: 'half', headers: { 'content-type': 'application/json' } };
    const streamed = await fetch(`${on.url}/v1/predictions`, init as unknown as RequestInit);
    expect([streamed.status, await streamed.json()]).toEqual([413, errorBody('too_large')]);
  });

  test('operator routes have the same bound', async () => {
    const body = JSON.stringify({ description: 'x'.repeat(9 * MIB) });
    expect((await on.send('PUT', '/v1/models/churn', body)).status).toBe(413);
  });
});
