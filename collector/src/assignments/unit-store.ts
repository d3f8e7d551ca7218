/** What the comparison needs of a database: the port, implemented in `storage/`. */
import type { KeyUnit } from '../experiments/key-unit.ts';
import type { Place } from '../labels/place.ts';
import type { ClosingRules } from './close-unit.ts';
import type { StoredEpoch, StoredExperiment } from './experiment-store.ts';

/** How far an experiment has been looked at. */
export interface Progress {
  /** The last prediction that was looked at. */
  readonly scanned: Place;
  /** The last unit whose key window is over, as that of all before it. */
  readonly cut: Place;
  /** The last unit whose outcome stands, as that of all before it: outcomes enter in the order of first exposures. */
  readonly entered: Place;
}

/** A unit, as the comparison takes it, and its place. */
export interface PlacedUnit extends Place {
  readonly unit: KeyUnit;
}

/** One step. */
export interface UnitStep {
  /** Whether there may be more to do. */
  readonly more: boolean;
}

/** What was read of a comparison. */
export interface KeptReading {
  /** JSON. */
  readonly reading: string;
  /** Epoch ms. */
  readonly at: number;
  /** Nothing can come any more: the experiment has ended, and every unit is closed. */
  readonly finished: boolean;
}

/** The port. Units are kept for as long as the experiment is: what retention removes changes no verdict. */
export interface UnitStore {
  /** Milliseconds after which what arrived is surely seen, see `IngestStore.settled`. */
  readonly settled: number;
  /** Experiments that have started and are not finished, oldest first. */
  unfinished(): Promise<readonly StoredExperiment[]>;
  /** Where it stands; before its start where nobody has looked yet. */
  progress(experiment: StoredExperiment): Promise<Progress>;
  /** Looks at the next predictions of its arms, up to those that arrived by `horizon` (epoch ms), and keeps the units they make. */
  scan(experiment: StoredExperiment, epochs: readonly StoredEpoch[], horizon: number): Promise<UnitStep>;
  /** Cuts the next units whose key window is over, in their order, and closes at once those whose outcome stands, as that of all before. */
  cut(experiment: StoredExperiment, rules: ClosingRules): Promise<UnitStep>;
  /** Closes the next units that are cut and whose outcome stands, in their order, until one is open. */
  enter(experiment: StoredExperiment, rules: ClosingRules): Promise<UnitStep>;
  /** Units after a place, in their order, open ones included. */
  units(experiment: StoredExperiment, after: Place, limit: number): Promise<readonly PlacedUnit[]>;
  keepReading(experiment: StoredExperiment, kept: KeptReading): Promise<void>;
  /** The last reading that was kept. */
  reading(experiment: StoredExperiment): Promise<KeptReading | undefined>;
}
