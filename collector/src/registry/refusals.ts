/** What is not there, and how messages say so. */
import { PlumblineError } from '../errors.ts';

/** @throws PlumblineError `not_found` */
export function noModel(model: string): never {
  const help = 'Models are listed at /v1/models; one comes to be when it is declared, saved or predicts.';
  throw new PlumblineError('not_found', `There is no model ${JSON.stringify(model)}.`, help);
}

/** @throws PlumblineError `not_found` */
export function noVersion(model: string, version: string): never {
  const message = `There is no version ${JSON.stringify(version)} of ${JSON.stringify(model)}.`;
  throw new PlumblineError('not_found', message, `Its versions are listed at /v1/models/${model}/versions.`);
}
