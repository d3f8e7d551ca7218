/** What the lifecycle needs of a database beyond the registry: its port, implemented in `storage/`. */
import type { AuditEntry } from '../audit/audit-event.ts';
import type { Act, Page, Stage } from '../registry/model-version.ts';
import type {
  LockedModel,
  PageQuery,
  RegistryReading,
  RegistryWriting,
  StoredVersion,
} from '../registry/registry-store.ts';
import type { Transition } from './lifecycle.ts';
import type { PolicyRules } from './policy.ts';

/** What a model changes in the default policy. */
export interface StoredPolicy {
  readonly revision: number;
  readonly changes: Partial<PolicyRules>;
}

/** A move with its place in the order of all moves. */
export interface StoredTransition {
  readonly id: number;
  readonly transition: Transition;
}

/** What can be asked for. */
export interface LifecycleReading {
  /** Undefined for an unknown model. */
  policy(model: string): Promise<StoredPolicy | undefined>;
  /** All policies, for what is exported of them. */
  policies(): Promise<readonly (StoredPolicy & { readonly model: string })[]>;
  /** Registered versions that are not deprecated, and those that were deprecated last, of every model. */
  currentVersions(): Promise<readonly CurrentVersion[]>;
  /** Newest first. */
  transitions(model: string, page: PageQuery): Promise<Page<Transition>>;
  /** The last move into production at or before a time, epoch ms. */
  lastArrival(model: string, at: number): Promise<StoredTransition | undefined>;
  /** The first move into production after a time, epoch ms. */
  nextArrival(model: string, at: number): Promise<StoredTransition | undefined>;
  /** The move by which an arrived version left production. */
  departure(arrival: StoredTransition): Promise<StoredTransition | undefined>;
}

/** A version as the metrics describe it. */
export interface CurrentVersion {
  readonly model: string;
  readonly version: string;
  readonly stage: Stage;
  readonly digest: string;
  /** First 12 digits of the reference's digest; empty without one. */
  readonly reference: string;
}

/** What a change may do. */
export interface LifecycleWriting extends RegistryWriting {
  lockedPolicy(model: LockedModel): Promise<StoredPolicy>;
  setPolicy(model: LockedModel, policy: StoredPolicy): Promise<void>;
  production(model: LockedModel): Promise<StoredVersion | undefined>;
  hasBeenInProduction(stored: StoredVersion): Promise<boolean>;
  /** Time of the model's last move, epoch ms; 0 before the first. */
  lastMove(model: LockedModel): Promise<number>;
  /** Changes the stage and writes the move down. @param at epoch ms */
  move(model: LockedModel, stored: StoredVersion, transition: Transition, at: number): Promise<void>;
  /** Takes a version that is deprecated out of the experiments of its model. @returns what is to be audited of that */
  withdraw(model: LockedModel, version: string, act: Act, at: number): Promise<readonly AuditEntry[]>;
}

/** The port. */
export interface LifecycleStore
  extends LifecycleReading, Pick<RegistryReading, 'model' | 'version' | 'versions' | 'models'> {
  transaction<Result>(work: (writing: LifecycleWriting) => Promise<Result>): Promise<Result>;
}
