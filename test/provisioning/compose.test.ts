/** docker-compose.yml, as docker-compose itself reads it. No engine is needed for that. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { environmentTokens } from '../../collector/src/audit/environment-tokens.ts';
import { hashToken } from '../../collector/src/audit/access-token.ts';
import { SECRET_NAMES } from '../../provisioning/stack/secrets.ts';
import { findTool } from '../support/tools.ts';
import { REPOSITORY } from './support/files.ts';

interface Service {
  image: string;
  ports?: string[];
  volumes?: string[];
  environment?: Record<string, string>;
  entrypoint?: string[];
  healthcheck?: { test: string[] };
  depends_on?: Record<string, { condition: string }>;
}

interface Compose {
  services: Record<string, Service>;
  volumes: Record<string, unknown>;
}

const text = readFileSync(join(REPOSITORY, 'docker-compose.yml'), 'utf8');
const file = parse(text) as Compose;

const compose = findTool('docker-compose');
if (compose === undefined) {
  process.stderr.write('docker-compose.yml is not checked: no docker-compose found (apt-get install docker-compose)\n');
}

(compose === undefined ? it.skip : it)('docker-compose accepts the file and finds every service in it', () => {
  const words = execFileSync(compose ?? '', ['-f', join(REPOSITORY, 'docker-compose.yml'), 'config'], {
    encoding: 'utf8',
    stdio: 'pipe',
    env: { PATH: process.env['PATH'], PLUMBLINE_ALERT_EMAIL: 'someone@example.org' },
  });
  const read = parse(words) as Compose;
  expect(Object.keys(read.services).sort()).toEqual(['collector', 'grafana', 'mail', 'prometheus', 'secrets']);
  expect(read.services['grafana']?.environment).toMatchObject({ PLUMBLINE_ALERT_EMAIL: 'someone@example.org' });
});

it('uses nothing that docker-compose 1.29 does not know', () => {
  expect(Object.keys(file).sort()).toEqual(['services', 'volumes']);
  expect(text).not.toMatch(/\brequired:/);
});

it('opens ports on the loopback address only', () => {
  const ports = Object.values(file.services).flatMap((service) => service.ports ?? []);
  expect(ports.length).toBe(4);
  for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
});

it('mounts only what is there or is built', () => {
  const sources = Object.values(file.services)
    .flatMap((service) => service.volumes ?? [])
    .map((volume) => volume.split(':')[0] ?? '');
  for (const source of sources) {
    const known = source in file.volumes || source === './grafana-plugin/dist' || existsSync(join(REPOSITORY, source));
    expect({ source, known }).toEqual({ source, known: true });
  }
});

it('knows when each server is healthy, and waits for it', () => {
  for (const [name, service] of Object.entries(file.services)) {
    if (name !== 'secrets') expect(service.healthcheck?.test[0]).toBe('CMD');
  }
  expect(Object.keys(file.services['grafana']?.depends_on ?? {}).sort()).toEqual([
    'collector',
    'mail',
    'prometheus',
    'secrets',
  ]);
  expect(file.services['collector']?.depends_on).toEqual({ secrets: { condition: 'service_completed_successfully' } });
});

it('gives Grafana and the collector the secrets of each in a volume of its own, and none in this file', () => {
  const mounts = (volume: string) =>
    Object.entries(file.services)
      .filter(([, { volumes = [] }]) => volumes.some((mount) => mount.split(':')[0] === volume))
      .map(([name]) => name);
  expect(mounts('secrets')).toEqual(['secrets', 'grafana']);
  expect(mounts('collector-secrets')).toEqual(['secrets', 'collector']);
  for (const name of ['grafana', 'collector']) {
    expect(Object.keys(file.services[name]?.environment ?? {}).join(' ')).not.toMatch(/TOKEN|HMAC|PASSWORD/);
  }
});

it('the collector knows Grafana by the name in the network, and its identities by the root URL', () => {
  const root = file.services['grafana']?.environment?.['GF_SERVER_ROOT_URL'];
  expect(file.services['collector']?.environment).toEqual({ GRAFANA_URL: 'http://grafana:3000', GRAFANA_ISSUER: root });
});

it('runs Grafana 12.4 and Prometheus 3', () => {
  expect(file.services['grafana']?.image).toMatch(/^grafana\/grafana:12\.4\./);
  expect(file.services['prometheus']?.image).toMatch(/^prom\/prometheus:v3\./);
});

describe('the secrets of the first start', () => {
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-compose-'));
  const path = join(folder, 'stack.env');
  const collectorPath = join(folder, 'collector.env');
  const script = join(REPOSITORY, 'provisioning/compose/write-secrets.mjs');
  const write = (env: Record<string, string>): string =>
    execFileSync(process.execPath, [script, path, collectorPath], { env, encoding: 'utf8' });
  /** What a shell makes of the file, as Grafana's container does. */
  const read = (): Record<string, string> => {
    const names = SECRET_NAMES.map((name) => `printf '%s\\n' "$${name}"`).join('; ');
    const values = execFileSync('/bin/sh', ['-c', `. ${path}; ${names}`], { encoding: 'utf8' }).split('\n');
    return Object.fromEntries(SECRET_NAMES.map((name, index) => [name, values[index] ?? '']));
  };

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('are made, differ, cannot be read as numbers, and are not printed', () => {
    expect(write({})).toBe('');
    const values = Object.values(read());
    expect(new Set(values).size).toBe(SECRET_NAMES.length);
    for (const value of values) expect(value).toMatch(/^s[\w-]{24}$/);
    expect(statSync(path).isFile()).toBe(true);
  });

  it('stay the same at the next start, and give way to the environment', () => {
    const before = read();
    write({ PLUMBLINE_READ_TOKEN: "it's$HOME" });
    expect(read()).toEqual({ ...before, PLUMBLINE_READ_TOKEN: "it's$HOME" });
    write({ PLUMBLINE_READ_TOKEN: '' });
    expect(read()['PLUMBLINE_READ_TOKEN']).toBe("it's$HOME");
  });

  it('reach the collector as its entrypoint reads them: each token with its scopes, the webhook secret, nothing else', async () => {
    write({ PLUMBLINE_TOKENS: 'ingest:of-a-model' });
    const [shell = '', flag = '', words = ''] = file.services['collector']?.entrypoint ?? [];
    // As compose would run it, with a program that shows its surroundings in place of the collector.
    const script = words
      .replaceAll('$$', '$')
      .replace('/run/collector/collector.env', collectorPath)
      .replace(/exec node .*$/, 'exec env');
    const shown = execFileSync(shell, [flag, script], { encoding: 'utf8', env: { PATH: process.env['PATH'] } });
    const given = new Map(shown.split('\n').map((line) => [line.split('=')[0], line.slice(line.indexOf('=') + 1)]));
    const secrets = read();
    expect(given.get('PLUMBLINE_ALERT_HMAC')).toBe(secrets['PLUMBLINE_ALERT_HMAC']);
    expect(shown).not.toContain(secrets['GF_SECURITY_ADMIN_PASSWORD']);
    const tokens = environmentTokens(given.get('PLUMBLINE_TOKENS'));
    const found = (token = '') => tokens.find(hashToken(token));
    expect(await found(secrets['PLUMBLINE_READ_TOKEN'])).toMatchObject({ scopes: ['read'], requireIdentity: true });
    expect(await found(secrets['PLUMBLINE_OPERATE_TOKEN'])).toMatchObject({
      scopes: ['operate'],
      requireIdentity: true,
    });
    expect(await found(secrets['PLUMBLINE_ADMIN_TOKEN'])).toMatchObject({ scopes: ['admin'], requireIdentity: true });
    expect(await found(secrets['PLUMBLINE_ALERT_TOKEN'])).toMatchObject({ scopes: ['alerts'], requireIdentity: false });
    expect(await found('of-a-model')).toMatchObject({ scopes: ['ingest'] });
  });

  it.each(['two words', 'two,tokens'])('a token that no request could carry is refused by its name: %s', (token) => {
    const env = { PLUMBLINE_ADMIN_TOKEN: token };
    const { status, stderr } = spawnSync(process.execPath, [script, path, collectorPath], { env, encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining('PLUMBLINE_ADMIN_TOKEN') });
    expect(stderr).not.toContain(token);
  });
});
