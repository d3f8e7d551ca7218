/**
 * A reference made of the first predictions, for models that were deployed without one. It is kept in a state file: a
 * process that restarts judges against the same picture, and a second replica with the same file does too.
 */
import { existsSync } from 'node:fs';
import { profileReference, type FeatureRow } from '../distribution/profile.ts';
import type { ReferenceProfile } from '../distribution/reference.ts';
import { PlumblineError } from '../errors.ts';
import type { MonitorCore } from '../monitor/monitor.ts';
import { OutputReader, profiledOutputs, type ModelOutput } from '../monitor/model-output.ts';
import type { FeatureValue, PredictionRow } from '../prediction.ts';
import { readReferenceFile, writeReferenceFile } from './reference-file.ts';

/** Where a reference made of the first predictions is kept, and how many it takes. */
export interface SelfReferenceOptions {
  /** Where the reference is kept; read at the start when it exists. */
  readonly stateFile: string;
  /** Predictions it is made of, 100 to 1,000,000 (default 5,000). */
  readonly rows?: number;
}

const DEFAULT_ROWS = 5_000;

/** Collects the first predictions of a monitor that has no reference, and gives it one. */
export class SelfReference {
  readonly #core: MonitorCore;
  readonly #reader: OutputReader;
  readonly #stateFile: string;
  readonly #wanted: number;
  #rows: FeatureRow[] = [];
  #outputs: ModelOutput[] = [];
  #done = false;

  /** @throws PlumblineError `invalid_configuration`, or `invalid_reference` when the state file exists and is broken */
  constructor(core: MonitorCore, options: SelfReferenceOptions) {
    this.#core = core;
    this.#reader = new OutputReader(core.config);
    this.#stateFile = checkedPath(options.stateFile);
    this.#wanted = checkedRows(options.rows ?? DEFAULT_ROWS);
    if (existsSync(this.#stateFile)) this.#adopt(readReferenceFile(this.#stateFile));
  }

  /** Collects one prediction; with the last wanted one the reference is made, stored and used from the next on. Never throws. */
  observe(row: PredictionRow): void {
    if (this.#done) return;
    try {
      this.#collect(row);
    } catch {
      // A row that cannot be read: recording meets the same error and counts it.
    }
  }

  #collect(row: PredictionRow): void {
    const { features = {}, ...output } = row;
    const given = this.#reader.read(output);
    if (features === null || typeof features !== 'object' || given === undefined) return;
    this.#rows.push(plainValues(features));
    this.#outputs.push(given);
    if (this.#rows.length < this.#wanted) return;
    const rows = this.#rows;
    const outputs = this.#outputs;
    this.#done = true;
    this.#rows = [];
    this.#outputs = [];
    setImmediate(() => this.#make(rows, outputs)).unref();
  }

  /** On failure (a full disk, a folder that is not there) the next predictions are collected and it is tried again. */
  #make(rows: FeatureRow[], outputs: ModelOutput[]): void {
    try {
      const features = featuresWithValues(rows);
      const createdAt = new Date().toISOString();
      const reference = profileReference(rows, { features, ...profiledOutputs(outputs), createdAt });
      writeReferenceFile(this.#stateFile, reference);
      this.#adopt(reference);
    } catch {
      this.#done = false;
      this.#core.countError('reference_failed');
    }
  }

  #adopt(reference: ReferenceProfile): void {
    this.#done = true;
    this.#core.adoptReference(reference);
  }
}

/** A copy that holds values only: the caller may use its object again, and what else hangs on it is not ours to keep. */
function plainValues(features: Readonly<Record<string, unknown>>): FeatureRow {
  const entries = Object.entries(features).filter(
    (entry): entry is [string, FeatureValue] =>
      typeof entry[1] === 'string' ||
      typeof entry[1] === 'boolean' ||
      (typeof entry[1] === 'number' && Number.isFinite(entry[1])),
  );
  return Object.fromEntries(entries);
}

/** A feature no row has a value for cannot be profiled; it must not cost the others their reference. */
function featuresWithValues(rows: readonly FeatureRow[]): string[] {
  return [...new Set(rows.flatMap((row) => Object.keys(row)))];
}

function checkedPath(path: unknown): string {
  if (typeof path === 'string' && path !== '') return path;
  throw new PlumblineError(
    'invalid_configuration',
    'selfReference.stateFile: expected the path of a file',
    'Name a file on a disk that outlives the process, e.g. "/var/lib/my-model/reference.json".',
  );
}

function checkedRows(rows: number): number {
  if (Number.isInteger(rows) && rows >= 100 && rows <= 1_000_000) return rows;
  throw new PlumblineError(
    'invalid_configuration',
    `selfReference.rows: ${String(rows)} is not a whole number from 100 to 1000000`,
    'Leave it out for the default of 5000.',
  );
}
