/** Keeps what labelled predictions add up to: by cohort, by segment, and as a stream of errors that detectors watch. */
import { createAdwin } from '../drift/detectors/adwin.ts';
import { createDdm } from '../drift/detectors/ddm.ts';
import type { Detector } from '../drift/detectors/detector.ts';
import { createPageHinkley } from '../drift/detectors/page-hinkley.ts';
import { Cohorts, type Cohort, type KeptTrackAlgebra } from './cohorts.ts';
import type { DetectorName, DetectorReport } from './detector-names.ts';
import type { MonitorConfig, TaskName } from './options.ts';
import type { FoldedOutcomes, Place } from './task.ts';
import { TimeSpan } from './time-span.ts';

/** One segment: a declared part of the traffic. */
export interface SegmentTrack<Track> {
  readonly segment: string;
  predictions: number;
  labeled: number;
  expired: number;
  readonly track: Track;
}

const NO_SEGMENT = 255;

/** The book of one model version. Per prediction it holds 4 or 5 bytes beside the label join. */
export class PerformanceBook<Track> {
  readonly #task: TaskName;
  readonly #algebra: KeptTrackAlgebra<Track>;
  readonly #cohorts: Cohorts<Track>;
  readonly #segments: readonly SegmentTrack<Track>[];
  readonly #segmentIndex: ReadonlyMap<string, number>;
  readonly #detectors: readonly WatchingDetector[];
  readonly #cohortOf: Uint32Array;
  readonly #segmentOf: Uint8Array;

  constructor(config: MonitorConfig, algebra: KeptTrackAlgebra<Track>) {
    this.#task = config.task;
    this.#algebra = algebra;
    this.#cohorts = new Cohorts(algebra, { rows: config.window, duration: config.windowDuration }, config.history);
    this.#segments = config.segments.map((segment) => ({
      ...{ segment, predictions: 0, labeled: 0, expired: 0 },
      track: algebra.create(),
    }));
    this.#segmentIndex = new Map(config.segments.map((segment, index) => [segment, index]));
    this.#detectors = config.detectors.map((name) => new WatchingDetector(name));
    this.#cohortOf = new Uint32Array(config.capacity);
    this.#segmentOf = new Uint8Array(config.segments.length > 0 ? config.capacity : 0);
  }

  /** Whether a segment was declared. */
  knows(segment: string): boolean {
    return this.#segmentIndex.has(segment);
  }

  /** Enters a prediction. @returns its cohort */
  predict({ slot, segment, time, now }: Place): Cohort<Track> {
    const cohort = this.#cohorts.predict(time, now);
    this.#cohortOf[slot] = cohort.index;
    if (this.#segments.length > 0) {
      const at = segment === undefined ? undefined : this.#segmentIndex.get(segment);
      this.#segmentOf[slot] = at ?? NO_SEGMENT;
      if (at !== undefined) (this.#segments[at] as SegmentTrack<Track>).predictions++;
    }
    return cohort;
  }

  /** The segment of a prediction that is held, where it has one. */
  segmentOf(slot: number): SegmentTrack<Track> | undefined {
    return this.#segments.length === 0 ? undefined : this.#segments[this.#segmentOf[slot] as number];
  }

  /** Counts a prediction that leaves without a label. */
  expire(slot: number): void {
    this.#cohortAt(slot).expired++;
    const segment = this.segmentOf(slot);
    if (segment) segment.expired++;
  }

  /** Enters a first label (+1), or one that replaces (+1) another (−1). @param apply records the sample in a track */
  label(slot: number, count: 1 | -1, apply: (track: Track) => void): void {
    const cohort = this.#cohortAt(slot);
    cohort.labeled += count;
    apply(cohort.track);
    const segment = this.segmentOf(slot);
    if (!segment) return;
    segment.labeled += count;
    apply(segment.track);
  }

  /** Shows an error to the detectors; a corrected label is not shown again. */
  watch(error: number): void {
    for (const detector of this.#detectors) detector.record(error);
  }

  lifetime(): Cohort<Track> {
    return this.#cohorts.lifetime();
  }

  /** Everything entered, as JSON. */
  fold(): FoldedOutcomes {
    const { predictions, labeled, expired, span, track } = this.lifetime();
    const [from, to] = span.ends;
    return { task: this.#task, predictions, labeled, expired, from, to, track: this.#algebra.serialise(track) };
  }

  /** Enters what was folded. @returns its track */
  absorb({ from, to, track: folded, ...counts }: FoldedOutcomes, segment: string | undefined): Track {
    const track = this.#algebra.parse(folded);
    const span = new TimeSpan();
    span.include(from);
    span.include(to);
    this.#cohorts.absorb({ ...counts, index: -1, start: 0, span, open: false, track });
    const part = this.#segments[segment === undefined ? NO_SEGMENT : (this.#segmentIndex.get(segment) ?? NO_SEGMENT)];
    if (!part) return track;
    part.predictions += counts.predictions;
    part.labeled += counts.labeled;
    part.expired += counts.expired;
    this.#algebra.merge(part.track, track);
    return track;
  }

  recent(): readonly Cohort<Track>[] {
    return this.#cohorts.recent();
  }

  get segments(): readonly SegmentTrack<Track>[] {
    return this.#segments;
  }

  detectors(): DetectorReport[] {
    return this.#detectors.map((detector) => detector.read());
  }

  #cohortAt(slot: number): Cohort<Track> {
    return this.#cohorts.of(this.#cohortOf[slot] as number);
  }
}

/** A detector with its state; the types of the states differ, so each is closed over. */
class WatchingDetector {
  readonly record: (error: number) => void;
  readonly read: () => DetectorReport;

  constructor(name: DetectorName) {
    const { record, read } = watcherOf(name);
    this.record = record;
    this.read = () => ({ detector: name, ...read() });
  }
}

function watcherOf(name: DetectorName) {
  if (name === 'adwin') return watching(createAdwin());
  return name === 'ddm' ? watching(createDdm()) : watching(createPageHinkley({ mode: 'up' }));
}

function watching<State>(detector: Detector<State>) {
  const state = detector.create();
  return { record: (error: number) => detector.record(state, error), read: () => detector.read(state) };
}
