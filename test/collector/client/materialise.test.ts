/** Files of a version put in place: from a collector, and from the service's own store. */
import { existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { materialise } from '../../../collector/src/client/materialise.ts';
import { materialiseVersion } from '../../../collector/src/demo/materialise-version.ts';
import { createLocalArtifacts } from '../../../collector/src/storage/artifacts/local-artifacts.ts';
import { ACT, control, GOOD, type Control } from '../registry/support/control.ts';
import { useEngines } from '../../support/engines.ts';

const folder = mkdtempSync(join(tmpdir(), 'plumbline-materialise-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let made = 0;
/** A folder of its own for each test, and a target in it. */
const place = () => {
  const parent = join(folder, String(++made));
  mkdirSync(parent);
  return { parent, to: join(parent, 'model') };
};

const contentOf = (to: string) =>
  Object.fromEntries(
    readdirSync(to, { recursive: true, encoding: 'utf8' })
      .filter((name) => lstatSync(join(to, name)).isFile())
      .sort()
      .map((name) => [name, readFileSync(join(to, name), 'utf8')]),
  );

describe('from a service', () => {
  const engines = useEngines();
  let service: Control;
  let own: Parameters<typeof materialiseVersion>[0];
  let server: Server;
  let collector: string;
  let answer: ((path: string, response: ServerResponse) => boolean) | undefined;
  const paths: string[] = [];
  beforeEach(async () => {
    const database = await engines.database('sqlite');
    const artifacts = await createLocalArtifacts(join(engines.folder, `materialise-${++made}`));
    service = control(database, artifacts);
    own = { store: service.store, artifacts };
    service.state.live = GOOD;
    await service.save({ aliases: ['champion'] }, { 'model.bin': 'one', 'ä ö/%2f+?#.txt': 'odd' });
    await service.move('1', 'staging');
    await service.move('1', 'production');
    for (let more = 0; more < 3; more++) await service.save({}, { 'model.bin': `candidate ${more}` });
    answer = undefined;
    paths.length = 0;
    server = createServer((request, response) => {
      paths.push(request.url as string);
      if (request.headers.authorization !== 'Bearer secret') {
        response.writeHead(401).end(JSON.stringify({ code: 'unauthorized', message: 'No.', help: 'Token.' }));
      } else if (!answer?.(request.url as string, response))
        void serve(new URL(request.url as string, 'http://x'), response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    collector = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  /** The three routes it takes, two versions a page. */
  async function serve({ pathname, searchParams }: URL, response: ServerResponse): Promise<void> {
    const [, , , model = '', , version, kind, ...file] = pathname.split('/').map(decodeURIComponent);
    const send = (body: unknown) => void response.end(JSON.stringify(body));
    try {
      if (version === undefined) {
        const after = searchParams.get('cursor');
        send(await service.registry.versions(model, { limit: 2, ...(after !== null && { after }) }));
      } else if (kind === undefined) send(await service.registry.version(model, version));
      else {
        const { content } = await service.registry.file(model, version, file.join('/'));
        for await (const chunk of content) response.write(chunk);
        response.end();
      }
    } catch (error) {
      response.writeHead(404).end(JSON.stringify({ ...(error as object), message: (error as Error).message }));
    }
  }

  const ways: [string, (reference: object, to: string) => ReturnType<typeof materialise>][] = [
    ['over HTTP', (reference, to) => materialise({ collector, token: 'secret', model: 'churn', to, ...reference })],
    ['from its own store', (reference, to) => materialiseVersion(own, { model: 'churn', ...reference }, { to })],
  ];
  describe.each(ways)('%s', (_way, get) => {
    test('by version, by alias, by stage', async () => {
      const { parent } = place();
      const to = (name: string) => join(parent, name);
      const files = { 'model.bin': 'one', 'ä ö/%2f+?#.txt': 'odd' };
      for (const reference of [{ version: '1' }, { alias: 'champion' }, { stage: 'production' }]) {
        const name = Object.keys(reference)[0] as string;
        expect(await get(reference, to(name))).toMatchObject({ version: '1', files: 2, written: true });
        expect(contentOf(to(name))).toEqual(files);
      }
      expect(await get({ stage: 'development' }, to('newest'))).toMatchObject({ version: '4' });
    });

    test('what is not there, and what is asked for in two ways', async () => {
      const { to } = place();
      await expect(get({ version: '9' }, to)).rejects.toMatchObject({ code: 'not_found' });
      await expect(get({ alias: 'none' }, to)).rejects.toMatchObject({ code: 'not_found' });
      await expect(get({ model: 'none', stage: 'staging' }, to)).rejects.toMatchObject({ code: 'not_found' });
      await expect(get({ version: '1', alias: 'champion' }, to)).rejects.toMatchObject({ code: 'usage' });
      await expect(get({}, to)).rejects.toMatchObject({ code: 'usage' });
      await service.registry.remove('churn', '4', ACT);
      await expect(get({ version: '4' }, to)).rejects.toMatchObject({ code: 'not_found' });
      expect(existsSync(to)).toBe(false);
    });
  });

  test('a collector says why in its own words; one that breaks off or is away leaves nothing', async () => {
    const { parent, to } = place();
    const get = (more: object = {}) =>
      materialise({ collector, token: 'secret', model: 'churn', version: '1', to, ...more });
    await expect(get({ token: 'other' })).rejects.toMatchObject({
      code: 'unauthorized',
      message: 'No.',
      help: 'Token.',
    });
    answer = (_path, response) => (response.writeHead(502).end('<html>'), true);
    await expect(get()).rejects.toMatchObject({ code: 'unavailable', message: 'The collector answered 502.' });
    answer = (path, response) => {
      if (!path.includes('/files/')) return false;
      response.writeHead(200, { 'content-length': '3' });
      response.write('o');
      setImmediate(() => response.destroy());
      return true;
    };
    await expect(get()).rejects.toMatchObject({ code: 'unavailable' });
    await expect(get({ collector: 'http://127.0.0.1:1' })).rejects.toMatchObject({ code: 'unavailable' });
    await expect(get({ collector: 'ftp://x' })).rejects.toMatchObject({ code: 'invalid_configuration' });
    const controller = new AbortController();
    answer = (path) => path.includes('/files/') && (controller.abort(), true);
    await expect(get({ signal: controller.signal })).rejects.toMatchObject({ code: 'interrupted' });
    expect(readdirSync(parent)).toEqual([]);
  });

  test('a collector that gives one page again and again is not asked for ever', async () => {
    const { to } = place();
    const page = JSON.stringify({ items: [], next: 'again' });
    answer = (_path, response) => (response.end(page), true);
    const get = materialise({ collector, token: 'secret', model: 'churn', alias: 'champion', to });
    await expect(get).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining('same page') });
    expect(paths).toHaveLength(2);
  });

  test('a base address with a path keeps it', async () => {
    const { to } = place();
    answer = (_path, response) => (response.writeHead(404).end('{}'), true);
    const get = materialise({
      collector: `${collector}/behind/proxy`,
      token: 'secret',
      model: 'churn',
      version: '1',
      to,
    });
    await expect(get).rejects.toThrow();
    expect(paths).toEqual(['/behind/proxy/v1/models/churn/versions/1']);
  });
});
