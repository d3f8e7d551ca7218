import type { Policy } from '../../../grafana-plugin/src/control-plane/types';

/** The section of a policy where nobody trains. */
export function noRetraining(): Policy['retraining'] {
  return {
    trainer: null,
    triggers: {
      alert: true,
      accuracy: { below: 0.85, minimum: 200, windowDays: 7 },
      drift: { share: 0.5 },
      feedback: { count: 100 },
      schedule: null,
    },
    cooldownHours: 24,
    runsPerWeek: 3,
    timeLimitSeconds: 3_600,
    data: {
      ...{ windowDays: 90, source: 'all', minimumRows: 1_000, maximumRows: 1_000_000 },
      ...{ minimumFeedback: 100, feedbackWeight: 1 },
    },
    validation: { heldOut: 0.2, minimumRows: 200, metric: 'accuracy', min: 0.85, margin: 0.01, timeLimitSeconds: 600 },
    then: { do: 'development' },
  };
}
