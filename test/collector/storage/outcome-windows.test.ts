/** Windows of labelled predictions, as a gate of stability reads them, over both engines. */
import { createHash } from 'node:crypto';
import { createLiveEvidence } from '../../../collector/src/lifecycle/live-evidence.ts';
import type { IngestAnswers } from '../../../collector/src/labels/ingest.ts';
import type { Database } from '../../../collector/src/storage/database.ts';
import { createOutcomeWindows } from '../../../collector/src/storage/outcome-windows.ts';
import { ENGINES, useEngines } from '../../support/engines.ts';
import { registerVersion } from './support/rows.ts';

const engines = useEngines();
const HOUR = 3_600_000;
const FROM = Date.UTC(2026, 0, 1);
const TO = FROM + 30 * 24 * HOUR;

interface Row {
  readonly time: number;
  readonly arrived?: number;
  readonly prediction: string;
  /** Null for one that expired; left out for one that waits. */
  readonly label?: string | null;
  readonly isShadow?: boolean;
}

/** Writes predictions and labels of one version, in the order they are given. */
async function write({ db }: Database, versionId: number, rows: readonly Row[]): Promise<void> {
  const key = (seq: number) => createHash('sha256').update(`${versionId} ${seq}`).digest().subarray(0, 16);
  const nothing = { score: null, scores: null, segment: null, duration: null, features: null };
  const unrouted = { routing_key: null, experiment: null, shadow_of: null };
  for (let at = 0; at < rows.length; at += 1_000) {
    const some = rows.slice(at, at + 1_000);
    const stored = await db
      .insertInto('predictions')
      .values(
        some.map(({ time, arrived = time, prediction, isShadow = false }, index) => ({
          ...{ version_id: versionId, arrived, time, prediction, id_key: key(at + index), id: String(at + index) },
          ...{ ...nothing, ...unrouted, ...(isShadow && { shadow_of: key(-1) }) },
        })),
      )
      .returning('seq')
      .execute();
    const labels = some.flatMap(({ label, time }, index) =>
      label === undefined ? [] : [{ seq: stored[index]?.seq as number, label, time, late: 0 }],
    );
    if (labels.length > 0) await db.insertInto('labels').values(labels).execute();
  }
}

describe.each(ENGINES)('%s', (engine) => {
  const given = engines.testOn(engine);

  given('windows of 200 in the order of arrival; what waits, expired or lies outside is left out', async () => {
    const database = await engines.database(engine);
    const own = await registerVersion(database, 'churn', '1');
    const other = await registerVersion(database, 'churn', '2');
    const right = { prediction: 'yes', label: 'yes' };
    const wrong = { prediction: 'no', label: 'yes' };
    const many = (count: number, row: Omit<Row, 'time'>, hour: number): Row[] =>
      Array.from({ length: count }, (_, index) => ({ ...row, time: FROM + hour * HOUR + index }));
    await write(database, own, [
      ...many(50, right, -1), // before the window
      ...many(150, right, 0),
      ...many(3_000, { prediction: 'yes' }, 1), // waits
      ...many(3_000, { prediction: 'yes', label: null }, 2), // expired
      ...many(50, wrong, 3),
      ...many(200, right, 4),
      ...many(200, wrong, 5),
      ...many(199, right, 6),
      ...many(50, right, 30 * 24), // after it
    ]);
    await write(database, other, many(400, wrong, 1));
    const windows = createOutcomeWindows(database);
    const asked = { model: 'churn', version: '1', from: FROM, to: TO };
    expect(await windows.windows(asked)).toEqual([
      { correct: 150, total: 200 },
      { correct: 200, total: 200 },
      { correct: 0, total: 200 },
    ]);
    expect(await windows.windows({ ...asked, version: '2' })).toHaveLength(2);
    expect(await windows.windows({ ...asked, version: 'none' })).toEqual([]);
  });

  given('history that was loaded at once is read whole, over many pages', async () => {
    const database = await engines.database(engine);
    const own = await registerVersion(database, 'churn', '1');
    const rows = Array.from({ length: 12_345 }, (_, index) => ({
      time: FROM + index * 1_000,
      arrived: TO,
      prediction: String(index % 10),
      label: index % 10 === 0 ? 'x' : String(index % 10),
    }));
    await write(database, own, rows);
    const found = await createOutcomeWindows(database).windows({ model: 'churn', version: '1', from: FROM, to: TO });
    expect(found).toHaveLength(61);
    expect(new Set(found.map(({ correct }) => correct))).toEqual(new Set([180]));
  });
});

describe.each(ENGINES)('%s: shadows', (engine) => {
  const given = engines.testOn(engine);

  given(
    'a version is only a shadow as long as none of its labelled predictions in the time answered somebody',
    async () => {
      const database = await engines.database(engine);
      const own = await registerVersion(database, 'churn', '1');
      const labelled = { prediction: 'yes', label: 'yes' };
      const alone = (version: string) =>
        createOutcomeWindows(database).shadowsAlone({ model: 'churn', version, from: FROM, to: TO });
      expect(await alone('1')).toBe(false); // nothing is no shadow traffic
      await write(database, own, [
        { time: FROM - HOUR, ...labelled }, // before the time
        { time: FROM + HOUR, prediction: 'yes' }, // waits
        ...Array.from({ length: 6_000 }, (_, index) => ({
          time: FROM + 2 * HOUR + index,
          isShadow: true,
          ...labelled,
        })),
      ]);
      expect(await alone('1')).toBe(true);
      const other = await registerVersion(database, 'churn', '2');
      await write(database, other, [
        { time: FROM + HOUR, isShadow: true, ...labelled },
        { time: FROM + 2 * HOUR, ...labelled },
      ]);
      expect(await alone('2')).toBe(false);
    },
  );
});

describe('evidence of this service’s own traffic', () => {
  const report = (more: object) =>
    ({
      performance: () =>
        Promise.resolve({
          ...{ labeled: 400, task: 'classification' },
          metrics: { accuracy: { value: 0.9, n: 400, low: 0.8, high: 0.95 }, mcc: { value: null, n: 0 } },
          ...more,
        }),
    }) as unknown as Pick<IngestAnswers, 'performance'>;
  const windows = [{ correct: 180, total: 200 }];
  const query = { model: 'churn', version: '1', from: FROM, to: TO };
  const evidence = (more: object = {}) =>
    createLiveEvidence(report(more), {
      windows: () => Promise.resolve(windows),
      shadowsAlone: () => Promise.resolve(false),
    }).live(query);

  test('is what the performance page says, with the windows', async () => {
    expect(await evidence()).toEqual({
      ...{ labeled: 400, metrics: { accuracy: { value: 0.9, n: 400 } }, windows, isShadow: false },
    });
  });

  test('a regression, and a version nobody labelled, have no windows', async () => {
    expect((await evidence({ task: 'regression' })).windows).toEqual([]);
    expect(await evidence({ labeled: 0, metrics: {} })).toEqual({
      labeled: 0,
      metrics: {},
      windows: [],
      isShadow: false,
    });
  });
});
