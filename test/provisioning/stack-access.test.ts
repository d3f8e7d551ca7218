/** The stack's collector lets the app and the alert webhook in, each for what is its own. Grafana is played by a server of this test. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey } from 'jose';
import { prepareDataFolder, type DataFolder } from '../../provisioning/stack/data-folder.ts';
import type { Ports } from '../../provisioning/stack/ports.ts';
import { readOrMakeSecrets, type Secrets } from '../../provisioning/stack/secrets.ts';
import { ServiceProcess } from '../../provisioning/stack/service-process.ts';
import { collectorService } from '../../provisioning/stack/services.ts';
import { choosePorts } from '../../provisioning/stack/ports.ts';

const OWN = 'a-token-of-the-user';

let grafana: Server;
let key: CryptoKey;
let ports: Ports;
let folder: DataFolder;
let secrets: Secrets;
let collector: ServiceProcess;

beforeAll(async () => {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  key = privateKey;
  const keys = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'one', alg: 'ES256', use: 'sig' }] });
  grafana = createServer((_request, response) => response.setHeader('content-type', 'application/json').end(keys));
  await new Promise<void>((resolve) => grafana.listen(0, '127.0.0.1', resolve));
  const none = { grafana: undefined, prometheus: undefined, collector: undefined, smtp: undefined };
  ports = { ...(await choosePorts(none)), grafana: (grafana.address() as AddressInfo).port };
  folder = prepareDataFolder(mkdtempSync(join(tmpdir(), 'plumbline-access-')));
  const env = { ...process.env, PLUMBLINE_TOKENS: `ingest+read:${OWN}`, PLUMBLINE_METRICS_TOKEN_REQUIRED: 'true' };
  secrets = readOrMakeSecrets(folder.secretsFile, {});
  collector = new ServiceProcess(collectorService({ folder, ports, env }, 1_000, secrets));
  await collector.ready();
});

afterAll(async () => {
  await collector.stop();
  await new Promise((resolve) => grafana.close(resolve));
  rmSync(folder.root, { recursive: true, force: true });
});

/** What Grafana's plugin proxy adds to a user's request. */
async function identity(username: string, role: string): Promise<string> {
  return new SignJWT({ username, role })
    .setProtectedHeader({ alg: 'ES256', kid: 'one' })
    .setIssuer(`http://127.0.0.1:${ports.grafana}/`)
    .setAudience('org:1')
    .setSubject('user:2')
    .setExpirationTime('10m')
    .sign(key);
}

async function ask(path: string, token?: string, id?: string, body?: object) {
  const response = await fetch(`http://127.0.0.1:${ports.collector}${path}`, {
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(id !== undefined && { 'x-grafana-id': id }),
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { method: 'POST', body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: /^\{/.test(text) ? (JSON.parse(text) as Record<string, unknown>) : text };
}

const ROLLBACK = '/v1/models/electricity/rollback';
const REQUEST = { to: 'nine', reason: 'the test asks' };

it('a viewer reads under their own name and may not act', async () => {
  const id = await identity('vera', 'Viewer');
  const { status, body } = await ask('/v1/info', secrets.PLUMBLINE_READ_TOKEN, id);
  expect({ status, body }).toMatchObject({
    status: 200,
    body: { scopes: ['read'], actor: { name: 'vera', role: 'Viewer', verified: true } },
  });
  expect(await ask(ROLLBACK, secrets.PLUMBLINE_READ_TOKEN, id, REQUEST)).toMatchObject({
    status: 403,
    body: { code: 'forbidden' },
  });
});

it('an editor and an administrator act with the tokens of their routes', async () => {
  const editor = await ask('/v1/info', secrets.PLUMBLINE_OPERATE_TOKEN, await identity('edda', 'Editor'));
  expect(editor.body).toMatchObject({ actor: { name: 'edda', verified: true } });
  expect((editor.body as { scopes: string[] }).scopes).toContain('operate');
  // It came as far as the version, which there is not.
  const asked = await ask(ROLLBACK, secrets.PLUMBLINE_OPERATE_TOKEN, await identity('edda', 'Editor'), REQUEST);
  expect(asked.status).toBe(404);
  const admin = await ask('/v1/info', secrets.PLUMBLINE_ADMIN_TOKEN, await identity('ada', 'Admin'));
  expect((admin.body as { scopes: string[] }).scopes).toContain('admin');
});

it.each(['PLUMBLINE_READ_TOKEN', 'PLUMBLINE_OPERATE_TOKEN', 'PLUMBLINE_ADMIN_TOKEN'] as const)(
  '%s alone, without the identity of a person, opens nothing',
  async (name) => {
    expect(await ask('/v1/models', secrets[name])).toMatchObject({ status: 403, body: { code: 'identity_required' } });
  },
);

it('the alert webhook has its scope and no other', async () => {
  const { body } = await ask('/v1/info', secrets.PLUMBLINE_ALERT_TOKEN);
  expect(body).toMatchObject({ scopes: ['alerts'] });
  expect((await ask('/v1/models', secrets.PLUMBLINE_ALERT_TOKEN)).status).toBe(403);
});

it('the demo goes on sending, Prometheus scrapes without a token, nobody else comes in', async () => {
  const metrics = await ask('/metrics');
  expect(metrics.status).toBe(200);
  expect(metrics.body).toContain('ml_predictions_total{');
  expect((await ask('/v1/models')).status).toBe(401);
});

it('a token the user gave stays valid', async () => {
  const { body } = await ask('/v1/models/electricity', OWN);
  expect(body).toMatchObject({ model: 'electricity' });
});

it('no secret stands in the log', () => {
  const log = readFileSync(join(folder.logs, 'collector.log'), 'utf8');
  for (const secret of Object.values(secrets)) expect(log).not.toContain(secret);
});

it('a token that no request could carry is refused by its name', () => {
  const refusal = () => readOrMakeSecrets(folder.secretsFile, { PLUMBLINE_READ_TOKEN: 'two,tokens' });
  expect(refusal).toThrow(/^PLUMBLINE_READ_TOKEN may hold neither spaces nor commas/);
});
