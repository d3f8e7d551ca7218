/** Models and their versions: the words of the registry, and what it can be asked for. Field names are those of the HTTP API. */
import type { Actor, Json } from '../audit/audit-event.ts';
import type { ArtifactFile } from '../client/artifact-manifest.ts';
import type { ReferenceProfile } from '../distribution/reference.ts';
import type { TaskName } from '../monitor/options.ts';
import type { FeatureType } from '../prediction.ts';

/** Stages of a registered version. */
export const STAGES = ['development', 'staging', 'production', 'deprecated'] as const;
/** One of them. */
export type Stage = (typeof STAGES)[number];

/** What is known of a feature beforehand. */
export interface DeclaredFeature {
  readonly type?: FeatureType;
  readonly min?: number;
  readonly max?: number;
  /** `drop` leaves the value out, `hash` replaces it by a keyed hash, before anything is stored. */
  readonly pii?: 'drop' | 'hash';
  /** Weight in the verdict on all features together, 0 or more. */
  readonly importance?: number;
}

/** What a model predicts, as `PUT /v1/models/{model}` declares it. */
export interface ModelDeclaration {
  readonly task?: TaskName;
  readonly classes?: readonly string[];
  readonly positiveClass?: string;
  readonly features?: Readonly<Record<string, DeclaredFeature>>;
  readonly segments?: readonly string[];
  readonly description?: string;
  /** Predictions per window of drift (default 5,000). */
  readonly window?: number;
  /** Whether features are kept in the store (default true); labels join either way. */
  readonly storeFeatures?: boolean;
}

/** A model. */
export interface Model extends ModelDeclaration {
  readonly model: string;
  /** False for one that ingest made, of which nobody declared anything. */
  readonly registered: boolean;
  readonly createdAt: string;
  /** Version in production; null without one. */
  readonly production: string | null;
  /** How many versions it has, unregistered ones included. */
  readonly versions: number;
}

/** A version. `digest`, `stage` and `files` are null or empty where ingest made it. */
export interface Version {
  readonly model: string;
  readonly version: string;
  readonly registered: boolean;
  readonly description: string;
  readonly createdAt: string;
  /** SHA-256 over the sorted list of files (path, size, sha256), hexadecimal. */
  readonly digest: string | null;
  /** Where the artifact came from: `upload` or the path it was copied from. */
  readonly origin: string | null;
  readonly stage: Stage | null;
  readonly aliases: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  readonly files: readonly ArtifactFile[];
  /** At training or on held-out data: name → number, with `n` where the number of rows is known. */
  readonly metrics: Readonly<Record<string, number>>;
  /** How these metrics came about; null where nobody said so. */
  readonly validation: Validation | null;
  /** The frozen profile of the training data; lists leave it out and give its digest alone. */
  readonly reference: ReferenceProfile | null;
  readonly referenceDigest: string | null;
}

/** How the metrics of a version came about. */
export interface Validation {
  /** `plumbline`: computed by this service from the version's own answers; `reported` by whoever saved it. */
  readonly by: 'plumbline' | 'reported';
  /** What the version then in production reached on the same rows; null where there was none, or nobody measured it. */
  readonly covers: {
    readonly version: string;
    readonly n: number;
    readonly metrics: Readonly<Record<string, number>>;
  } | null;
  /** The run of retraining it comes from. */
  readonly run: string | null;
}

/** A page of a list. */
export interface Page<Item> {
  readonly items: readonly Item[];
  /** Cursor of the next page; null on the last. */
  readonly next: string | null;
}

/** Who asks, and for whom it is written down. */
export interface Act {
  readonly actor: Actor;
  readonly requestId: string | null;
}

/** What is saved with a version beside its files. */
export interface NewVersion {
  readonly model: string;
  /** A name, or none: then the next whole number. */
  readonly version?: string;
  readonly description?: string;
  readonly aliases?: readonly string[];
  readonly tags?: Readonly<Record<string, string>>;
  readonly metrics?: Readonly<Record<string, number>>;
  readonly validation?: Validation;
  readonly reference?: ReferenceProfile;
}

/** Where the files of a new version come from. */
export type ArtifactSource =
  /** Read one after the other as they arrive. */
  | {
      readonly kind: 'upload';
      readonly files: AsyncIterable<{ readonly path: string; readonly content: AsyncIterable<Uint8Array> }>;
    }
  /** A file or folder below one of the allowed roots. */
  | { readonly kind: 'path'; readonly path: string };

/** How two versions differ. */
export interface VersionComparison {
  readonly a: Version;
  readonly b: Version;
  readonly metrics: readonly {
    readonly metric: string;
    readonly a: number | null;
    readonly b: number | null;
    readonly difference: number | null;
  }[];
  readonly files: {
    readonly added: readonly string[];
    readonly removed: readonly string[];
    readonly changed: readonly string[];
  };
  /** Per feature of both profiles: Jensen–Shannon and (numeric) Kolmogorov–Smirnov distance of the two references; null without both. */
  readonly profile:
    | readonly {
        readonly feature: string;
        readonly type: FeatureType;
        readonly ks: number | null;
        readonly js: number | null;
      }[]
    | null;
}

/** The registry as HTTP and the command line use it. Every error is a PlumblineError: `not_found`, `already_exists`, `invalid_request`, … */
export interface Registry {
  models(page: { readonly after?: string; readonly limit: number }): Promise<Page<Model>>;
  model(name: string): Promise<Model>;
  declare(name: string, declaration: ModelDeclaration, act: Act): Promise<Model>;
  versions(model: string, page: { readonly after?: string; readonly limit: number }): Promise<Page<Version>>;
  version(model: string, version: string): Promise<Version>;
  save(version: NewVersion, source: ArtifactSource, act: Act): Promise<Version>;
  change(
    model: string,
    version: string,
    change: {
      readonly description?: string;
      readonly aliases?: readonly string[];
      readonly tags?: Readonly<Record<string, string>>;
    },
    act: Act,
  ): Promise<Version>;
  remove(model: string, version: string, act: Act): Promise<void>;
  compare(model: string, a: string, b: string): Promise<VersionComparison>;
  /** One file, its digest checked against the registry while it is read (an error of the stream when it does not match). */
  file(
    model: string,
    version: string,
    path: string,
  ): Promise<{ readonly file: ArtifactFile; readonly content: AsyncIterable<Uint8Array> }>;
}

/** Anything JSON can hold, for what is stored as it came. */
export type { Json };
export type { ArtifactFile };
