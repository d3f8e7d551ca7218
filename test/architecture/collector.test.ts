/** The rules of DESIGN §3 for the collector. That each of them can fail is shown in rules-can-fail.test.ts. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { importCycles } from './rules/cycles.ts';
import { environmentReaders, impurities } from './rules/purity.ts';
import { importsAgainstOrder, unknownRooms } from './rules/rooms.ts';
import { foreignPackages, reachedPackages, SMALL_LIBRARIES } from './rules/sdk-graph.ts';
import { fileSizes, functionSizes, shareWithin, silencedChecks, undocumentedExports } from './rules/shape.ts';
import { readSources, ROOT } from './support/sources.ts';

const sources = readSources('collector/src');

test('the sources are there: rules over nothing would always hold', () => {
  expect(sources.size).toBeGreaterThan(50);
  expect([...sources.keys()]).toEqual(expect.arrayContaining(['index.ts', 'telemetry/names.ts', 'drift/verdict.ts']));
});

test('every room has its place in the order', () => {
  expect(unknownRooms(sources)).toEqual([]);
});

test('a file imports from its own room, an earlier one or the shared words', () => {
  expect(importsAgainstOrder(sources)).toEqual([]);
});

test('no import cycle', () => {
  expect(importCycles(sources)).toEqual([]);
});

test('the SDK loads OpenTelemetry, simple-statistics, built-ins and the listed small libraries', () => {
  expect(foreignPackages(sources, 'index.ts')).toEqual([]);
});

describe.each(Object.entries(SMALL_LIBRARIES))('%s', (name, reason) => {
  test('is still needed, with a reason, and depends on nothing', () => {
    expect(reason.length).toBeGreaterThan(20);
    expect([...reachedPackages(sources, 'index.ts').keys()]).toContain(name);
    const manifest: unknown = JSON.parse(readFileSync(join(ROOT, 'node_modules', name, 'package.json'), 'utf8'));
    const { dependencies = {}, peerDependencies = {} } = manifest as Record<string, Record<string, string>>;
    expect({ ...dependencies, ...peerDependencies }).toEqual({});
  });
});

test('only config.ts reads the environment', () => {
  expect(environmentReaders(sources)).toEqual([]);
});

test('time, randomness and I/O are arguments in the measure and control rooms', () => {
  expect(impurities(sources)).toEqual([]);
});

test('nothing silences the type checker or the linter', () => {
  expect(silencedChecks(sources)).toEqual([]);
});

test('files: nine of ten have at most 200 lines, none more than 250', () => {
  const sizes = fileSizes(sources);
  expect(shareWithin(sizes, 200)).toBeGreaterThanOrEqual(0.9);
  expect(sizes.filter(({ lines }) => lines > 250)).toEqual([]);
});

test('functions: nine of ten have at most 30 lines, none more than 60', () => {
  const sizes = functionSizes(sources);
  expect(shareWithin(sizes, 30)).toBeGreaterThanOrEqual(0.9);
  expect(sizes.filter(({ lines }) => lines > 60)).toEqual([]);
});

test('every exported declaration says what it is', () => {
  expect(undocumentedExports(sources)).toEqual([]);
});
