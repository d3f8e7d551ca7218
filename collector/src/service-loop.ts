/** The rooms that lead from watching a model to making it better: feedback, evaluations, retraining. */
import type { Experiments } from './assignments/experiments.ts';
import type { Config } from './config.ts';
import type { FeedbackEnvironment } from './feedback/feedback-service.ts';
import { experimentArms } from './retraining/experiment-arms.ts';
import { openEvaluations, type EvaluationGround } from './service-evaluations.ts';
import { openFeedback } from './service-feedback.ts';
import { openRetraining, type RetrainingGround } from './service-retraining.ts';

/** What they stand on. */
export interface LoopGround
  extends
    Omit<EvaluationGround, 'examples'>,
    Pick<RetrainingGround, 'answers' | 'attach' | 'owner' | 'registry' | 'url'>,
    Pick<FeedbackEnvironment, 'desk' | 'ingest' | 'now' | 'pause'> {
  readonly experiments: Experiments;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Makes them. `chores` are to be kept going; `close` ends what runs. */
export function openLoop(config: Config, ground: LoopGround) {
  const { database, logger, store, artifacts, lifecycle, registry, experiments, attach, answers, url, owner } = ground;
  const { feedback, examples, counts, retire } = openFeedback(database, ground);
  const evaluations = openEvaluations(config, { database, store, artifacts, lifecycle, examples, logger });
  const { retraining, callbacks, chores, close, look } = openRetraining(config, {
    ...{ database, store, artifacts, registry, lifecycle, examples, attach, logger, answers, url, owner },
    ...{ feedback: counts, arms: experimentArms(experiments) },
  });
  return {
    edge: { feedback, evaluations, retraining, callbacks, alertSecret: config.alertSecret },
    look,
    chores: [...chores, [HOUR, retire], [MINUTE, () => evaluations.keepHouse()]] as typeof chores,
    close: async () => {
      await close();
      await evaluations.close();
    },
  };
}
