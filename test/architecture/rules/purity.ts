/** Where time, randomness, I/O and the environment may be touched. */
import ts from 'typescript';
import { importsOf, lineOf, visit, type Sources } from '../support/sources.ts';
import { PURE_ROOMS, roomOf, WORDS } from './rooms.ts';

const FORBIDDEN_MEMBERS: readonly string[] = [
  'Date.now',
  'Math.random',
  'performance.now',
  'performance.timeOrigin',
  'process.hrtime',
  'process.uptime',
  'crypto.randomUUID',
  'crypto.getRandomValues',
];
const FORBIDDEN_CALLS: readonly string[] = [
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'fetch',
  'Date', // called without `new` it tells the time
];
/** Built-ins that compute and do nothing else, by what may be taken from them. */
const PURE_BUILTINS: Readonly<Record<string, readonly string[]>> = {
  'node:crypto': ['createHash', 'createHmac', 'hash', 'timingSafeEqual'],
};

/** Uses of clocks, randomness and I/O in the rooms that are to be pure. */
export function impurities(sources: Sources): string[] {
  return [...sources]
    .filter(([path]) => PURE_ROOMS.includes(roomOf(path) ?? '') || WORDS.includes(path))
    .flatMap(([path, file]) => {
      const found = importsOf(file)
        .filter(({ specifier, isValue }) => isValue && specifier.startsWith('node:'))
        .filter(({ specifier, names }) => !onlyPure(specifier, names))
        .map(({ specifier, line }) => `${path}:${line} imports ${specifier}`);
      visit(file, (node) => {
        const use = impureUse(node);
        if (use !== undefined) found.push(`${path}:${lineOf(node)} uses ${use}`);
      });
      return found;
    });
}

function onlyPure(specifier: string, names: readonly string[]): boolean {
  const pure = PURE_BUILTINS[specifier] ?? [];
  return names.length > 0 && names.every((name) => pure.includes(name));
}

function impureUse(node: ts.Node): string | undefined {
  if (ts.isNewExpression(node) && isNamed(node.expression, 'Date') && (node.arguments?.length ?? 0) === 0)
    return 'new Date()';
  if (ts.isCallExpression(node)) return FORBIDDEN_CALLS.find((name) => isNamed(node.expression, name));
  const member = memberOf(node);
  return member !== undefined && FORBIDDEN_MEMBERS.includes(member) ? member : undefined;
}

/** Files that look at the environment and are not `config.ts`. */
export function environmentReaders(sources: Sources): string[] {
  return [...sources]
    .filter(([path]) => path !== 'config.ts')
    .flatMap(([path, file]) => {
      const found: string[] = [];
      visit(file, (node) => {
        if (readsEnvironment(node)) found.push(`${path}:${lineOf(node)}`);
      });
      return found;
    });
}

function readsEnvironment(node: ts.Node): boolean {
  if (memberOf(node) === 'process.env') return true;
  if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier))
    return /^(node:)?process$/.test(node.moduleSpecifier.text);
  return (
    ts.isVariableDeclaration(node) &&
    ts.isObjectBindingPattern(node.name) &&
    node.initializer !== undefined &&
    isNamed(node.initializer, 'process') &&
    node.name.elements.some(({ name, propertyName }) => (propertyName ?? name).getText() === 'env')
  );
}

/** `a.b`, `a?.b`, `a['b']` and the same on globalThis, as "a.b". */
function memberOf(node: ts.Node): string | undefined {
  if (ts.isPropertyAccessExpression(node)) return `${lastName(node.expression)}.${node.name.text}`;
  if (ts.isElementAccessExpression(node) && ts.isStringLiteralLike(node.argumentExpression))
    return `${lastName(node.expression)}.${node.argumentExpression.text}`;
  return undefined;
}

function lastName(node: ts.Expression): string {
  return ts.isPropertyAccessExpression(node) && isNamed(node.expression, 'globalThis')
    ? node.name.text
    : node.getText();
}

function isNamed(node: ts.Node, name: string): boolean {
  return (
    (ts.isIdentifier(node) && node.text === name) ||
    (ts.isPropertyAccessExpression(node) && node.name.text === name && isNamed(node.expression, 'globalThis'))
  );
}
