/** Grafana's signed identity, with real ES256 keys and a Grafana on loopback that publishes them. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';
import { createGrafanaIdentity } from '../../../collector/src/outbound/grafana-identity.ts';
import { fakeTokens } from './support/fakes.ts';
import { errorBody, startApp, type TestApp } from './support/test-app.ts';

interface Key {
  readonly id: string;
  readonly secret: CryptoKey;
  readonly open: JWK;
}

/** What a running Grafana 12.4 puts into its identities. */
const CLAIMS = {
  ...{ username: 'grace', email: 'grace@example.org', name: 'Grace', role: 'Editor', type: 'user' },
  ...{ identifier: 'u000001', namespace: 'default', authenticatedBy: 'password' },
};

let grafana: Server;
let url: string;
let published: JWK[];
let fetches: number;
let status: number;
let on: TestApp;
let keys: Key[];

beforeAll(async () => {
  keys = await Promise.all(['k1', 'k2'].map((id) => newKey(id)));
});
beforeEach(async () => {
  published = [keys[0]?.open as JWK];
  fetches = 0;
  status = 200;
  grafana = createServer((request, response) => {
    if (request.url !== '/api/signing-keys/keys') return void response.writeHead(404).end();
    fetches++;
    return void response
      .writeHead(status, { 'content-type': 'application/json' })
      .end(JSON.stringify({ keys: published }));
  });
  await new Promise<void>((resolve) => grafana.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(grafana.address() as AddressInfo).port}`;
});
afterEach(async () => {
  await on.app.close();
  grafana.closeAllConnections();
  await new Promise((resolve) => grafana.close(resolve));
});

async function newKey(id: string, alg = 'ES256'): Promise<Key> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  return { id, secret: privateKey, open: { ...(await exportJWK(publicKey)), kid: id, alg, use: 'sig' } };
}

interface Forged {
  readonly key?: Key;
  readonly alg?: string;
  readonly issuer?: string;
  readonly audience?: string;
  /** Seconds from now. */
  readonly expires?: number;
  readonly issued?: number;
}

const ISSUER = 'http://grafana.example/';

function identity({
  key = keys[0] as Key,
  alg = 'ES256',
  issuer = ISSUER,
  audience = 'org:1',
  expires = 600,
  issued = 0,
}: Forged = {}) {
  const seconds = Math.floor(Date.now() / 1000);
  return new SignJWT(CLAIMS)
    .setProtectedHeader({ alg, kid: key.id, typ: 'jwt' })
    .setIssuer(issuer)
    .setAudience(audience)
    .setSubject('user:u000001')
    .setIssuedAt(seconds + issued)
    .setExpirationTime(seconds + expires)
    .sign(key.secret);
}

async function start(options: Partial<Parameters<typeof createGrafanaIdentity>[0]> = {}): Promise<TestApp> {
  const tokens = fakeTokens({
    plugin: { scopes: ['operate'], requireIdentity: true },
    script: { scopes: ['operate'] },
  });
  const identities = createGrafanaIdentity({ url, issuer: 'http://grafana.example', orgIds: [1], ...options });
  return startApp({ auth: { tokens, identities, loopback: false } });
}

const info = (token: string, id?: string) =>
  on.get('/v1/info', { authorization: `Bearer ${token}`, ...(id !== undefined && { 'x-grafana-id': id }) });
const refusal = async (response: Response) => [response.status, ((await response.json()) as { code: string }).code];

test('a signed user is the actor, verified, with role; the issuer may end in a slash or not', async () => {
  on = await start();
  for (const issuer of [ISSUER, 'http://grafana.example'])
    expect(await (await info('plugin', await identity({ issuer }))).json()).toMatchObject({
      actor: { name: 'grace', role: 'Editor', verified: true, token: 't0' },
    });
  expect(fetches).toBe(1);
});

test('a token that requires an identity is worthless without one; others act for themselves, unverified', async () => {
  on = await start();
  const bare = await info('plugin');
  expect([bare.status, await bare.json()]).toEqual([403, errorBody('identity_required')]);
  expect(await (await info('script')).json()).toMatchObject({ actor: { name: 'script', verified: false } });
  expect(await refusal(await info('plugin', ''))).toEqual([403, 'identity_required']);
});

test('an identity alone opens nothing', async () => {
  on = await start();
  const response = await on.get('/v1/info', { 'x-grafana-id': await identity() });
  expect(response.status).toBe(401);
});

test.each([
  ['expired', { expires: -60 }],
  ['of another issuer', { issuer: 'http://evil.example/' }],
  ['of an issuer that begins like ours', { issuer: 'http://grafana.example.evil/' }],
  ['of another organisation', { audience: 'org:2' }],
] satisfies [string, Forged][])(
  'one that is %s is refused, also with a token that needs none',
  async (_name, forged) => {
    on = await start();
    for (const token of ['plugin', 'script'])
      expect(await refusal(await info(token, await identity(forged)))).toEqual([403, 'identity_invalid']);
  },
);

test('clocks may differ by half a minute', async () => {
  on = await start();
  expect((await info('plugin', await identity({ expires: -10, issued: -600 }))).status).toBe(200);
});

test('other organisations are accepted where they are configured', async () => {
  on = await start({ orgIds: [2, 3] });
  expect((await info('plugin', await identity({ audience: 'org:3' }))).status).toBe(200);
  expect(await refusal(await info('plugin', await identity()))).toEqual([403, 'identity_invalid']);
});

test('forgeries are refused: a foreign key under a known id, another algorithm, none, a changed claim, no token at all', async () => {
  on = await start();
  const stranger = { ...(keys[1] as Key), id: 'k1' };
  const symmetric = await new SignJWT(CLAIMS)
    .setProtectedHeader({ alg: 'HS256', kid: 'k1' })
    .setIssuer(ISSUER)
    .setAudience('org:1')
    .setExpirationTime('10m')
    .setSubject('user:1')
    .sign(new TextEncoder().encode(JSON.stringify(keys[0]?.open)));
  const [head, body, signature] = (await identity()).split('.') as [string, string, string];
  const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as object;
  const admin = Buffer.from(JSON.stringify({ ...claims, role: 'Admin' })).toString('base64url');
  const none = Buffer.from(JSON.stringify({ alg: 'none', kid: 'k1' })).toString('base64url');
  for (const forged of [
    await identity({ key: stranger }),
    symmetric,
    `${none}.${body}.`,
    `${head}.${admin}.${signature}`,
    `${head}.${body}.`,
    'nonsense',
    'a.b.c',
    '{}',
  ])
    expect([forged.slice(0, 20), await refusal(await info('plugin', forged))]).toEqual([
      forged.slice(0, 20),
      [403, 'identity_invalid'],
    ]);
});

test('Grafana rotates its keys: an unknown one is fetched once', async () => {
  on = await start({ cooldown: 0 });
  expect((await info('plugin', await identity())).status).toBe(200);
  published = [keys[1]?.open as JWK];
  expect((await info('plugin', await identity({ key: keys[1] as Key }))).status).toBe(200);
  expect(fetches).toBe(2);
  expect(await refusal(await info('plugin', await identity()))).toEqual([403, 'identity_invalid']);
});

test('made-up key ids do not make it ask Grafana again and again', async () => {
  on = await start();
  await info('plugin', await identity());
  for (let sent = 0; sent < 20; sent++) {
    const made = { ...(keys[1] as Key), id: `made-up-${sent}` };
    expect(await refusal(await info('plugin', await identity({ key: made })))).toEqual([403, 'identity_invalid']);
  }
  expect(fetches).toBe(1);
});

test.each([
  ['answers 500', async () => void (status = 500)],
  ['is away', async () => void (await new Promise((resolve) => grafana.close(resolve)))],
])('a Grafana that %s is 503, and nobody passes unverified', async (_name, breakGrafana) => {
  on = await start();
  await breakGrafana();
  const response = await info('plugin', await identity());
  expect([response.status, await response.json()]).toEqual([503, errorBody('unavailable')]);
  expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await refusal(await info('script', await identity()))).toEqual([503, 'unavailable']);
  expect((await info('script')).status).toBe(200);
});

test('without GRAFANA_URL no identity can be verified: tokens that require one are refused, the header is ignored', async () => {
  const tokens = fakeTokens({ plugin: { scopes: ['read'], requireIdentity: true }, script: { scopes: ['read'] } });
  on = await startApp({ auth: { tokens, identities: undefined, loopback: false } });
  expect(await refusal(await info('plugin', await identity()))).toEqual([403, 'identity_required']);
  expect(await (await info('script', await identity())).json()).toMatchObject({
    actor: { name: 'script', verified: false },
  });
});
