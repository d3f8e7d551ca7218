/** One drift window: exact Kolmogorov–Smirnov with its exact p, against sorting alone, which any exact method must at least do. */
import { countValues, type ValueCounts } from '../../collector/src/drift/samples.ts';
import { kolmogorovSmirnov } from '../../collector/src/drift/kolmogorov-smirnov.ts';
import { compare } from './compare.ts';
import { makeRows } from './rows.ts';

const REPEATS = 20;

/** Runs the comparison; `rounds` as in `compare`. */
export function benchDrift(rounds: number): Promise<string[]> {
  const reference = counted(10_000, 1);
  const window = Float64Array.from(makeRows(5_000, 2), ({ features }) => features['f0'] as number);
  return compare({
    title: 'Judging one feature: window of 5,000 against a reference of 10,000, no drift',
    unit: 'feature',
    operations: REPEATS,
    rounds,
    contenders: [
      {
        name: 'Plumbline, exact p',
        run: () => repeat(() => kolmogorovSmirnov(reference, countValues(window.toSorted()))),
      },
      {
        name: 'sorting both samples, no test',
        run: () => repeat(() => [window.toSorted(), reference.values.toSorted()]),
      },
    ],
  });
}

function counted(size: number, seed: number): ValueCounts {
  return countValues(Float64Array.from(makeRows(size, seed), ({ features }) => features['f0'] as number).sort());
}

function repeat(work: () => unknown): void {
  for (let index = 0; index < REPEATS; index++) work();
}
