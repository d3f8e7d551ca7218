/** The streaming detectors alarm where river's do (test/golden/drift/detectors/generate.py says which version). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createAdwin } from '../../../../collector/src/drift/detectors/adwin.ts';
import { createDdm } from '../../../../collector/src/drift/detectors/ddm.ts';
import type { Detector, DetectorCounts } from '../../../../collector/src/drift/detectors/detector.ts';
import { createPageHinkley } from '../../../../collector/src/drift/detectors/page-hinkley.ts';

interface Run {
  readonly detector: 'adwin' | 'pageHinkley' | 'ddm';
  readonly settings: Readonly<Record<string, number | string>>;
  readonly detections: readonly number[];
  readonly warnings: number;
  readonly width?: number;
  readonly total?: number;
  readonly variance?: number;
}
interface Case {
  readonly name: string;
  readonly errors?: string;
  readonly values?: readonly number[];
  readonly runs: readonly Run[];
}

const { cases } = JSON.parse(
  readFileSync(join(__dirname, '../../../golden/drift/detectors/detectors.json'), 'utf8'),
) as { cases: Case[] };

/** river's names of the settings, and ours. */
const NAMES: Readonly<Record<string, string>> = {
  max_buckets: 'maxBuckets',
  min_window_length: 'minimumPart',
  grace_period: 'gracePeriod',
  min_instances: 'minimum',
  warm_start: 'warmStart',
  warning_threshold: 'warningAt',
  drift_threshold: 'driftAt',
};
const MAKERS = { adwin: createAdwin, pageHinkley: createPageHinkley, ddm: createDdm };

function makeDetector({ detector, settings }: Run): Detector<DetectorCounts> {
  const own = Object.fromEntries(Object.entries(settings).map(([name, value]) => [NAMES[name] ?? name, value]));
  return MAKERS[detector](own) as unknown as Detector<DetectorCounts>;
}

function streamOf({ errors, values }: Case): readonly number[] {
  return values ?? Array.from(errors ?? '', Number);
}

/** Runs a stream; the state goes through its serialised form every 97 values, as over a restart. */
function watch(detector: Detector<DetectorCounts>, stream: readonly number[]) {
  const detections: number[] = [];
  let [state, warnings] = [detector.create(), 0];
  stream.forEach((value, index) => {
    detector.record(state, value);
    const reading = detector.read(state);
    if (reading.detected) detections.push(index);
    if (reading.detected) expect(reading.lastDetection).toBe(index);
    warnings += Number(reading.warning);
    if (index % 97 === 0) state = detector.parse(JSON.parse(JSON.stringify(detector.serialise(state))));
  });
  return { state, detections, warnings, reading: detector.read(state) };
}

describe.each(cases.flatMap((row) => row.runs.map((run) => ({ row, run, name: `${run.detector} on ${row.name}` }))))(
  '$name',
  ({ row, run }) => {
    test(`${JSON.stringify(run.settings)} alarms at the same values`, () => {
      const { state, detections, warnings, reading } = watch(makeDetector(run), streamOf(row));
      expect(detections).toEqual(run.detections);
      expect(reading.detections).toBe(run.detections.length);
      expect(warnings).toBe(run.warnings);
      if (run.width === undefined) return;
      expect(reading.n).toBe(run.width);
      // The histogram's own sums, not those of the values: equal to the last digits of the additions.
      const { total, variance } = state as unknown as { total: number; variance: number };
      expect(Math.abs(total - (run.total as number))).toBeLessThanOrEqual(1e-12 * Math.abs(run.total as number));
      expect(Math.abs(variance - (run.variance as number))).toBeLessThanOrEqual(1e-10 * (run.variance as number));
    });
  },
);

describe.each([
  ['adwin', createAdwin() as unknown as Detector<DetectorCounts>],
  ['Page–Hinkley', createPageHinkley() as unknown as Detector<DetectorCounts>],
  ['ddm', createDdm() as unknown as Detector<DetectorCounts>],
])('%s', (name, detector) => {
  test('nothing, one value, and values that are none', () => {
    const state = detector.create();
    const nothing = { seen: 0, n: 0, mean: null, detected: false, warning: false, detections: 0, lastDetection: null };
    expect(detector.read(state)).toEqual({ ...nothing, ignored: 0 });
    for (const bad of [NaN, Infinity, 1e300, '1', true, null, undefined]) detector.record(state, bad as number);
    expect(detector.read(state)).toEqual({ ...nothing, ignored: 7 });
    expect(detector.parse(JSON.parse(JSON.stringify(detector.serialise(state))))).toEqual(state);
    detector.record(state, 1);
    expect(detector.read(state)).toEqual({ ...nothing, ignored: 7, seen: 1, n: 1, mean: 1 });
  });

  test('equal values never alarm', () => {
    const state = detector.create();
    for (let index = 0; index < 5000; index++) detector.record(state, 1);
    expect(detector.read(state)).toMatchObject({ detections: 0, mean: 1, n: 5000 });
  });

  test('refuses a foreign state and says which field is wrong', () => {
    const own = detector.serialise(detector.create());
    const data = own.data as Record<string, unknown>;
    const cases: [unknown, string][] = [
      [null, 'format'],
      [{ ...own, format: 'plumbline.other' }, own.format],
      [{ ...own, version: 99 }, 'version 99'],
      [{ ...own, data: [] }, 'data is no object'],
      [{ ...own, data: { ...data, seen: -1 } }, 'seen'],
      [{ ...own, data: { ...data, ignored: 'x' } }, 'ignored'],
      [{ ...own, data: { ...data, detected: 1 } }, 'detected'],
      [{ ...own, data: { ...data, settings: {} } }, 'settings.'],
      [{ ...own, data: { ...data, settings: undefined } }, 'settings'],
    ];
    for (const [value, words] of cases) {
      expect(() => detector.parse(value)).toThrow(expect.objectContaining({ code: 'foreign_state' }));
      expect(() => detector.parse(value)).toThrow(words);
    }
    expect(name).not.toBe('');
  });
});

test('settings out of range are refused by name', () => {
  expect(() => createAdwin({ delta: 0 })).toThrow('adwin.delta');
  expect(() => createAdwin({ clock: 0.5 })).toThrow('adwin.clock');
  expect(() => createPageHinkley({ mode: 'sideways' as 'up' })).toThrow('pageHinkley.mode');
  expect(() => createPageHinkley({ threshold: NaN })).toThrow('pageHinkley.threshold');
  expect(() => createDdm({ warmStart: 0 })).toThrow('ddm.warmStart');
  expect(() => createDdm({ warningAt: 3, driftAt: 2 })).toThrow('ddm.warningAt');
});

test('a window that does not add up is refused', () => {
  const adwin = createAdwin();
  const state = adwin.create();
  for (let index = 0; index < 100; index++) adwin.record(state, index % 2);
  const own = adwin.serialise(state);
  const data = own.data as Record<string, unknown>;
  for (const change of [{ width: 99 }, { totals: [[1]] }, { variances: [] }, { totals: [['x']] }]) {
    expect(() => adwin.parse({ ...own, data: { ...data, ...change } })).toThrow(
      expect.objectContaining({ code: 'foreign_state' }),
    );
  }
});
