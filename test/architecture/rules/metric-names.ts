/** Names of metrics and recorded series in PromQL, held against those that somebody writes. */
import ts from 'typescript';
import { lineOf, visit, type Sources } from '../support/sources.ts';

/** A name where it is used. */
export interface NameUse {
  readonly where: string;
  readonly name: string;
}

/** The windows every recorded series exists for. */
export const WINDOWS: readonly string[] = ['5m', '1h', '24h'];

const METRIC = /(?<![a-zA-Z0-9_:])(?:ml|plumbline)_[a-z0-9_]+/g;
const RECORDED = /(?<![a-zA-Z0-9_:])ml:[a-z0-9_]+(?::(?:\d+[smhd]|\$window|\$\{window(?::raw)?\}))?/g;

/** The metric names in a PromQL text; a recorded series of the chosen window stands for that of each window. */
export function namesInPromql(text: string): string[] {
  const recorded = [...text.matchAll(RECORDED)].flatMap(([name]) => overWindows(name));
  return [...[...text.matchAll(METRIC)].map(([name]) => name), ...recorded];
}

function overWindows(name: string): string[] {
  const variable = name.indexOf(':$');
  return variable < 0 ? [name] : WINDOWS.map((window) => `${name.slice(0, variable)}:${window}`);
}

/** All PromQL texts anywhere in a YAML or JSON document: the values of `expr`, `query` and `definition`. */
export function expressionsIn(document: unknown): string[] {
  if (Array.isArray(document)) return document.flatMap(expressionsIn);
  if (document === null || typeof document !== 'object') return [];
  return Object.entries(document).flatMap(([key, value]) =>
    typeof value === 'string' && ['expr', 'query', 'definition'].includes(key) ? [value] : expressionsIn(value),
  );
}

/** Names in the string literals of sources, and in calls of `recorded('…')`, which names a series of the chosen window. */
export function namesInSources(sources: Sources): NameUse[] {
  const uses: NameUse[] = [];
  for (const [path, file] of sources)
    visit(file, (node) => {
      const names = ts.isCallExpression(node) ? recordedCall(node) : literalNames(node);
      for (const name of names) uses.push({ where: `${path}:${lineOf(node)}`, name });
    });
  return uses;
}

function recordedCall(node: ts.CallExpression): string[] {
  const [name] = node.arguments;
  if (!ts.isIdentifier(node.expression) || node.expression.text !== 'recorded' || !name) return [];
  if (ts.isStringLiteralLike(name)) return overWindows(`ml:${name.text}:$window`);
  return [`recorded(${name.getText()}): the name is not a literal`];
}

function literalNames(node: ts.Node): string[] {
  const isText = ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node);
  return isText ? namesInPromql(node.text) : [];
}

/** Uses of names that nobody writes. */
export function unknownNames(uses: readonly NameUse[], known: ReadonlySet<string>): string[] {
  return [...new Set(uses.filter(({ name }) => !known.has(name)).map(({ where, name }) => `${where} ${name}`))];
}
