/**
 * A reference made of the first predictions, for models that were deployed without one. It is kept in a state file: a
 * process that restarts judges against the same picture, and a second replica with the same file does too.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { parseReference } from '../distribution/parse-reference.ts';
import { profileReference, type FeatureRow } from '../distribution/profile.ts';
import type { ReferenceProfile } from '../distribution/reference.ts';
import { PlumblineError } from '../errors.ts';
import type { MonitorCore } from '../monitor/monitor.ts';
import type { ClassValue, PredictionRow } from '../prediction.ts';

export interface SelfReferenceOptions {
  /** Where the reference is kept; read at the start when it exists. */
  readonly stateFile: string;
  /** Predictions it is made of (default 5,000). */
  readonly rows?: number;
}

export class SelfReference {
  readonly #core: MonitorCore;
  readonly #options: SelfReferenceOptions;
  readonly #wanted: number;
  #rows: FeatureRow[] = [];
  #predictions: ClassValue[] = [];
  #done = false;

  /** @throws PlumblineError `invalid_reference` when the state file exists and is broken */
  constructor(core: MonitorCore, options: SelfReferenceOptions) {
    this.#core = core;
    this.#options = options;
    this.#wanted = options.rows ?? 5_000;
    if (existsSync(options.stateFile)) this.#adopt(readReferenceFile(options.stateFile));
  }

  /** Collects one prediction; with the last wanted one the reference is made, stored and used from the next on. */
  observe(row: PredictionRow): void {
    if (this.#done || !row?.features) return;
    this.#rows.push({ ...row.features }); // the caller may use its object again
    this.#predictions.push(row.prediction);
    if (this.#rows.length < this.#wanted) return;
    const rows = this.#rows;
    const predictions = this.#predictions;
    this.#done = true;
    this.#rows = [];
    this.#predictions = [];
    setImmediate(() => this.#make(rows, predictions)).unref();
  }

  #make(rows: FeatureRow[], predictions: ClassValue[]): void {
    try {
      const reference = profileReference(rows, { predictions, createdAt: new Date().toISOString() });
      writeReferenceFile(this.#options.stateFile, reference);
      this.#adopt(reference);
    } catch {
      this.#core.countError('reference_failed');
    }
  }

  #adopt(reference: ReferenceProfile): void {
    this.#done = true;
    this.#core.adoptReference(reference);
  }
}

/** Reads a reference profile. @throws PlumblineError `invalid_reference` naming the file and what is wrong */
export function readReferenceFile(path: string): ReferenceProfile {
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const reason = error instanceof SyntaxError ? 'is not JSON' : 'cannot be read';
    const help = 'Make one with `plumbline profile data.csv --out reference.json`.';
    throw new PlumblineError('invalid_reference', `The reference profile ${path} ${reason}.`, help, { cause: error });
  }
  return parseReference(parsed);
}

/** Writes a reference profile; a reader sees the old file or the whole new one. */
export function writeReferenceFile(path: string, reference: ReferenceProfile): void {
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, `${JSON.stringify(reference)}\n`);
  renameSync(temporary, path);
}
