/** What the comparison needs of a database: the port, implemented in `storage/`. */
import type { KeyUnit } from '../experiments/key-unit.ts';
import type { Place } from '../labels/place.ts';
import type { ClosingRules } from './close-unit.ts';
import type { StoredEpoch, StoredExperiment } from './experiment-store.ts';

/** How far an experiment has been looked at. */
export interface Progress {
  /** The last prediction that was looked at. */
  readonly scanned: Place;
  /** The last unit whose outcome entered: units enter in the order of their first exposure. */
  readonly entered: Place;
}

/** A unit, as the comparison takes it, and its place. */
export interface PlacedUnit extends Place {
  readonly unit: KeyUnit;
}

/** One step over predictions. */
export interface ScanStep {
  /** Whether there may be more to look at. */
  readonly more: boolean;
}

/** The port. Units are kept for as long as the experiment is: what retention removes changes no verdict. */
export interface UnitStore {
  /** Milliseconds after which what arrived is surely seen, see `IngestStore.settled`. */
  readonly settled: number;
  /** Where it stands; a place at the experiment's start before the first look. */
  progress(experiment: StoredExperiment): Promise<Progress>;
  /** Looks at the next predictions of its arms, up to those that arrived by `horizon` (epoch ms), and keeps the units they make. */
  scan(experiment: StoredExperiment, epochs: readonly StoredEpoch[], horizon: number): Promise<ScanStep>;
  /** Closes the next units whose outcome stands, in their order, until one is open. */
  enter(experiment: StoredExperiment, rules: ClosingRules): Promise<ScanStep>;
  /** Units after a place, in their order, open ones included. */
  units(experiment: StoredExperiment, after: Place, limit: number): Promise<readonly PlacedUnit[]>;
  /** Units that are there, open ones included, by epoch and version. */
  keepReading(experiment: StoredExperiment, reading: string, at: number): Promise<void>;
  /** The last reading that was kept. */
  reading(experiment: StoredExperiment): Promise<{ readonly reading: string; readonly at: number } | undefined>;
}
