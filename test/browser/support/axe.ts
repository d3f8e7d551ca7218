/** What axe finds on a page as it stands. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Page } from 'playwright-core';

const AXE = readFileSync(resolve(__dirname, '../../../node_modules/axe-core/axe.min.js'), 'utf8');

interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly html: string }[];
}

/** Findings people with a screen reader or a keyboard are stopped by, each with the element it is about. */
export async function seriousFindings(page: Page): Promise<string[]> {
  // The host page has a `define` of its own, which waits for one module only.
  await page.evaluate(`(function (define, module) { ${AXE} })()`);
  const { violations } = (await page.evaluate('axe.run(document, { resultTypes: ["violations"] })')) as {
    violations: readonly Violation[];
  };
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 300)}`));
}
