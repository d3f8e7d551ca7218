/** docker-compose.yml, as docker-compose itself reads it. No engine is needed for that. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { SECRET_NAMES } from '../../provisioning/stack/secrets.ts';
import { findTool } from '../support/tools.ts';
import { REPOSITORY } from './support/files.ts';

interface Service {
  image: string;
  ports?: string[];
  volumes?: string[];
  environment?: Record<string, string>;
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
});

it('runs Grafana 12.4 and Prometheus 3', () => {
  expect(file.services['grafana']?.image).toMatch(/^grafana\/grafana:12\.4\./);
  expect(file.services['prometheus']?.image).toMatch(/^prom\/prometheus:v3\./);
});

describe('the secrets of the first start', () => {
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-compose-'));
  const path = join(folder, 'stack.env');
  const script = join(REPOSITORY, 'provisioning/compose/write-secrets.mjs');
  const write = (env: Record<string, string>): string =>
    execFileSync(process.execPath, [script, path], { env, encoding: 'utf8' });
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
    write({ PLUMBLINE_READ_TOKEN: "it's $HOME" });
    expect(read()).toEqual({ ...before, PLUMBLINE_READ_TOKEN: "it's $HOME" });
    write({ PLUMBLINE_READ_TOKEN: '' });
    expect(read()['PLUMBLINE_READ_TOKEN']).toBe("it's $HOME");
  });
});
