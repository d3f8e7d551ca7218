/** Judging drift: exact Kolmogorov–Smirnov and the binned form against those who do it in Python, and how the cost grows. */
import { jensenShannon } from '../../collector/src/drift/jensen-shannon.ts';
import { kolmogorovSmirnov } from '../../collector/src/drift/kolmogorov-smirnov.ts';
import { populationStability } from '../../collector/src/drift/psi.ts';
import { sortFloats } from '../../collector/src/distribution/sort-floats.ts';
import { countValues, type ValueCounts } from '../../collector/src/drift/samples.ts';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { compare, type Contender, type Result } from './compare.ts';
import type { PythonRivals } from './python.ts';

const FEATURES = 12;
/** Rows of a feature that are worth timing: the clock of processor time ticks in milliseconds. */
const TIMED_ROWS = 200_000;

/** Runs the comparisons at 10,000 and 100,000 rows, the binned one, and the growth. */
export async function benchDrift(rounds: number, python: PythonRivals): Promise<Result[]> {
  return [
    await exact(rounds, python, 10_000),
    await exact(Math.ceil(rounds / 3), python, 100_000),
    await binned(rounds, python),
    await growth(Math.ceil(rounds / 3)),
  ];
}

/** As in use: the reference is counted once, each window is sorted once. */
async function exact(rounds: number, python: PythonRivals, size: number): Promise<Result> {
  return compare({
    title: `Kolmogorov–Smirnov with its p, exact as SciPy's default, n = m = ${size.toLocaleString('en')}`,
    unit: `${FEATURES} features`,
    operations: 1,
    rounds,
    contenders: [
      ours('Plumbline', size),
      await python.contender('SciPy ks_2samp, auto', 'scipy exact', size),
      await python.contender('SciPy ks_2samp, asymptotic', 'scipy asymptotic', size),
      await python.contender('NannyML, after fitting', 'nannyml', size),
      await python.contender('Evidently, drift report', 'evidently', size),
    ],
  });
}

function ours(name: string, size: number): Contender {
  const references = Array.from({ length: FEATURES }, (_, feature) => counted(values(size, feature)));
  const windows = Array.from({ length: FEATURES }, (_, feature) => values(size, feature + FEATURES));
  const parts = Math.max(1, Math.ceil(TIMED_ROWS / size));
  return {
    name,
    parts,
    run: () => {
      for (let part = 0; part < parts; part++) {
        for (const [feature, window] of windows.entries())
          kolmogorovSmirnov(references[feature] as ValueCounts, counted(window.slice()));
      }
    },
  };
}

async function binned(rounds: number, python: PythonRivals): Promise<Result> {
  const reference = Array.from({ length: 20 }, () => 5_000);
  const current = reference.map((count, bin) => count + ((bin * 37) % 11));
  const repeats = 1_000;
  return compare({
    title: 'Jensen–Shannon and PSI from 20 bins that were counted while recording, against NannyML on 100,000 rows',
    unit: `${FEATURES} features`,
    operations: 1,
    rounds,
    contenders: [
      {
        name: 'Plumbline',
        parts: repeats,
        run: () => {
          let sum = 0;
          for (let index = 0; index < repeats * FEATURES; index++) {
            sum += jensenShannon(reference, current) + populationStability(reference, current);
          }
          return sum;
        },
      },
      await python.contender('NannyML, after fitting', 'nannyml', 100_000),
    ],
  });
}

async function growth(rounds: number): Promise<Result> {
  const sizes = [1_000, 10_000, 100_000, 1_000_000];
  const contenders = sizes.map((size) => ours(`n = m = ${size.toLocaleString('en')}`, size));
  return compare({
    title: 'How the cost of Kolmogorov–Smirnov grows with the window',
    unit: `${FEATURES} features`,
    operations: 1,
    rounds,
    contenders,
  });
}

function values(size: number, seed: number): Float64Array {
  const generator = xoroshiro128plus(seed + 1);
  return Float64Array.from({ length: size }, () => uniformFloat64(generator) * 10);
}

function counted(sample: Float64Array): ValueCounts {
  return countValues(sortFloats(sample));
}
