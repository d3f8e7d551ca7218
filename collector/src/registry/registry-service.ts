/** The registry: models and their versions, saved once and then immutable but for description, aliases and tags. */
import { asJson } from '../audit/audit-event.ts';
import { checkedContent } from '../client/checked-content.ts';
import { PlumblineError } from '../errors.ts';
import { resolveOptions } from '../monitor/options.ts';
import { DEFAULT_LIMITS, type ArtifactLimits } from './artifact-intake.ts';
import type { ArtifactStore, PathSource } from './artifact-store.ts';
import { auditEntry, versionFacts } from './audit-entries.ts';
import { compareVersions } from './compare-versions.ts';
import type { Act, Model, ModelDeclaration, Page, Registry, Version, VersionComparison } from './model-version.ts';
import type { PageQuery, RegistryStore, RegistryWriting, StoredVersion } from './registry-store.ts';
import { noModel, noVersion } from './refusals.ts';
import { auditMoved, saveVersion } from './save-version.ts';
import { removeLeftOver } from './sweep.ts';
import { checkAliases, checkName, checkTags, checkText, invalid } from './version-checks.ts';
import { versionName } from './verify-artifact.ts';

/** What the registry works with. */
export interface RegistryOptions {
  readonly store: RegistryStore;
  readonly artifacts: ArtifactStore;
  /** Reads paths below the allowed roots. */
  readonly paths: PathSource;
  /** Epoch ms. */
  readonly now: () => number;
  /** A text never given before, fit for a file name: a UUID. */
  readonly newId: () => string;
  readonly limits?: ArtifactLimits;
  /** Told after a model or its versions changed. */
  readonly onChange?: (model: string) => void;
}

/** Makes the registry. */
export function createRegistry(options: RegistryOptions): Registry {
  return new RegistryService({ limits: DEFAULT_LIMITS, onChange: () => {}, ...options });
}

class RegistryService implements Registry {
  readonly #options: Required<RegistryOptions>;

  constructor(options: Required<RegistryOptions>) {
    this.#options = options;
  }

  models(page: PageQuery): Promise<Page<Model>> {
    return this.#options.store.models(page);
  }

  async model(name: string): Promise<Model> {
    return (await this.#options.store.model(name)) ?? noModel(name);
  }

  async declare(name: string, declaration: ModelDeclaration, act: Act): Promise<Model> {
    checkName(name, 'model');
    checkDeclaration(name, declaration);
    await this.#write(name, async (writing, now) => {
      const model = await writing.lockOrMakeModel(name, now);
      await writing.declare(model, declaration);
      const before = model.registered ? asJson(model.declaration) : null;
      await writing.audit(auditEntry('model.changed', act, { model: name, before, after: asJson(declaration) }), now);
    });
    return this.model(name);
  }

  async versions(model: string, page: PageQuery): Promise<Page<Version>> {
    await this.model(model);
    return this.#options.store.versions(model, page);
  }

  async version(model: string, version: string): Promise<Version> {
    return (await this.#stored(model, version)).version;
  }

  async save(...[version, source, act]: Parameters<Registry['save']>): Promise<Version> {
    const saved = await saveVersion(this.#options, version, source, act);
    this.#options.onChange(saved.model);
    return saved;
  }

  async change(...[model, version, change, act]: Parameters<Registry['change']>): Promise<Version> {
    if (Object.keys(change).length === 0)
      throw invalid('Nothing is changed', 'Give a description, aliases or tags; all else of a version is immutable.');
    await this.#write(model, async (writing, now) => {
      const locked = (await writing.lockModel(model)) ?? noModel(model);
      const stored = visible(await writing.version(locked, version), model, version);
      const before = stored.version;
      if (!before.registered) throw unregistered(before);
      const after = {
        description: checkText(change.description ?? before.description, 'description'),
        tags: checkTags(change.tags ?? before.tags),
        aliases: checkAliases(change.aliases ?? before.aliases),
      };
      await writing.changeVersion(stored, after);
      const moved = await writing.setAliases(locked, stored, after.aliases);
      const { description, tags, aliases } = before;
      const facts = { before: asJson({ description, tags, aliases }), after: asJson(after) };
      await writing.audit(auditEntry('version.changed', act, { model, subject: version, ...facts }), now);
      await auditMoved(writing, act, { model, version, moved }, now);
    });
    return this.version(model, version);
  }

  async remove(model: string, version: string, act: Act): Promise<void> {
    const artifact = await this.#write(model, async (writing, now) => {
      const locked = (await writing.lockModel(model)) ?? noModel(model);
      const stored = visible(await writing.version(locked, version), model, version);
      if (stored.version.stage === 'production') throw inProduction(stored.version);
      const experiment = await writing.experimentWith(locked, version);
      if (experiment !== undefined) throw inExperiment(stored.version, experiment);
      await writing.setAliases(locked, stored, []);
      await writing.deleteVersion(stored, now);
      const before = versionFacts(stored.version);
      await writing.audit(auditEntry('version.deleted', act, { model, subject: version, before }), now);
      return stored.artifact;
    });
    // After the commit: files that are gone while their version is there would be the worse half of a crash.
    if (artifact !== null) await removeLeftOver(this.#options.artifacts, artifact);
  }

  async compare(model: string, a: string, b: string): Promise<VersionComparison> {
    return compareVersions(await this.version(model, a), await this.version(model, b));
  }

  async file(...[model, version, path]: Parameters<Registry['file']>): ReturnType<Registry['file']> {
    const stored = await this.#stored(model, version);
    const file = stored.version.files.find((one) => one.path === path);
    if (!file || stored.artifact === null) throw noFile(stored.version, path);
    const content = await this.#options.artifacts.read(stored.artifact, path);
    return { file, content: checkedContent(versionName(stored.version), file, content) };
  }

  async #stored(model: string, version: string): Promise<StoredVersion> {
    return visible(await this.#options.store.version(model, version), model, version);
  }

  async #write<Result>(
    model: string,
    work: (writing: RegistryWriting, now: number) => Promise<Result>,
  ): Promise<Result> {
    const now = this.#options.now();
    const result = await this.#options.store.transaction((writing) => work(writing, now));
    this.#options.onChange(model);
    return result;
  }
}

/** What a monitor of this model would refuse is refused when it is declared. */
function checkDeclaration(model: string, declaration: ModelDeclaration): void {
  const { task, classes, positiveClass, features, segments, window } = declaration;
  resolveOptions({
    ...{ model, version: '1' },
    ...(task !== undefined && { task }),
    ...(classes !== undefined && { classes }),
    ...(positiveClass !== undefined && { positiveClass }),
    ...(features !== undefined && { features }),
    ...(segments !== undefined && { segments }),
    ...(window !== undefined && { window }),
  });
  if (declaration.description !== undefined) checkText(declaration.description, 'description');
  for (const [name, { importance, pii }] of Object.entries(features ?? {})) {
    if (importance !== undefined && !(Number.isFinite(importance) && importance >= 0))
      throw invalid(`features.${name}.importance: expected a number, 0 or more`);
    if (pii !== undefined && !['drop', 'hash'].includes(pii))
      throw invalid(`features.${name}.pii: "${String(pii)}" is not known`, 'Use "drop" or "hash".');
  }
}

function visible(stored: StoredVersion | undefined, model: string, version: string): StoredVersion {
  return stored && !stored.deleted ? stored : noVersion(model, version);
}

function unregistered(version: Version): PlumblineError {
  const help = 'Save it with its files first (POST …/versions); then it has a description, aliases and tags.';
  return new PlumblineError('conflict', `The ${versionName(version)} is known from predictions alone.`, help);
}

function inProduction(version: Version): PlumblineError {
  const help = 'Promote another version first, or deprecate this one.';
  return new PlumblineError('conflict', `The ${versionName(version)} is in production and cannot be deleted.`, help);
}

function inExperiment(version: Version, experiment: string): PlumblineError {
  const help = `End the experiment first (PUT /v1/models/${version.model}/experiments/${experiment}), or take its weight away.`;
  const message = `The ${versionName(version)} takes part in the experiment "${experiment}" and cannot be deleted.`;
  return new PlumblineError('conflict', message, help);
}

function noFile(version: Version, path: string): PlumblineError {
  const help = `Its files are listed at /v1/models/${version.model}/versions/${version.version}.`;
  return new PlumblineError('not_found', `The ${versionName(version)} has no file ${JSON.stringify(path)}.`, help);
}
