/** Where a prediction stands among those of its version. */

/** A place in a version's predictions, in the order they arrived. */
export interface Place {
  readonly arrived: number;
  readonly seq: number;
}

/** Before all predictions. */
export const BEGINNING: Place = Object.freeze({ arrived: -1, seq: -1 });
