/** What the lifecycle and the registry need to know of experiments when a version leaves. */
import { takesPart, withdrawVersion } from '../../assignments/withdraw.ts';
import type { LifecycleWriting } from '../../lifecycle/lifecycle-store.ts';
import type { LockedModel } from '../../registry/registry-store.ts';
import type { Writing } from '../database.ts';
import { openExperiments, saveExperiment } from './experiment-saving.ts';

/** Both, inside a transaction that holds the lock of the model. */
export function leaving(writing: Writing): Pick<LifecycleWriting, 'withdraw' | 'experimentWith'> {
  const openOf = (model: LockedModel) => openExperiments(writing, model);
  const save = saveExperiment.bind(undefined, writing);
  return {
    withdraw: (model, version, act, now) => withdrawVersion({ openOf, save }, model, version, { act, now }),
    experimentWith: async (model, version) =>
      (await openOf(model)).find((experiment) => takesPart(experiment, version))?.name,
  };
}
