/** What the registry needs of a database: its port, implemented in `storage/`. */
import type { AuditEntry } from '../audit/audit-event.ts';
import type { Model, ModelDeclaration, Page, Version } from './model-version.ts';

/** A version with what only the service knows of it. */
export interface StoredVersion {
  /** Key in the database. */
  readonly id: number;
  readonly version: Version;
  /** What the artifact store knows its files by; null without files. */
  readonly artifact: string | null;
  /** Deleted: nobody sees it any more, and its name is not given again. */
  readonly deleted: boolean;
}

/** A model inside a transaction that changes it: nobody else changes it until the end. */
export interface LockedModel {
  readonly id: number;
  readonly name: string;
  readonly registered: boolean;
  readonly declaration: ModelDeclaration;
  /** The largest whole number that has named a version. */
  readonly lastNumber: number;
}

/** Where a page begins and how long it is. */
export interface PageQuery {
  /** The `next` of the page before. */
  readonly after?: string;
  readonly limit: number;
}

/** What can be asked for outside of a change. */
export interface RegistryReading {
  /** By name. */
  models(page: PageQuery): Promise<Page<Model>>;
  model(name: string): Promise<Model | undefined>;
  /** Newest first, without references; deleted ones left out. */
  versions(model: string, page: PageQuery): Promise<Page<Version>>;
  version(model: string, version: string): Promise<StoredVersion | undefined>;
  /** What the artifact store must hold. */
  artifacts(): Promise<ReadonlySet<string>>;
}

/** A change: everything in it is there together, or nothing is. */
export interface RegistryWriting {
  lockModel(name: string): Promise<LockedModel | undefined>;
  /** Makes the model where there is none, and locks it. @param at epoch ms */
  lockOrMakeModel(name: string, at: number): Promise<LockedModel>;
  /** Keeps the declaration; the model is a registered one from now on. */
  declare(model: LockedModel, declaration: ModelDeclaration): Promise<void>;
  /** Remembers the largest number in use. */
  setLastNumber(model: LockedModel, lastNumber: number): Promise<void>;
  version(model: LockedModel, version: string): Promise<StoredVersion | undefined>;
  /** Writes a new version, in place of the unregistered one of that name where ingest made one. */
  putVersion(model: LockedModel, version: Version, artifact: string): Promise<StoredVersion>;
  changeVersion(
    stored: StoredVersion,
    change: { readonly description: string; readonly tags: Version['tags'] },
  ): Promise<void>;
  /** Gives the version exactly these aliases. @returns those another version had until now, with its name */
  setAliases(
    model: LockedModel,
    stored: StoredVersion,
    aliases: readonly string[],
  ): Promise<readonly { readonly alias: string; readonly from: string }[]>;
  /** Name of an experiment that runs or is paused and in which the version takes part. */
  experimentWith(model: LockedModel, version: string): Promise<string | undefined>;
  /** @param at epoch ms */
  deleteVersion(stored: StoredVersion, at: number): Promise<void>;
  /** Appends to the audit log; nothing else may be locked after it. @param at epoch ms */
  audit(entry: AuditEntry, at: number): Promise<void>;
}

/** The port. */
export interface RegistryStore extends RegistryReading {
  /** Runs a change; it may run more than once and must do nothing but write. */
  transaction<Result>(work: (writing: RegistryWriting) => Promise<Result>): Promise<Result>;
}
