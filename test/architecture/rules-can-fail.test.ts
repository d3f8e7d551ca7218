/** Each architecture rule, fed a file that breaks it: a rule that accepts everything would be no rule. */
import { importCycles } from './rules/cycles.ts';
import { environmentReaders, impurities } from './rules/purity.ts';
import { importsAgainstOrder, unknownRooms } from './rules/rooms.ts';
import { foreignPackages } from './rules/sdk-graph.ts';
import { fileSizes, functionSizes, shareWithin, silencedChecks, undocumentedExports } from './rules/shape.ts';
import { parseSources } from './support/sources.ts';

const EMPTY = 'export {};\n';
const one = (path: string, text: string) => parseSources({ [path]: text });

describe('order of the rooms', () => {
  const pairs: [from: string, to: string, allowed: boolean][] = [
    ['drift/a.ts', 'distribution/b.ts', true],
    ['drift/a.ts', 'drift/b.ts', true],
    ['drift/a.ts', 'errors.ts', true],
    ['distribution/a.ts', 'drift/b.ts', false],
    ['performance/a.ts', 'monitor/b.ts', false],
    ['monitor/a.ts', 'client/b.ts', false],
    ['monitor/a.ts', 'http/b.ts', false],
    ['http/a.ts', 'storage/b.ts', false],
    ['storage/a.ts', 'http/b.ts', false],
    ['http/a.ts', 'monitor/b.ts', true],
    ['http/a.ts', 'config.ts', false],
    ['http/a.ts', 'service.ts', false],
    ['demo/a.ts', 'index.ts', true],
    ['http/a.ts', 'index.ts', false],
    ['index.ts', 'client/b.ts', true],
    ['index.ts', 'http/b.ts', false],
    ['index.ts', 'registry/b.ts', false],
    ['service.ts', 'http/b.ts', true],
    ['cli.ts', 'service.ts', true],
    ['config.ts', 'errors.ts', true],
    ['config.ts', 'monitor/b.ts', false],
    ['errors.ts', 'distribution/b.ts', false],
  ];
  test.each(pairs)('%s may see %s: %p', (from, to, allowed) => {
    const specifier = `${'../'.repeat(from.split('/').length - 1) || './'}${to}`;
    for (const statement of [
      `import '${specifier}';`,
      `import type { A } from '${specifier}';`,
      `export * from '${specifier}';`,
    ]) {
      const broken = importsAgainstOrder(parseSources({ [from]: statement, [to]: EMPTY }));
      expect(broken).toEqual(allowed ? [] : [`${from}:1 imports ${to}`]);
    }
  });

  test('an import that leads nowhere, or out of the sources', () => {
    expect(importsAgainstOrder(one('drift/a.ts', "import '../../../test/x.ts';"))).toHaveLength(1);
  });

  test('a room nobody knows', () => {
    expect(unknownRooms(one('utils/a.ts', EMPTY))).toEqual(['utils']);
  });
});

test('cycles: of two, of three through types, of one', () => {
  const cyclic = parseSources({
    'a.ts': "import './b.ts';",
    'b.ts': "import './a.ts';",
    'c.ts': "import type { D } from './d.ts';",
    'd.ts': "export * from './e.ts';",
    'e.ts': "const c = import('./c.ts');",
    'f.ts': "import './f.ts';",
    'g.ts': "import './a.ts';",
  });
  expect(importCycles(cyclic)).toEqual([['a.ts', 'b.ts'], ['c.ts', 'd.ts', 'e.ts'], ['f.ts']]);
});

describe('what the SDK loads', () => {
  const graph = (text: string) =>
    foreignPackages(parseSources({ 'index.ts': "export { a } from './room/a.ts';", 'room/a.ts': text }), 'index.ts');

  test.each([
    "import fastify from 'fastify';",
    "import { type A } from 'fastify';",
    "export * from 'fastify/x';",
    "const f = await import('fastify');",
    "const f = require('fastify');",
    "import 'fs';",
    "import '@openfake/telemetry';",
  ])('%s is refused', (text) => {
    expect(graph(text)).toHaveLength(1);
  });

  test.each([
    "import type { A } from 'fastify';",
    "type A = import('fastify').A;",
    "import { x } from 'node:fs';",
    "import { x } from '@opentelemetry/api';",
    "import { x } from 'pure-rand/generator/x';",
  ])('%s is not', (text) => {
    expect(graph(text)).toEqual([]);
  });

  test('what index.ts does not reach may load anything', () => {
    const apart = parseSources({ 'index.ts': EMPTY, 'http/a.ts': "import 'fastify';" });
    expect(foreignPackages(apart, 'index.ts')).toEqual([]);
  });
});

test.each([
  'const x = process.env.X;',
  "const x = process['env'];",
  'const x = globalThis.process.env;',
  'const { env } = process;',
  'const { env: e } = process;',
  "import { env } from 'node:process';",
  "import process from 'process';",
])('the environment: %s', (text) => {
  expect(environmentReaders(one('monitor/a.ts', text))).toEqual(['monitor/a.ts:1']);
  expect(environmentReaders(one('config.ts', text))).toEqual([]);
});

describe('clocks, randomness and I/O', () => {
  test.each([
    'Date.now();',
    'const clock = Date.now;',
    "Date['now']();",
    'globalThis.Date.now();',
    'new Date();',
    'Date();',
    'performance.now();',
    'Math.random();',
    'crypto.randomUUID();',
    'process.hrtime();',
    'setTimeout(() => 1, 1);',
    'globalThis.setImmediate(() => 1);',
    "fetch('x');",
    "import { randomUUID } from 'node:crypto';",
    "import * as crypto from 'node:crypto';",
    "import { readFileSync } from 'node:fs';",
    "import { setTimeout as sleep } from 'node:timers/promises';",
  ])('%s', (text) => {
    for (const path of ['drift/a.ts', 'registry/a.ts', 'prediction.ts'])
      expect(impurities(one(path, text))).toHaveLength(1);
    expect(impurities(one('client/a.ts', text))).toEqual([]);
  });

  test.each(['new Date(5);', 'Date.parse(x);', "import { createHash } from 'node:crypto';", 'x.now();'])(
    '%s is none',
    (text) => {
      expect(impurities(one('drift/a.ts', text))).toEqual([]);
    },
  );
});

test.each([
  'let x: any;',
  'x as any;',
  'function f(x: any[]) {}',
  '// @ts-ignore',
  '// @ts-expect-error y',
  '/* eslint-disable */',
])('silenced: %s', (text) => {
  expect(silencedChecks(one('a.ts', text))).toHaveLength(1);
});

describe('sizes', () => {
  test('of files', () => {
    const files = parseSources({ 'a.ts': 'x;\n'.repeat(201), 'b.ts': 'x;\n' });
    expect(fileSizes(files)).toEqual([
      { where: 'a.ts', lines: 201 },
      { where: 'b.ts', lines: 1 },
    ]);
    expect(shareWithin(fileSizes(files), 200)).toBe(0.5);
  });

  test.each([
    'function f() {',
    'const f = () => {',
    'const f = async function () {',
    'class A { get f() {',
    'class A { constructor() {',
  ])('of functions: %s', (head) => {
    const text = `${head}\n${'x;\n'.repeat(60)}}${head.startsWith('class') ? '}' : ''}\n`;
    expect(functionSizes(one('a.ts', text))).toEqual([{ where: 'a.ts:1', lines: 62 }]);
  });
});

test.each([
  'export const a = 1;',
  'export function a() {}',
  'export class a {}',
  'export type a = 1;',
  'export interface a {}',
])('undocumented: %s', (text) => {
  expect(undocumentedExports(one('a.ts', `let first;\n// a line comment is none\n${text}`))).toEqual(['a.ts:3 a']);
  expect(undocumentedExports(one('a.ts', `let first;\n/** Says what. */\n${text}`))).toEqual([]);
});
