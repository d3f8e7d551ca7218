/** `plumbline serve` and `plumbline token` as they are typed. */
import { endChildren, plumbline, startPlumbline, temporaryFolder } from './support/plumbline.ts';

const folder = temporaryFolder();
let made = 0;
const data = () => ({ PLUMBLINE_DATA: folder.path(`data${++made}`) });
afterEach(endChildren);
afterAll(folder.remove);

const serve = async (env: NodeJS.ProcessEnv, ...flags: string[]) => {
  const running = startPlumbline(['serve', '--port', '0', ...flags], env);
  const [, url = ''] = await running.printed(/(http:\/\/[\d.:[\]]+)/);
  return { running, url };
};

describe('serve', () => {
  test('without a token it serves this machine, says what that means, and ends on a signal', async () => {
    const { running, url } = await serve(data());
    expect((await fetch(`${url}/v1/info`)).status).toBe(200);
    running.child.kill('SIGTERM');
    const { code, stdout, stderr } = await running.ended;
    expect([code, stdout]).toEqual([0, `Plumbline collector at ${url} (API at ${url}/docs)\n`]);
    expect(stderr).toBe(
      'plumbline: there is no token, so every program of this machine may do everything. Make one: plumbline token create.\n',
    );
  });

  test('Ctrl-C ends it with 130', async () => {
    const { running } = await serve({ ...data(), PLUMBLINE_TOKENS: 'admin:secret' });
    running.child.kill('SIGINT');
    expect(await running.ended).toMatchObject({ code: 130, stderr: '' });
  });

  test('other machines are served only with a token', async () => {
    const env = data();
    const refused = await plumbline(['serve', '--port', '0', '--host', '0.0.0.0'], env);
    expect([refused.code, refused.stdout]).toEqual([2, '']);
    expect(refused.stderr).toBe(
      'plumbline: host: "0.0.0.0" is reached from other machines, and there is no token. ' +
        'Make one (plumbline token create --scope admin) or set PLUMBLINE_TOKENS; or listen on 127.0.0.1.\n',
    );
    const token = (await plumbline(['token', 'create', '--scope', 'read'], env)).stdout.trim();
    const { url } = await serve(env, '--host', '0.0.0.0');
    expect((await fetch(`${url}/v1/models`)).status).toBe(401);
    const headers = { authorization: `Bearer ${token}` };
    expect((await fetch(`${url}/v1/models`, { headers })).status).toBe(200);
  });

  test('tokens of the environment are enough, and neither they nor a password reach the log', async () => {
    const env = {
      ...data(),
      PLUMBLINE_TOKENS: 'read:first-secret,ingest+operate:second-secret',
      PLUMBLINE_LOG_LEVEL: 'trace',
    };
    const { running, url } = await serve(env, '--host', '0.0.0.0', '--json');
    const as = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
    expect(await (await fetch(`${url}/v1/info`, as('second-secret'))).json()).toMatchObject({
      scopes: ['read', 'operate', 'ingest'],
      actor: { name: 'environment 2 (ingest+operate)', token: 'env-2' },
    });
    expect((await fetch(`${url}/v1/models`, as('third-secret'))).status).toBe(401);
    running.child.kill('SIGTERM');
    const { stdout, stderr } = await running.ended;
    expect(JSON.parse(stdout)).toEqual({ event: 'serving', url });
    expect(stderr).toContain('"path":"/v1/info"');
    expect(stderr).not.toMatch(/first-secret|second-secret|third-secret/);
  });

  test.each([
    ['a token that is none', { PLUMBLINE_TOKENS: 'reed:secret-token' }, 2, 'PLUMBLINE_TOKENS: entry 1 names no scope'],
    ['a database that is none', { DATABASE_URL: 'mysql://u:secret-word@h/d' }, 2, 'DATABASE_URL: is no address'],
    ['a data folder that cannot be', { PLUMBLINE_DATA: '/dev/null/x' }, 2, 'data: "/dev/null/x" cannot hold'],
    ['a store of artifacts that is none', { PLUMBLINE_ARTIFACTS: 'ftp://x' }, 2, 'is no s3:// address'],
  ])('%s is one clear sentence', async (_name, env, code, message) => {
    const ended = await plumbline(['serve', '--port', '0'], { ...data(), ...env });
    expect([ended.code, ended.stdout]).toEqual([code, '']);
    expect(ended.stderr).toMatch(/^plumbline: [^\n]*\n$/);
    expect(ended.stderr).toContain(message);
    expect(ended.stderr).not.toMatch(/secret/);
  });

  test('a second one on the port is refused with 4', async () => {
    const { url } = await serve(data());
    const port = new URL(url).port;
    const second = await plumbline(['serve', '--port', port], data());
    expect([second.code, second.stderr]).toEqual([4, expect.stringContaining(`port: ${port} on 127.0.0.1 is in use.`)]);
  });

  test('while it stops it says so, answers what is under way, and takes nothing new', async () => {
    const { running, url } = await serve({ ...data(), PLUMBLINE_SHUTDOWN_DELAY: '2' });
    running.child.kill('SIGTERM');
    let state = await fetch(`${url}/readyz`);
    while (state.status === 200) state = await fetch(`${url}/readyz`);
    expect(await state.json()).toMatchObject({ code: 'not_ready', message: 'The service is stopping.' });
    const taken = await fetch(`${url}/v1/predictions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'm', version: '1', id: 'a', prediction: 'x' }),
    });
    expect(taken.status).toBe(200);
    expect((await running.ended).code).toBe(0);
    await expect(fetch(`${url}/livez`)).rejects.toThrow();
  });

  test('its own metrics stand beside those of the models, without the scopes of instrumentations', async () => {
    const { url } = await serve(data());
    const text = await (await fetch(`${url}/metrics`)).text();
    for (const name of [
      'process_cpu_time_total',
      'process_memory_usage',
      'nodejs_eventloop_utilization',
      'plumbline_disk_free',
      'plumbline_queue_depth',
    ])
      expect(text).toMatch(new RegExp(`^${name}(?:\\{|\\s)`, 'm'));
    expect(text).not.toMatch(/otel_scope|heap_space/);
  });
});

describe('token', () => {
  test('create prints the token alone, list never shows it, revoke ends it', async () => {
    const env = data();
    const created = await plumbline(
      ['token', 'create', '--scope', 'operate', '--scope', 'ingest', '--name', 'plugin', '--require-identity'],
      env,
    );
    expect([created.code, created.stderr]).toEqual([0, '']);
    expect(created.stdout).toMatch(/^plumbline_[\w-]{43}\n$/);
    const listed = await plumbline(['token', 'list', '--json'], env);
    const [token] = JSON.parse(listed.stdout) as { id: string }[];
    expect(token).toMatchObject({
      name: 'plugin',
      scopes: ['operate', 'ingest'],
      requireIdentity: true,
      revokedAt: null,
    });
    expect(listed.stdout).not.toContain(created.stdout.trim());
    const table = await plumbline(['token', 'list'], env);
    expect(table.stdout).toContain('operate, ingest');
    const revoked = await plumbline(['token', 'revoke', token?.id ?? ''], env);
    expect(revoked.stdout).toBe(`Revoked ${token?.id} (plugin).\n`);
    const unknown = await plumbline(['token', 'revoke', 'nobody'], env);
    expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringContaining('There is no token "nobody".')]);
  });

  test.each([
    ['no scope', ['create'], '--scope'],
    ['an unknown scope', ['create', '--scope', 'write'], 'read, operate, admin, ingest, alerts'],
    ['no id', ['revoke'], "missing required argument 'id'"],
  ])('%s is a usage error', async (_name, args, message) => {
    const ended = await plumbline(['token', ...args], data());
    expect([ended.code, ended.stdout]).toEqual([2, '']);
    expect(ended.stderr).toContain(message);
  });
});
