/** Saves a version: its files first, then the row that makes them count, in one transaction with its audit entry. */
import { asJson } from '../audit/audit-event.ts';
import { artifactDigest, type ArtifactFile } from '../client/artifact-manifest.ts';
import { parseReference } from '../distribution/parse-reference.ts';
import { PlumblineError } from '../errors.ts';
import { takeFiles, type ArtifactLimits } from './artifact-intake.ts';
import type { ArtifactStore, PathSource } from './artifact-store.ts';
import { auditEntry, versionFacts } from './audit-entries.ts';
import type { Act, ArtifactSource, NewVersion, Version } from './model-version.ts';
import type { LockedModel, RegistryStore, RegistryWriting } from './registry-store.ts';
import { removeLeftOver } from './sweep.ts';
import {
  checkAliases,
  checkMetrics,
  checkName,
  checkTags,
  checkText,
  checkValidation,
  versionNumber,
} from './version-checks.ts';

/** What saving works with; see the registry's own options. */
export interface SaveOptions {
  readonly store: RegistryStore;
  readonly artifacts: ArtifactStore;
  readonly paths: PathSource;
  readonly now: () => number;
  readonly newId: () => string;
  readonly limits: ArtifactLimits;
}

/** What is known of a version before its files are; the name may yet be counted up. */
type Draft = Omit<Version, 'version' | 'createdAt' | 'digest' | 'files' | 'origin'> & { readonly version?: string };

/** Files that were taken in, and what they are known by. */
interface Taken {
  readonly id: string;
  readonly origin: string;
  readonly files: readonly ArtifactFile[];
}

/** Saves a version. @throws PlumblineError, see `Registry.save` */
export async function saveVersion(
  options: SaveOptions,
  given: NewVersion,
  source: ArtifactSource,
  act: Act,
): Promise<Version> {
  const draft = checkedDraft(given);
  // Asked again in the transaction; here it spares an upload that could only be thrown away.
  if (draft.version !== undefined) {
    const known = await options.store.version(draft.model, draft.version);
    if (known) refuseTaken(known.version, known.deleted);
  }
  const taken = await takeIn(options, source);
  try {
    return await options.store.transaction((writing) => commit(writing, draft, taken, act, options.now()));
  } catch (error) {
    // Ours was thrown before the commit. After any other error the row may be there all the same, so its files stay; a sweep decides.
    if (error instanceof PlumblineError && error.code !== 'unavailable')
      await removeLeftOver(options.artifacts, taken.id);
    throw error;
  }
}

async function takeIn({ artifacts, paths, newId, limits }: SaveOptions, source: ArtifactSource): Promise<Taken> {
  const { origin, files } =
    source.kind === 'path' ? await paths.open(source.path) : { origin: 'upload', files: source.files };
  const id = newId();
  const staged = await artifacts.stage(id);
  try {
    const taken = await takeFiles(files, staged, limits);
    await staged.publish();
    return { id, origin, files: taken };
  } catch (error) {
    await staged.discard();
    throw error;
  }
}

async function commit(
  writing: RegistryWriting,
  draft: Draft,
  { id, origin, files }: Taken,
  act: Act,
  now: number,
): Promise<Version> {
  const model = await writing.lockOrMakeModel(draft.model, now);
  const name = draft.version ?? (await nextNumber(writing, model));
  const known = await writing.version(model, name);
  if (known) refuseTaken(known.version, known.deleted);
  if (!model.registered) await writing.declare(model, model.declaration);
  await writing.setLastNumber(model, Math.max(model.lastNumber, versionNumber(name)));
  const facts = { createdAt: new Date(now).toISOString(), origin, digest: artifactDigest(files), files };
  const version: Version = { ...draft, ...facts, version: name };
  const stored = await writing.putVersion(model, version, id);
  const moved = await writing.setAliases(model, stored, version.aliases);
  const entry = { model: model.name, subject: name, after: versionFacts(version) };
  await writing.audit(auditEntry('version.saved', act, entry), now);
  await auditMoved(writing, act, { model: model.name, version: name, moved }, now);
  return version;
}

/** Tells of each alias that left another version. */
export async function auditMoved(
  writing: RegistryWriting,
  act: Act,
  change: {
    readonly model: string;
    readonly version: string;
    readonly moved: readonly { readonly alias: string; readonly from: string }[];
  },
  now: number,
): Promise<void> {
  for (const { alias, from } of change.moved) {
    const states = { before: asJson({ alias, version: from }), after: asJson({ alias, version: change.version }) };
    await writing.audit(auditEntry('version.changed', act, { model: change.model, subject: from, ...states }), now);
  }
}

/** One more than any number in use before; ingest may have met a number nobody saved. */
async function nextNumber(writing: RegistryWriting, model: LockedModel): Promise<string> {
  for (let number = model.lastNumber + 1; ; number++) {
    const name = String(number);
    if ((await writing.version(model, name)) === undefined) return name;
  }
}

function checkedDraft(given: NewVersion): Draft {
  const reference = given.reference === undefined ? null : parseReference(given.reference);
  return {
    model: checkName(given.model, 'model'),
    ...(given.version !== undefined && { version: checkName(given.version, 'version') }),
    description: checkText(given.description ?? '', 'description'),
    aliases: checkAliases(given.aliases ?? []),
    tags: checkTags(given.tags ?? {}),
    metrics: checkMetrics(given.metrics ?? {}),
    validation: given.validation === undefined ? null : checkValidation(given.validation),
    reference,
    referenceDigest: reference?.digest ?? null,
    stage: 'development',
    registered: true,
  };
}

/** A name is given once: an unregistered version of it is taken over, all else stays what it is. */
function refuseTaken({ model, version, registered, digest }: Version, deleted: boolean): void {
  if (!registered && !deleted) return;
  const state = deleted ? 'was deleted; its name is not given again' : 'is there already, and a version never changes';
  const help = 'Give another name, or none: it then gets the next number.';
  const message = `Version "${version}" of "${model}" ${state}.`;
  throw new PlumblineError('already_exists', message, help, { details: { digest } });
}
