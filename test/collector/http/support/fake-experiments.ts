/** Experiments that answer from memory. */
import { PlumblineError } from '../../../../collector/src/errors.ts';
import type { Epoch, Experiment } from '../../../../collector/src/assignments/experiment.ts';
import type { Experiments } from '../../../../collector/src/assignments/experiments.ts';
import type { ExperimentReport } from '../../../../collector/src/assignments/report.ts';
import { createComparison, type KeyUnit } from '../../../../collector/src/experiments/comparison.ts';
import type { Call } from './fakes.ts';

const EPOCH: Epoch = {
  ...{ number: 2, since: '2026-01-02T00:00:00.000Z', until: null, cause: 'weights' },
  weights: { '1': 0.5, '2': 0.5 },
  allocation: [
    { version: '1', start: 0, end: 5_000 },
    { version: '2', start: 5_000, end: 10_000 },
  ],
};

export const EXPERIMENT: Experiment = {
  ...{ model: 'churn', experiment: 'blue', state: 'running', description: '', mode: 'weights', metric: 'accuracy' },
  ...{ control: '1', shadows: ['3'], ramp: [], bandit: null, keyWindowSeconds: 3_600, labelWaitSeconds: 604_800 },
  arms: [
    { version: '1', weight: 1 },
    { version: '2', weight: 1 },
  ],
  guardrails: [{ metric: 'accuracy', limit: 0.8 }],
  ...{ salt: 's', revision: 3, createdAt: '2026-01-01T00:00:00.000Z', startedAt: '2026-01-01T00:00:00.000Z' },
  ...{ endedAt: null, epoch: EPOCH, stopped: [] },
};

const UNITS: readonly KeyUnit[] = ['1', '2', '1'].map((version) => ({
  ...{ version, epoch: 2, windowOver: true, closed: true, predictions: 1, expired: 0, durations: [0.1] },
  outcomes: [{ actual: 'yes', predicted: 'yes' }],
}));
const SHARES = Object.entries(EPOCH.weights).map(([version, weight]) => ({ version, weight }));
const COMPARISON = createComparison({ task: 'classification', control: '1', arms: ['2'] });
COMPARISON.addEpoch({ epoch: 2, shares: SHARES });
for (const unit of UNITS) COMPARISON.addKey(unit);
const FOUND: Pick<ExperimentReport, 'comparedAt' | 'comparison' | 'guardrailReadings'> = {
  comparedAt: '2026-01-03T00:00:00.000Z',
  comparison: COMPARISON.read(),
  guardrailReadings: [COMPARISON.guard('2', { metric: 'accuracy', limit: 0.8 })],
};

export function fakeExperiments(calls: Call[]): Experiments {
  const note = (name: string, ...args: unknown[]) => void calls.push({ name, args });
  const known = (model: string, experiment: string): Experiment => {
    if (model === 'unknown') throw new PlumblineError('not_found', 'There is no model "unknown".', 'See /v1/models.');
    return { ...EXPERIMENT, model, experiment };
  };
  const noted =
    (name: string): Experiments['start'] =>
    async (model, experiment, reason, act) => {
      note(name, model, experiment, reason, act);
      return known(model, experiment);
    };
  return {
    put: async (model, experiment, change, act) => {
      note('put', model, experiment, change, act);
      return known(model, experiment);
    },
    start: noted('start'),
    pause: noted('pause'),
    end: noted('end'),
    list: async (model) => ({ items: [known(model, 'blue')], next: null }),
    get: async (model, experiment) => ({ ...known(model, experiment), epochs: [EPOCH], ...FOUND }),
    assignments: async (models) => {
      note('assignments', models);
      const { allocation, number: epoch, since } = EPOCH;
      const { model, experiment, salt, mode, shadows } = EXPERIMENT;
      return {
        items: [
          {
            ...{ model, experiment, epoch, salt, mode, hash: 'murmur3_32', buckets: 10_000 },
            allocation,
            shadows,
            since,
          },
        ],
        models: [{ model, production: '1' }],
      };
    },
    assignment: async (model, key) => {
      note('assignment', model, key);
      const experiment = { name: 'blue', epoch: 2, propensity: 0.5 };
      return { model, version: '2', experiment, reason: key === undefined ? 'random' : 'split', shadows: ['3'] };
    },
  };
}
