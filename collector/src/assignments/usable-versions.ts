/** Which versions may take part. */
import { PlumblineError } from '../errors.ts';
import type { LockedModel } from '../registry/registry-store.ts';
import { noVersion } from '../registry/refusals.ts';
import type { ExperimentRules } from './experiment.ts';
import type { ExperimentWriting } from './experiment-store.ts';

/**
 * Versions that answer or shadow must be saved ones that are not deprecated; an arm without weight may be anything that is there.
 * @throws PlumblineError `not_found`, `conflict`
 */
export async function checkVersions(
  writing: Pick<ExperimentWriting, 'version'>,
  model: LockedModel,
  { arms, shadows }: ExperimentRules,
): Promise<void> {
  const wanted = [...arms.filter(({ weight }) => weight > 0).map(({ version }) => version), ...shadows];
  for (const version of wanted) {
    const stored = await writing.version(model, version);
    if (!stored || stored.deleted) noVersion(model.name, version);
    const { registered, stage } = stored.version;
    if (!registered)
      throw cannot(version, 'is known from predictions alone', 'Save it with its files first (POST …/versions).');
    if (stage === 'deprecated')
      throw cannot(version, 'is deprecated', 'Give it the weight 0, or leave it out of the shadows.');
  }
}

function cannot(version: string, why: string, help: string): PlumblineError {
  return new PlumblineError('conflict', `The version "${version}" ${why} and can take no part.`, help);
}
