/** Size, types and documentation of the sources. */
import ts from 'typescript';
import { lineOf, visit, type Sources } from '../support/sources.ts';

export interface Sized {
  readonly where: string;
  readonly lines: number;
}

/** Lines of each file. */
export function fileSizes(sources: Sources): Sized[] {
  return Array.from(sources, ([path, file]) => ({ where: path, lines: file.text.trimEnd().split('\n').length }));
}

/** Lines of each function with a body, callbacks included. */
export function functionSizes(sources: Sources): Sized[] {
  const sizes: Sized[] = [];
  for (const [path, file] of sources)
    visit(file, (node) => {
      if (!ts.isFunctionLike(node) || !('body' in node) || node.body === undefined) return;
      const end = file.getLineAndCharacterOfPosition(node.getEnd()).line + 1;
      sizes.push({ where: `${path}:${lineOf(node)}`, lines: end - lineOf(node) + 1 });
    });
  return sizes;
}

/** The share of sizes that stay within a limit. */
export function shareWithin(sizes: readonly Sized[], limit: number): number {
  return sizes.filter(({ lines }) => lines <= limit).length / sizes.length;
}

/** Places where the type checker was switched off: `any`, or a comment that silences it or the linter. */
export function silencedChecks(sources: Sources): string[] {
  const found: string[] = [];
  for (const [path, file] of sources) {
    visit(file, (node) => {
      if (node.kind === ts.SyntaxKind.AnyKeyword) found.push(`${path}:${lineOf(node)} any`);
    });
    file.text.split('\n').forEach((text, index) => {
      const silencer = /@ts-(?:ignore|expect-error|nocheck)|eslint-disable/.exec(text);
      if (silencer) found.push(`${path}:${index + 1} ${silencer[0]}`);
    });
  }
  return found;
}

/** Exported declarations without a docstring. */
export function undocumentedExports(sources: Sources): string[] {
  return [...sources].flatMap(([path, file]) =>
    file.statements
      .filter((node) => isExported(node) && ts.getJSDocCommentsAndTags(node).length === 0)
      .map((node) => `${path}:${lineOf(node)} ${nameOf(node)}`),
  );
}

function isExported(node: ts.Statement): boolean {
  return (
    ts.canHaveModifiers(node) &&
    ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true
  );
}

function nameOf(node: ts.Statement): string {
  if (ts.isVariableStatement(node))
    return node.declarationList.declarations.map(({ name }) => name.getText()).join(', ');
  return 'name' in node && node.name ? (node.name as ts.Node).getText() : 'default';
}
