/** Retraining behind the HTTP edge, from memory; what it was asked is noted. */
import { PlumblineError } from '../../../../collector/src/errors.ts';
import { DEFAULT_RETRAINING } from '../../../../collector/src/lifecycle/retraining-policy.ts';
import type { RunCallbacks } from '../../../../collector/src/retraining/callback-desk.ts';
import { planOf } from '../../../../collector/src/retraining/plan.ts';
import type { Refusal, Retraining, Run } from '../../../../collector/src/retraining/run.ts';
import { ACTOR, type Call } from './fakes.ts';

export const RUN: Run = {
  ...{ run: 'run-1', model: 'churn', trigger: 'operator', reason: 'drift', actor: ACTOR, state: 'training' },
  ...{ startedAt: '2026-01-02T00:00:00.000Z', updatedAt: '2026-01-02T00:01:00.000Z', endedAt: null },
  ...{ outcome: null, incumbent: '2', version: null, policyRevision: 1, log: 'epoch 1\n', cancelRequested: false },
  steps: [{ state: 'queued', at: '2026-01-02T00:00:00.000Z', reason: null, evidence: null }],
};
export const REFUSAL: Refusal = { code: 'cooldown', message: 'Too early.', until: '2026-01-03T00:00:00.000Z' };

function found<Value>(model: string, value: Value): Value {
  if (model !== 'unknown') return value;
  throw new PlumblineError('not_found', `There is no model "${model}".`, 'See GET /v1/models.');
}

export function fakeRetraining(calls: Call[]): Retraining {
  const history = { running: null, lastStart: null, starts: [] };
  return {
    plan: async (model) => found(model, planOf(model, DEFAULT_RETRAINING, { facts: {}, history }, 0)),
    start: async (model, request, act) => {
      calls.push({ name: 'retrain', args: [model, request, act] });
      if (request.reason === 'refuse me') return { outcome: 'refused', refusal: REFUSAL };
      return found(model, { outcome: 'started', run: { ...RUN, model } } as const);
    },
    runs: async (model) => {
      const { steps: _steps, log: _log, cancelRequested: _cancel, ...summary } = RUN;
      return found(model, { items: [summary], next: null });
    },
    run: async (model, run) => found(model, { ...RUN, run }),
    cancel: async (model, run, reason, act) => {
      calls.push({ name: 'cancel', args: [model, run, reason, act] });
      return found(model, { ...RUN, run, cancelRequested: true });
    },
  };
}

export function fakeCallbacks(calls: Call[]): RunCallbacks {
  return {
    check: async (_model, _run, token) => {
      if (token === 'wrong') throw new PlumblineError('unauthorized', 'The token is wrong.', 'Send the right one.');
    },
    report: async (run, report, files) => {
      const received: string[] = [];
      for await (const { path, content } of files ?? []) {
        let text = '';
        for await (const piece of content) text += Buffer.from(piece).toString();
        received.push(`${path}: ${text}`);
      }
      calls.push({ name: 'report', args: [run, report, received] });
    },
    data: async function* () {
      yield Buffer.from('{"id":"a"}\n');
    },
  };
}
