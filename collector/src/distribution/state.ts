/**
 * The one algebra of everything that streams: create, record, merge, read, serialise. A state is a plain value, the verbs
 * are stateless; merging equals recording everything in one pass, in any order and over any split, so windows, replicas
 * and restarts come for free.
 */
import { PlumblineError } from '../errors.ts';

/** The verbs of one kind of state. `record` and `merge` change their first argument and allocate nothing per call. */
export interface StreamAlgebra<State, Input, Reading> {
  /** The state of nothing recorded, the neutral element of `merge`. */
  create(): State;
  record(state: State, input: Input): void;
  /** Adds `other` to `state`; `other` stays as it is. */
  merge(state: State, other: State): void;
  read(state: State): Reading;
  /** A JSON value that `parse` turns back into an equal state. */
  serialise(state: State): SerialisedState;
  /** @throws PlumblineError `foreign_state` when the value is of another kind, version or shape */
  parse(value: unknown): State;
}

/** A state on its way to a file or another process. */
export interface SerialisedState {
  /** Which algebra wrote it, e.g. `plumbline.moments`. */
  readonly format: string;
  readonly version: number;
  readonly data: unknown;
}

/** Checks the envelope of a serialised state. @returns its data @throws PlumblineError `foreign_state` naming what differs */
export function openState(value: unknown, format: string, version: number): unknown {
  if (typeof value !== 'object' || value === null || !('format' in value) || value.format !== format) {
    throw foreignState(`expected a state of format "${format}"`);
  }
  if (!('version' in value) || value.version !== version) {
    throw foreignState(`"${format}" is of version ${'version' in value ? String(value.version) : '?'}, not ${version}`);
  }
  if (!('data' in value)) throw foreignState(`"${format}" has no data`);
  return value.data;
}

/** @throws PlumblineError `foreign_state` when what should be a state in memory lacks one of its fields */
export function checkKind(state: unknown, format: string, ...fields: readonly string[]): void {
  const isObject = typeof state === 'object' && state !== null;
  const missing = fields.find((field) => !isObject || !(field in state));
  if (missing !== undefined) throw foreignState(`expected a state of format "${format}", with ${missing}`);
}

/** The error of a state that cannot be taken in. @param reason names the field */
export function foreignState(reason: string): PlumblineError {
  return new PlumblineError('foreign_state', `state: ${reason}`, 'Use a state that this version of Plumbline wrote.');
}
