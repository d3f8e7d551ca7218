/** What is declared of a model, as far as ingest needs it (`ModelDeclaration` of the registry has the same fields). */
import type { TaskName } from '../monitor/options.ts';
import type { FeatureType } from '../prediction.ts';
import type { LabelPolicy } from './label-policy.ts';

/** What is declared of a feature. */
export interface DeclaredInput {
  readonly type?: FeatureType;
  readonly min?: number;
  readonly max?: number;
  readonly pii?: 'drop' | 'hash';
  readonly importance?: number;
}

/** What is declared of a model. */
export interface DeclaredModel {
  readonly task?: TaskName;
  readonly classes?: readonly string[];
  readonly positiveClass?: string;
  readonly features?: Readonly<Record<string, DeclaredInput>>;
  readonly segments?: readonly string[];
  readonly window?: number;
  readonly storeFeatures?: boolean;
}

/** One version with all that ingest knows of it. */
export interface KnownVersion {
  readonly modelId: number;
  readonly versionId: number;
  readonly model: string;
  readonly version: string;
  readonly declaration: DeclaredModel;
  readonly policy: LabelPolicy;
  /** Null while unregistered. */
  readonly stage: string | null;
  readonly digest: string | null;
  readonly hasReference: boolean;
  /** Changes whenever the reference does. */
  readonly reference: string;
  /** Changes whenever what was declared does. */
  readonly revision: string;
}
