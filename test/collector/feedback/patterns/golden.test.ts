/** Patterns of feedback against SciPy and statsmodels (test/golden/feedback/generate.py says which versions). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { benjaminiHochberg } from '../../../../collector/src/drift/benjamini-hochberg.ts';
import { overRepresented } from '../../../../collector/src/feedback/patterns/tail.ts';

interface Golden {
  readonly fisher: readonly { readonly table: readonly [number, number, number, number]; readonly p: number }[];
  readonly report: {
    readonly n: number;
    readonly errors: number;
    readonly groups: readonly (readonly [number, number])[];
    readonly p_values: readonly number[];
    readonly adjusted: readonly number[];
  };
}

const golden = JSON.parse(readFileSync(join(__dirname, '../../../golden/feedback/golden.json'), 'utf8')) as Golden;

/** Where SciPy has fewer digits than that itself, its tail being 1 minus the other one. */
const relative = (p: number, expected: number) => Math.abs(p - expected) / Math.max(expected, 1e-290);

test.each(golden.fisher)('$table → $p', ({ table: [n, errors, allN, allErrors], p }) => {
  const computed = overRepresented({ n, errors }, { n: allN, errors: allErrors });
  expect(relative(computed, p)).toBeLessThan(1e-7);
});

test('a report of several groups', () => {
  const { n, errors, groups, p_values: pValues, adjusted } = golden.report;
  const computed = groups.map(([size, wrong]) => overRepresented({ n: size, errors: wrong }, { n, errors }));
  for (const [group, p] of computed.entries()) expect(relative(p, pValues[group] as number)).toBeLessThan(1e-8);
  for (const [group, p] of benjaminiHochberg(computed).entries())
    expect(relative(p, adjusted[group] as number)).toBeLessThan(1e-8);
});
