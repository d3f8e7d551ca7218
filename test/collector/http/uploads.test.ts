/** Versions uploaded as multipart/form-data. */
import { errorBody, startApp, type TestApp } from './support/test-app.ts';

let on: TestApp;
beforeEach(async () => void (on = await startApp()));
afterEach(() => on.app.close());

const asked = (name: string) => on.calls.filter((call) => call.name === name).map(({ args }) => args);

type Part = readonly [name: string, value: string, file?: string];

describe('uploads', () => {
  const form = (...parts: readonly Part[]) => {
    const data = new FormData();
    for (const [name, value, file] of parts)
      if (file === undefined) data.append(name, value);
      else data.append(name, new Blob([value]), file);
    return fetch(`${on.url}/v1/models/churn/versions`, { method: 'POST', body: data });
  };

  test('fields and files reach the registry, files by their paths', async () => {
    const response = await form(
      ['version', '7'],
      ['description', 'seventh'],
      ['tags', '{"team":"risk"}'],
      ['metrics', '{"accuracy":0.91}'],
      ['aliases', '["best"]'],
      ['files', 'weights', 'model/weights.bin'],
      ['files', 'about', 'README.md'],
    );
    expect(response.status).toBe(201);
    expect(response.headers.get('location')).toBe('/v1/models/churn/versions/7');
    const fields = { version: '7', description: 'seventh', tags: { team: 'risk' }, metrics: { accuracy: 0.91 } };
    expect(asked('save')[0]?.slice(0, 2)).toEqual([
      { model: 'churn', ...fields, aliases: ['best'] },
      [
        { path: 'model/weights.bin', text: 'weights' },
        { path: 'README.md', text: 'about' },
      ],
    ]);
  });

  test.each([
    ['no file', [['version', '7']], 'holds no file'],
    [
      'an unknown field',
      [
        ['vresion', '7'],
        ['files', 'x', 'a'],
      ],
      '"vresion" is not known',
    ],
    [
      'a field twice',
      [
        ['version', '7'],
        ['version', '8'],
        ['files', 'x', 'a'],
      ],
      'version: stands there twice',
    ],
    [
      'a structure that is no JSON',
      [
        ['tags', 'team=risk'],
        ['files', 'x', 'a'],
      ],
      'tags: is no JSON',
    ],
    [
      'a structure of the wrong kind',
      [
        ['tags', '[]'],
        ['files', 'x', 'a'],
      ],
      'body.tags: must be object',
    ],
    [
      'a field after a file',
      [
        ['files', 'x', 'a'],
        ['version', '7'],
      ],
      'version: a field comes after a file',
    ],
  ] as const)('an upload with %s is 400', async (_name, parts, message) => {
    const response = await form(...(parts as unknown as Part[]));
    const answer = (await response.json()) as { message: string };
    expect([response.status, answer]).toEqual([400, errorBody('invalid_request')]);
    expect(answer.message).toContain(message);
  });

  test('a file beyond the limit is 413', async () => {
    const response = await form(['files', 'x'.repeat(1_000_001), 'a']);
    expect([response.status, await response.json()]).toEqual([413, errorBody('too_large')]);
  });

  test('a refusal is heard by who is still sending', async () => {
    const large = 'x'.repeat(30 * 2 ** 20);
    const unknown = await form(['vresion', '7'], ['files', large, 'a']);
    expect([unknown.status, unknown.headers.get('connection')]).toEqual([400, 'keep-alive']);
    expect(await unknown.json()).toEqual(errorBody('invalid_request'));
    const twice = await form(['version', '7'], ['version', '8'], ['files', large, 'a']);
    expect([twice.status, twice.headers.get('connection')]).toEqual([400, 'keep-alive']);
    expect((await form(['version', '7'], ['files', large, 'a'], ['files', large, 'b'])).status).toBe(413);
  });

  test('the same upload under the same key is saved once', async () => {
    const upload = () => {
      const data = new FormData();
      data.append('files', new Blob(['x']), 'a');
      return fetch(`${on.url}/v1/models/churn/versions`, {
        method: 'POST',
        body: data,
        headers: { 'idempotency-key': 'u' },
      });
    };
    expect([(await upload()).status, (await upload()).status]).toEqual([201, 201]);
    expect(asked('save')).toHaveLength(1);
  });
});
