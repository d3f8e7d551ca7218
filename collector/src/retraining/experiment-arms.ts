/** A candidate beside the version in production: an experiment of two arms, made and started for a run. */
import type { Experiments } from '../assignments/experiments.ts';
import type { Act } from '../registry/model-version.ts';
import type { Arms, NewArm } from './follow-up.ts';

/** Characters of the run's id that name the experiment; runs of a model that share them are as good as impossible. */
const NAME_LENGTH = 12;

/**
 * Fills the port `Arms`. The experiment is called `retraining-` and the beginning of the run's id; who comes again for the same run finds
 * it there, so that a run which was cut off between the two steps may be repeated.
 */
export function experimentArms(experiments: Pick<Experiments, 'put' | 'start'>): Arms {
  return {
    async start(arm: NewArm, act: Act): Promise<string> {
      const { model, run, version, incumbent, weight, keyWindowSeconds } = arm;
      const name = `retraining-${run.replaceAll('-', '').slice(0, NAME_LENGTH)}`;
      const arms = [
        { version: incumbent, weight: 1 - weight },
        { version, weight },
      ];
      const description = `Version ${version}, made by retraining run ${run}, against version ${incumbent} in production`;
      const window = keyWindowSeconds === undefined ? {} : { keyWindowSeconds };
      await experiments.put(model, name, { description, control: incumbent, arms, ...window }, act);
      await experiments.start(model, name, `Retraining run ${run}`, act);
      return name;
    },
  };
}
