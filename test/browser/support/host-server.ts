/** Builds the plugin and a page that stands for Grafana, and serves both on a loopback port. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { extname, join, normalize, resolve } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { passOn, type PluginProxy, PROXY_PATH } from './plugin-proxy.ts';

const ROOT = resolve(__dirname, '../../..');
const PLUGIN = join(ROOT, 'grafana-plugin');
const DIST = join(PLUGIN, 'dist');
const PLOT_STYLES = join(ROOT, 'node_modules/uplot/dist/uPlot.min.css');
const IMAGES = join(ROOT, 'node_modules/@grafana/ui/dist/public/img');

const PAGE = `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8" /><base href="/" /><title>Plumbline host</title><link rel="icon" href="data:," />
    <link rel="stylesheet" href="/uplot.css" /></head>
  <body><div id="root"></div><script src="/host.js"></script></body>
</html>`;

/** What Grafana serves beside its npm packages: fonts, and icons the packages lack. Empty ones do. */
const GRAFANA_ONLY: [string, string][] = [
  ['/public/fonts/', ''],
  ['/public/build/img/icons/', '<svg xmlns="http://www.w3.org/2000/svg"/>'],
];

const CONTENT_TYPES: Record<string, string> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

/** The served page: its address, and how to end it. */
export interface HostServer {
  url: string;
  close(): Promise<void>;
}

/** The built plugin's entry file, made anew when a source is younger. */
export function builtModule(): string {
  const module = join(DIST, 'module.js');
  if (!existsSync(module) || newestChange(PLUGIN) > statSync(module).mtimeMs) {
    const webpack = join(ROOT, 'node_modules/webpack/bin/webpack.js');
    const args = [webpack, '-c', './webpack.config.mjs', '--env', 'production'];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: PLUGIN, encoding: 'utf8' });
    if (status !== 0) throw new Error(`the plugin does not build:\n${stdout}${stderr}`);
  }
  return module;
}

/** Serves the host page with the built plugin below /a/ and /plugins/; what goes through Grafana's proxy reaches the collector, where there is one. */
export async function startHost(proxy?: PluginProxy): Promise<HostServer> {
  builtModule();
  const script = await bundleHost();
  const server = createServer((request, response) => {
    if (proxy && request.url?.startsWith(PROXY_PATH)) {
      void passOn(request, response, proxy);
      return;
    }
    const path = new URL(request.url ?? '/', 'http://host').pathname;
    const body =
      path === '/host.js'
        ? script
        : isPage(path)
          ? PAGE
          : (fileAt(path) ?? GRAFANA_ONLY.find(([prefix]) => path.startsWith(prefix))?.[1]);
    const type = isPage(path) ? 'text/html; charset=utf-8' : CONTENT_TYPES[extname(path)];
    response.writeHead(body === undefined ? 404 : 200, { 'content-type': type ?? 'application/octet-stream' });
    response.end(body);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return { url: addressOf(server), close: () => new Promise((done) => server.close(() => done())) };
}

function isPage(path: string): boolean {
  return path.startsWith('/a/') || path === '/plugins/plumbline-models-app';
}

/** Scenes 8.19 imports defaults of a table panel the 12.4 packages lack (webpack only warns); no table panel is used. */
const tableDefaults: Plugin = {
  name: 'table-panel-defaults',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\/table\/.*TablePanelCfg_types\.gen$/ }, ({ path }) => ({ path, namespace: 'defaults' }));
    onLoad({ filter: /.*/, namespace: 'defaults' }, () => ({ contents: 'export const defaultOptions = {};' }));
  },
};

async function bundleHost(): Promise<Uint8Array> {
  const result = await build({
    entryPoints: [join(ROOT, 'test/grafana-plugin/host/host.tsx')],
    bundle: true,
    write: false,
    format: 'iife',
    target: 'chrome120',
    jsx: 'transform',
    define: { 'process.env.NODE_ENV': '"development"', global: 'window' },
    // Styles of libraries the app does not show (Monaco, date pickers) are left out.
    loader: { '.css': 'empty', '.ttf': 'empty' },
    plugins: [tableDefaults],
    logLevel: 'error',
  });
  const [output] = result.outputFiles;
  if (!output) throw new Error('esbuild wrote no host page');
  return output.contents;
}

function fileAt(path: string): Buffer | undefined {
  const places: [string, string][] = [
    ['/public/plugins/plumbline-models-app/', DIST],
    ['/public/build/img/', IMAGES],
    ['/uplot.css', PLOT_STYLES],
  ];
  for (const [prefix, folder] of places) {
    const file = normalize(join(folder, path.slice(prefix.length)));
    if (path.startsWith(prefix) && file.startsWith(folder) && existsSync(file)) return readFileSync(file);
  }
  return undefined;
}

function addressOf(server: Server): string {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the host page has no port');
  return `http://127.0.0.1:${address.port}`;
}

/** When anything the build reads was last changed. */
function newestChange(folder: string): number {
  const times = readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => name !== 'node_modules' && name !== 'dist' && name !== '.eslintcache')
    .map((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? newestChange(path) : statSync(path).mtimeMs;
    });
  return Math.max(0, ...times);
}
