/** Evaluations that answer from memory, and note what they were asked. */
import { PlumblineError } from '../../../../collector/src/errors.ts';
import type { EvaluationRecord, Evaluations } from '../../../../collector/src/retraining/evaluation/evaluations.ts';
import { ACTOR, type Call } from './fakes.ts';

function found<Value>(model: string, value: Value): Value {
  if (model === 'unknown')
    throw new PlumblineError('not_found', 'model: there is no "unknown".', 'See GET /v1/models.');
  return value;
}

export function fakeEvaluations(calls: Call[]): Evaluations {
  const note = (name: string, ...args: unknown[]) => void calls.push({ name, args });
  const measured = { value: 0.9, n: 2, low: 0.5, high: 1 };
  const difference = { from: '1', metric: 'accuracy', difference: measured, pValue: 0.5, onlyThis: 1, onlyFirst: 0 };
  const record = (model: string): EvaluationRecord =>
    ({
      ...{ id: 'e1', model, versions: ['1', '2'], status: 'finished', reason: null, actor: ACTOR },
      ...{ createdAt: '2026-01-01T00:00:00.000Z', finishedAt: '2026-01-01T00:01:00.000Z' },
      result: {
        rows: 2,
        versions: [
          {
            ...{ version: '2', metrics: { accuracy: measured }, difference },
            classes: [{ class: 'yes', support: 2, precision: 1, recall: 1, f1: 1 }],
            latency: { n: 2, p50: 0.1, p95: 0.2 },
          },
        ],
      },
      failed: [{ version: '1', reason: 'It left no answers.', log: 'oops' }],
    }) as unknown as EvaluationRecord;
  return {
    start: async (model, request, act) => {
      note('evaluate', model, request, act);
      return found(model, { ...record(model), status: 'running', result: null });
    },
    get: async (model) => found(model, record(model)),
    list: async (model) => found(model, { items: [record(model)], next: null }),
    cancel: async (model, id) => {
      note('cancelEvaluation', model, id);
      return found(model, { ...record(model), status: 'cancelled' });
    },
  };
}
