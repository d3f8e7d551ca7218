/** Gets the files of a version from a collector and puts them in place. */
import { ERROR_CODES, errorText, PlumblineError, type ErrorCode } from '../errors.ts';
import type { ArtifactFile } from './artifact-manifest.ts';
import { writeArtifact, type Materialised, type Target } from './write-artifact.ts';

/** Which version: exactly one of `version`, `alias` and `stage`. */
export interface VersionReference {
  readonly model: string;
  readonly version?: string;
  readonly alias?: string;
  /** The newest version of this stage: `production` is the one that is live. */
  readonly stage?: string;
}

/** Where from, which version, where to. */
export interface MaterialiseOptions extends VersionReference, Target {
  /** Base URL of the collector. */
  readonly collector: string;
  /** A token with the scope `read`. */
  readonly token?: string;
  /** Ends it early; nothing is left behind. */
  readonly signal?: AbortSignal;
}

/** What of a version's description is needed here. */
interface Described {
  readonly model: string;
  readonly version: string;
  readonly digest: string | null;
  readonly stage: string | null;
  readonly aliases: readonly string[];
  readonly files: readonly ArtifactFile[];
}

const HELP = 'Check the address, the token (scope read), and that the collector runs.';

/**
 * Writes the files of a registered version to a folder, each checked against its SHA-256; see `writeArtifact` for what happens to a place
 * that holds something already. Nothing is changed when it fails.
 * @throws PlumblineError `not_found`, `unauthorized`, `unavailable` (no answer), `already_exists`, `artifact_damaged`
 */
export async function materialise(options: MaterialiseOptions): Promise<Materialised> {
  const ask = asker(options);
  const path = `v1/models/${encodeURIComponent(options.model)}/versions`;
  const found = await describe(ask, path, options);
  const { digest } = found;
  if (digest === null) throw withoutFiles(found);
  const files = `${path}/${encodeURIComponent(found.version)}/files`;
  const read = async (file: string) =>
    bytesOf(await ask(`${files}/${file.split('/').map(encodeURIComponent).join('/')}`));
  return writeArtifact({ ...found, digest, read }, options);
}

type Ask = (path: string) => Promise<Response>;

async function describe(ask: Ask, path: string, options: VersionReference): Promise<Described> {
  checkReference(options);
  const { version } = options;
  const json = async (place: string): Promise<unknown> => (await ask(place)).json();
  if (version !== undefined) return (await json(`${path}/${encodeURIComponent(version)}`)) as Described;
  for (let query = ''; ;) {
    const page = (await json(`${path}${query}`)) as { items: readonly Described[]; next: string | null };
    const found = page.items.find((item) => fits(item, options));
    if (found) return found;
    if (page.next === null) throw noSuchVersion(options);
    const next = `?cursor=${encodeURIComponent(page.next)}`;
    if (next === query) throw new PlumblineError('unavailable', 'The collector gives the same page again.', HELP);
    query = next;
  }
}

/** Whether a version is the one an alias or a stage names. */
export function fits({ aliases, stage }: Pick<Described, 'aliases' | 'stage'>, wanted: VersionReference): boolean {
  return wanted.alias === undefined ? stage === wanted.stage : aliases.includes(wanted.alias);
}

/** @throws PlumblineError `usage` unless exactly one of version, alias and stage is given */
export function checkReference({ version, alias, stage }: VersionReference): void {
  if ([version, alias, stage].filter((one) => one !== undefined).length === 1) return;
  const help = 'Name a version, an alias such as champion, or a stage such as production.';
  throw new PlumblineError('usage', 'version: give exactly one of version, alias and stage.', help);
}

/** Asks the collector. Node itself gives up on one that cannot be reached (10 s) or falls silent (5 minutes). */
function asker({ collector, token, signal }: MaterialiseOptions): Ask {
  const base = collector.endsWith('/') ? collector : `${collector}/`;
  if (!URL.canParse(base) || !/^https?:/.test(base))
    throw new PlumblineError('invalid_configuration', `collector: "${collector}" is no http(s) address.`, HELP);
  return async (path) => {
    const request = {
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      ...(signal && { signal }),
    };
    const response = await fetch(new URL(path, base), request).catch((error: unknown) => {
      throw asUnavailable(error, base);
    });
    if (!response.ok) throw await refusal(response);
    return response;
  };
}

async function* bytesOf(response: Response): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of response.body ?? []) yield chunk as Uint8Array;
  } catch (error) {
    throw asUnavailable(error, new URL(response.url).origin);
  }
}

/** What the collector says, in its own words. */
async function refusal(response: Response): Promise<PlumblineError> {
  const body = (await response.json().catch(() => ({}))) as { code?: string; message?: string; help?: string };
  const known = body.code !== undefined && Object.hasOwn(ERROR_CODES, body.code);
  const code = known ? (body.code as ErrorCode) : 'unavailable';
  return new PlumblineError(code, body.message ?? `The collector answered ${response.status}.`, body.help ?? HELP);
}

function asUnavailable(error: unknown, base: string): unknown {
  if (error instanceof PlumblineError) return error;
  if ((error as Error).name === 'AbortError')
    return new PlumblineError('interrupted', 'Stopped before the end; nothing was changed.', 'Run it again.');
  const cause = (error as { cause?: unknown }).cause ?? error;
  return new PlumblineError('unavailable', `The collector at ${base} gave no answer: ${errorText(cause)}.`, HELP, {
    cause: error,
  });
}

/** No version has that alias or stage. */
export function noSuchVersion({ model, alias, stage }: VersionReference): PlumblineError {
  const wanted = alias === undefined ? `in stage "${String(stage)}"` : `with the alias "${alias}"`;
  const help = `Its versions are listed at /v1/models/${model}/versions.`;
  return new PlumblineError('not_found', `There is no version of "${model}" ${wanted}.`, help);
}

/** Predictions made it known; nobody saved it. */
export function withoutFiles({ model, version }: { readonly model: string; readonly version: string }): PlumblineError {
  const help = 'Save it with its files first (POST …/versions).';
  return new PlumblineError('not_found', `Version "${version}" of "${model}" has no files.`, help);
}
