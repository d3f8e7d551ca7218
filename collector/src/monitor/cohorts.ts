/**
 * Performance by cohort: what was predicted in one window belongs together however late its labels come. The last windows are
 * kept one by one, all before them as one; nothing is recorded twice, since the whole is the merge of its parts.
 */
import { TimeSpan } from './time-span.ts';
import { WindowClock, type WindowSize } from './window-clock.ts';

/** What labelled predictions add up to: see `StreamAlgebra`, of which this is the part that cohorts need. */
export interface TrackAlgebra<Track> {
  readonly create: () => Track;
  /** Adds `other` to `track`. */
  readonly merge: (track: Track, other: Track) => void;
}

/** An algebra whose tracks can be kept. */
export interface KeptTrackAlgebra<Track> extends TrackAlgebra<Track> {
  /** A JSON value that `parse` turns back into an equal track, or one that knows less one by one. */
  readonly serialise: (track: Track) => unknown;
  /** @throws PlumblineError `foreign_state` */
  readonly parse: (value: unknown) => Track;
}

/** Predictions that belong together. */
export interface Cohort<Track> {
  /** 0 for the first window; −1 for several at once. */
  readonly index: number;
  /** Position of its first prediction. */
  readonly start: number;
  readonly span: TimeSpan;
  predictions: number;
  labeled: number;
  expired: number;
  /** Whether predictions still join it. */
  open: boolean;
  readonly track: Track;
}

/** The cohorts of one model version. */
export class Cohorts<Track> {
  readonly #algebra: TrackAlgebra<Track>;
  readonly #history: number;
  readonly #clock: WindowClock;
  readonly #older: Cohort<Track>;
  readonly #recent: Cohort<Track>[] = [];
  #predictions = 0;
  #windows = 0;

  /** @param history windows kept one by one */
  constructor(algebra: TrackAlgebra<Track>, size: WindowSize, history: number) {
    this.#algebra = algebra;
    this.#history = history;
    this.#clock = new WindowClock(size);
    this.#older = this.#make(-1);
    this.#older.open = false;
  }

  /** Counts a prediction. @param time when it was made, @param now when it arrived, epoch ms @returns its cohort */
  predict(time: number, now: number): Cohort<Track> {
    if (this.#clock.overdue(now)) this.#close();
    const cohort = this.#current();
    cohort.predictions++;
    cohort.span.include(time);
    this.#predictions++;
    if (this.#clock.add(now)) this.#close();
    return cohort;
  }

  /** The cohort of an index; what has left the history is one cohort. Cost: O(1). */
  of(index: number): Cohort<Track> {
    const place = index - (this.#recent[0]?.index ?? 0);
    // Not `recent[place] ?? older`: a negative index is a name to V8, and asking for it costs more than all else here.
    return place >= 0 ? (this.#recent[place] ?? this.#older) : this.#older;
  }

  /** Closed windows of the history and the open one, oldest first. */
  recent(): readonly Cohort<Track>[] {
    return this.#recent;
  }

  /** Adds predictions that are gone to those before the history. Call it before the first prediction. */
  absorb(gone: Cohort<Track>): void {
    this.#absorb(this.#older, gone);
    this.#predictions += gone.predictions;
  }

  /** All cohorts together. Cost: that of merging the history. */
  lifetime(): Cohort<Track> {
    const all = this.#make(-1);
    for (const cohort of [this.#older, ...this.#recent]) this.#absorb(all, cohort);
    return all;
  }

  #current(): Cohort<Track> {
    const last = this.#recent.at(-1);
    if (last?.open) return last;
    const opened = this.#make(this.#windows++);
    this.#recent.push(opened);
    // The open window comes on top of the history.
    if (this.#recent.length > this.#history + 1) this.#absorb(this.#older, this.#recent.shift() as Cohort<Track>);
    return opened;
  }

  #close(): void {
    const last = this.#recent.at(-1);
    if (last) last.open = false;
    this.#clock.next();
  }

  #make(index: number): Cohort<Track> {
    const counts = { predictions: 0, labeled: 0, expired: 0 };
    return {
      index,
      start: this.#predictions,
      span: new TimeSpan(),
      ...counts,
      open: true,
      track: this.#algebra.create(),
    };
  }

  #absorb(into: Cohort<Track>, other: Cohort<Track>): void {
    into.predictions += other.predictions;
    into.labeled += other.labeled;
    into.expired += other.expired;
    into.span.merge(other.span);
    this.#algebra.merge(into.track, other.track);
  }
}
