/** The policy of the loop, in place of the defaults. */
import type { PolicyChanges } from '../../lifecycle/policy.ts';
import { PREDICT_COMMAND, TRAIN_COMMAND } from './electricity-program.ts';

/** Share of the keys that a candidate gets. */
export const CANDIDATE_SHARE = 0.5;

/**
 * Honest models reach 0.61 to 0.84 on this stream, so what the defaults ask for (0.85, 0.90 and a stability of 0.95) is out of reach: a
 * model of it goes to production from 0.65 on, when its accuracy keeps steady to 0.80, and is retrained when the data drifts, or below 0.70.
 */
export const LOOP_POLICY: PolicyChanges = {
  gates: {
    staging: [{ metric: 'accuracy', min: 0.65 }],
    production: [
      { metric: 'accuracy', min: 0.65 },
      { metric: 'stability', min: 0.8 },
    ],
  },
  evidence: { windowDays: 1, minimum: 200, source: 'store' },
  predictCommand: PREDICT_COMMAND,
  retraining: {
    trainer: { kind: 'command', command: TRAIN_COMMAND, environment: [] },
    triggers: {
      accuracy: { below: 0.7, minimum: 500, windowDays: 1 / 24 },
      drift: { share: 0.5 },
      feedback: null,
    },
    cooldownHours: 24,
    data: { minimumRows: 2_000 },
    validation: { heldOut: 0.2, minimumRows: 400, metric: 'accuracy', min: 0.65, margin: 0.01 },
    // A reading is predicted once, so its outcome stands with its label.
    then: { do: 'experiment', weight: CANDIDATE_SHARE, keyWindowSeconds: 0 },
  },
};
