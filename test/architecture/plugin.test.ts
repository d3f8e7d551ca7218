/** The rules of DESIGN §3 for the Grafana plugin, and that they can fail. */
import { importCycles } from './rules/cycles.ts';
import { remoteCalls } from './rules/remote-calls.ts';
import { fileSizes, functionSizes, silencedChecks } from './rules/shape.ts';
import { importsOf, parseSources, readSources } from './support/sources.ts';

const sources = readSources('grafana-plugin/src');

test('the sources are there', () => {
  expect([...sources.keys()]).toEqual(expect.arrayContaining(['module.tsx', 'queries/promql.ts']));
});

test('no import cycle', () => {
  expect(importCycles(sources)).toEqual([]);
});

test('only control-plane/ calls anything remote', () => {
  expect(remoteCalls(sources)).toEqual([]);
});

test('queries know neither panels nor pages, panels no pages', () => {
  const upwards = [...sources].flatMap(([path, file]) =>
    importsOf(file)
      .filter(({ specifier }) =>
        path.startsWith('queries/')
          ? /\.\.\/(?:panels|pages)\//.test(specifier)
          : path.startsWith('panels/') && specifier.includes('../pages/'),
      )
      .map(({ specifier }) => `${path} imports ${specifier}`),
  );
  expect(upwards).toEqual([]);
});

test('nothing silences the type checker or the linter; files have at most 250 lines, functions at most 80', () => {
  expect(silencedChecks(sources)).toEqual([]);
  // What is generated has the size of what it is generated from.
  const written = new Map([...sources].filter(([path]) => !path.startsWith('control-plane/generated/')));
  expect(fileSizes(written).filter(({ lines }) => lines > 250)).toEqual([]);
  expect(functionSizes(sources).filter(({ lines }) => lines > 80)).toEqual([]);
});

test.each([
  "await fetch('/api');",
  'window.fetch(url);',
  "import { getBackendSrv } from '@grafana/runtime';",
  'new XMLHttpRequest();',
  'new WebSocket(url);',
  'navigator.sendBeacon(url);',
])('a remote call outside the control plane is found: %s', (text) => {
  expect(remoteCalls(parseSources({ 'pages/a.tsx': text }))).toHaveLength(1);
  expect(remoteCalls(parseSources({ 'control-plane/a.ts': text }))).toEqual([]);
});

test('a cycle between files without extension is found', () => {
  const cyclic = parseSources({ 'a.tsx': "import { b } from './b';", 'b/index.ts': "import { a } from '../a';" });
  expect(importCycles(cyclic)).toEqual([['a.tsx', 'b/index.ts']]);
});
