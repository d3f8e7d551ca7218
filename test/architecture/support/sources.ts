/** Source files as syntax trees, from the disk or made up: every rule is a function of them, so that it can be shown to fail. */
import { readdirSync, readFileSync } from 'node:fs';
import { posix, relative, resolve, sep } from 'node:path';
import ts from 'typescript';

export const ROOT = resolve(__dirname, '../../..');

/** Path below the source folder (with `/`) → syntax tree. */
export type Sources = ReadonlyMap<string, ts.SourceFile>;

/** One import, export-from or `import()`. */
export interface Import {
  readonly specifier: string;
  /** False where nothing is left of it at run time. */
  readonly isValue: boolean;
  readonly line: number;
  /** Names imported by name; empty for `*`, default and side effects. */
  readonly names: readonly string[];
}

/** Reads every TypeScript file below a folder of the repository. */
export function readSources(folder: string): Sources {
  const base = resolve(ROOT, folder);
  const paths = readdirSync(base, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => resolve(entry.parentPath, entry.name));
  return parseSources(
    Object.fromEntries(paths.map((path) => [relative(base, path).split(sep).join('/'), readFileSync(path, 'utf8')])),
  );
}

/** Parses made-up files. */
export function parseSources(texts: Readonly<Record<string, string>>): Sources {
  return new Map(
    Object.entries(texts).map(([path, text]) => {
      const kind = path.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
      return [path, ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true, kind)];
    }),
  );
}

/** All imports of a file. `import { type A }` counts as a value: under `verbatimModuleSyntax` the module is loaded. */
export function importsOf(file: ts.SourceFile): Import[] {
  const found: Import[] = [];
  visit(file, (node) => {
    const specifier = specifierOf(node);
    if (specifier === undefined) return;
    found.push({ specifier, isValue: !isTypeOnly(node), line: lineOf(node), names: namesOf(node) });
  });
  return found;
}

function specifierOf(node: ts.Node): string | undefined {
  let target: ts.Node | undefined;
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) target = node.moduleSpecifier;
  else if (ts.isCallExpression(node) && isImportOrRequire(node.expression)) target = node.arguments[0];
  else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) target = node.argument.literal;
  return target && ts.isStringLiteralLike(target) ? target.text : undefined;
}

function isImportOrRequire(callee: ts.Expression): boolean {
  return callee.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(callee) && callee.text === 'require');
}

function isTypeOnly(node: ts.Node): boolean {
  if (ts.isImportDeclaration(node)) return node.importClause?.isTypeOnly === true;
  return (ts.isExportDeclaration(node) && node.isTypeOnly) || ts.isImportTypeNode(node);
}

function namesOf(node: ts.Node): string[] {
  const bindings = ts.isImportDeclaration(node) ? node.importClause?.namedBindings : undefined;
  if (!bindings || !ts.isNamedImports(bindings)) return [];
  return bindings.elements.map(({ name, propertyName }) => (propertyName ?? name).text);
}

/** The file a relative import means, by its path below the source folder; undefined when it is none of ours. */
export function resolveImport(sources: Sources, from: string, specifier: string): string | undefined {
  if (!specifier.startsWith('.')) return undefined;
  const path = posix.join(posix.dirname(from), specifier);
  return [path, `${path}.ts`, `${path}.tsx`, `${path}/index.ts`, `${path}/index.tsx`].find((name) => sources.has(name));
}

/** Calls back for a node and everything in it. */
export function visit(node: ts.Node, look: (node: ts.Node) => void): void {
  look(node);
  ts.forEachChild(node, (child) => visit(child, look));
}

/** 1-based line of a node. */
export function lineOf(node: ts.Node): number {
  return node.getSourceFile().getLineAndCharacterOfPosition(node.getStart()).line + 1;
}
